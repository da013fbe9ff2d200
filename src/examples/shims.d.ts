// As much of these packages' types as the examples need. In an application npm brings the real ones.
declare module 'ws' {
  const WebSocket: unknown
  export default WebSocket
}

declare const process: {
  env: Record<string, string | undefined>
  on(signal: 'SIGTERM', react: () => void): void
  exit(): never
}

declare module 'react' {
  type Set<S> = (next: S | ((before: S) => S)) => void
  export function useState<S>(initial: S): [S, Set<S>]
  export function useMemo<V>(make: () => V, needs: readonly unknown[]): V
  export function useEffect(effect: () => (() => void) | void, needs: readonly unknown[]): void
  export function useSyncExternalStore<V>(subscribe: (changed: () => void) => () => void, now: () => V): V
  export function createElement(type: unknown, props?: object | null, ...children: unknown[]): object
}

declare module 'react-dom/client' {
  export function createRoot(at: Element): { render(what: object): void }
}
