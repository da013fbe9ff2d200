/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

/**
 * `connecting`: the first attempt · `online`: the server has greeted us · `reconnecting`: waiting or trying ·
 * `offline`: as reconnecting, and the browser says that there is no network · `closed`: for good.
 */
export type State = 'connecting' | 'online' | 'reconnecting' | 'offline' | 'closed'

export interface StateDetail {
  /** The close code, where the server or the browser gave one. */
  code?: number
  reason?: string
  /** What `token()` threw, or why the chat is closed. */
  error?: Error
  /** Ms until the next attempt. */
  retryIn?: number
}

/** `connect`: the first token · `expiring`: its end is near or past · `rejected`: the server doesn't take it, or may not. */
export type TokenReason = 'connect' | 'expiring' | 'rejected'

export interface Options {
  /**
   * The JWT, or how to get one. If it throws, the attempt is made again later; an error with `retryable: false`
   * closes the chat.
   */
  token?: string | ((why: TokenReason) => string | Promise<string>)
  /** Ms: the most that the first retry waits (the wait is random below it). 1000. */
  reconnectDelay?: number
  /** What that bound grows by with each failure. 1.5. */
  reconnectDecay?: number
  /** Ms: where it stops growing. 30000. */
  maxReconnectDelay?: number
  /** The WebSocket to use; needed in Node before 22. */
  WebSocket?: unknown
  /** The world, for tests: timers, clock (ms), randomness in [0, 1), and whose events and `navigator` are heard. */
  setTimeout?: (run: () => void, ms: number) => unknown
  clearTimeout?: (timer: any) => void
  now?: () => number
  random?: () => number
  window?: unknown
}

export interface Limits {
  /** Bytes of a frame. */
  frame: number
  /** Rooms of one session. */
  rooms: number
  /** Publishes and signals a second. */
  rate: number
}

export interface Message<T = any> {
  room: string
  /** Which numbering `seq` belongs to. */
  epoch: string
  seq: number
  /** Unique together with `user`: the same in `send()`'s answer. */
  id: string
  user: string
  name?: string
  /** When the room accepted it: ms since 1970. */
  time: number
  data: T
}

export interface Signal<T = any> {
  room: string
  name: string
  user: string
  data?: T
}

export interface Position {
  epoch: string
  seq: number
}

/** Where a message was accepted. Whoever holds one has the server's promise that no member will miss it. */
export interface Sent extends Position {
  id: string
  time: number
}

/** Messages may be missing between `since` and what comes next; the room's head is at `seq` of `epoch`. */
export interface Gap extends Position {
  since: Position
}

export interface Left {
  /** `kicked`, `banned`, `closed`, or the code of the error with which coming back was refused. */
  reason: string
  error: ParleyError
}

export interface RoomEvents<T> {
  /** Each message once and in order, over every reconnect. */
  message: (message: Message<T>) => void
  signal: (signal: Signal) => void
  gap: (gap: Gap) => void
  /** No longer a member without having asked for it. */
  left: (left: Left) => void
}

export interface Room<T = any> {
  readonly name: string
  readonly joined: boolean
  /** What `send()` has not yet settled, in order. */
  readonly pending: readonly { id: string; data: T }[]
  /** Adds a listener (once, however often it is added) and returns what removes it. */
  on<E extends keyof RoomEvents<T>>(event: E, listener: RoomEvents<T>[E]): () => void
  /**
   * Becomes and stays a member; the last 0–100 messages come first. Settles with the first answer: a lost
   * connection, a busy server and a rate limit are waited out, any other refusal rejects.
   */
  join(options?: { last?: number }): Promise<Position & { recovered: boolean }>
  /** Forgets the room, its position and what was still unsent (rejected with `left`). */
  leave(): Promise<void>
  /**
   * Says something for good. Queued while there is no connection and repeated under one id until the server
   * answers, so it is never doubled. Rejects only where repeating can't help. `id`: to repeat a send that was rejected.
   */
  send(data: T, options?: { id?: string }): Promise<Sent>
  /** Tells whoever is there now (typing, cursors). Kept nowhere; dropped without a connection. */
  signal(name: string, data?: Json): void
  /** Pages of the log, each ascending: backwards from `before` (or the newest), or forwards from `after`. `limit`: 1–100. */
  history(options?: { before?: number; after?: number; limit?: number }): AsyncGenerator<Message<T>[], void, void>
}

export interface Chat {
  readonly state: State
  /** These are known while online. */
  readonly user: string | undefined
  readonly session: string | undefined
  readonly node: string | undefined
  readonly limits: Limits | undefined
  /** The same handle for the same name. Throws `bad_request` for what is no room name. */
  room<T = any>(name: string): Room<T>
  on(event: 'state', listener: (state: State, detail: StateDetail) => void): () => void
  /** What the server refused and no call waits for: a signal, for instance. */
  on(event: 'error', listener: (error: ParleyError) => void): () => void
  /** Closes for good; what is still open rejects with `closed`. */
  close(): void
}

export type ErrorCode =
  | 'bad_frame' | 'unknown_type' | 'bad_request' | 'unauthenticated' | 'forbidden' | 'not_joined' | 'room_full'
  | 'too_many_rooms' | 'too_large' | 'rate_limited' | 'unavailable' | 'internal'
  // The client's own:
  | 'timeout' | 'left' | 'closed' | 'outbox_full'

export class ParleyError extends Error {
  constructor(code: ErrorCode, message?: string, options?: { retryable?: boolean; retryAfter?: number })
  readonly code: ErrorCode
  /** Whether the same call may succeed later. */
  readonly retryable: boolean
  /** Ms to wait before that, where the server said so. */
  readonly retryAfter?: number
}

/** Connects, and stays connected until `close()`. `url`: ws(s) or http(s), in a browser also relative. */
export function parley(url: string | URL, options?: Options): Chat
