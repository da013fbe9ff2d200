import type { Fallback } from './parley.js'

export interface SockJsOptions {
  /** Where SockJS is served. `sockjs` beside the WebSocket's address. */
  url?: string | URL
  /** Where sockjs-client is to be fetched from. `sockjs-client/sockjs.min.js` beside this module, which every node serves. */
  library?: string | URL
  /** The library itself, where it is at hand (`import SockJS from 'sockjs-client'`): then nothing is fetched. */
  SockJS?: unknown
  /** The transports to try, in this order. `xhr-streaming`, `eventsource`, `xhr-polling`. */
  transports?: readonly string[]
}

/** For `parley(url, { fallback: sockjs() })`: what is tried when a WebSocket can't be opened. In pages, not in workers. */
export function sockjs(options?: SockJsOptions): Fallback
