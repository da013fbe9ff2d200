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

/** What a fallback opens: as much of a WebSocket as is needed. */
export interface Socket {
  onopen: ((event: any) => void) | null
  onmessage: ((event: any) => void) | null
  onclose: ((event: any) => void) | null
  onerror: ((event: any) => void) | null
  send(text: string): void
  close(code?: number): void
}

/** Opens another way to the server than the WebSocket at `url`: `sockjs()` of `/parley-sockjs.js`. */
export type Fallback = (url: URL) => Socket | Promise<Socket>

/** Where unsent messages are kept: `sessionStorage`, or the same methods with promises (`/parley-indexeddb.js`). */
export interface OutboxStorage {
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>
  setItem(key: string, value: string): void | Promise<unknown>
  removeItem(key: string): void | Promise<unknown>
}

export interface OutboxOptions {
  /** The most messages that wait in a room. 1000. */
  messages?: number
  /** The most characters of JSON that they have together. 4000000. */
  characters?: number
  /**
   * Keeps what is not yet sent over a reload: `chat.room(name)` finds it again in `pending`, and sends it under its old id once
   * the room is joined. What another user wrote is refused with `forbidden`.
   */
  storage?: OutboxStorage
  /** What the keys in the storage begin with. Storage that tabs share needs one per tab. `parley.outbox`. */
  key?: string
}

/** How long to wait for what is asked: until aborted (`aborted`), or so many ms (`timeout`). Without them, as long as it takes. */
export interface Limits {
  signal?: AbortSignal
  timeout?: number
}

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
  /** The WebSocket to use; needed in Node before 22 (`import WebSocket from 'ws'`). */
  WebSocket?: unknown
  /** Tried when a WebSocket can't be opened and none has been before. */
  fallback?: Fallback
  outbox?: OutboxOptions
  /** The world, for tests: timers, clock (ms), randomness in [0, 1), and whose events and `navigator` are heard. */
  setTimeout?: (run: () => void, ms: number) => unknown
  clearTimeout?: (timer: any) => void
  now?: () => number
  random?: () => number
  window?: unknown
}

export interface ServerLimits {
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
  /** `kicked`, `banned`, `closed`, `forbidden` (a fresh token no longer allows it), or the code of the error with which coming back was refused. */
  reason: string
  error: ParleyError
}

export interface Member {
  user: string
  name?: string
  /** `reconnecting`: the last connection broke a moment ago. */
  state: 'online' | 'reconnecting'
}

/** A member as the server tells it when asked: with the number of connections, and since when (ms since 1970). */
export interface Presence extends Member {
  sessions: number
  since: number
}

/** What differs from the last time that this was told. */
export interface MembersChange {
  count: number
  /** Too many users to be told by name: `members` is empty, and only `count` is kept. */
  large: boolean
  joined: readonly Member[]
  left: readonly Member[]
  changed: readonly Member[]
}

export interface Pending<T> {
  id: string
  data: T
}

export interface RoomEvents<T> {
  /** Each message once and in order, over every reconnect. */
  message: (message: Message<T>) => void
  signal: (signal: Signal) => void
  /** Who came, left or changed; first everybody who is there. Listening makes the room keep the list. */
  members: (change: MembersChange) => void
  /** What waits to be sent, each time that it changed. */
  pending: (pending: readonly Pending<T>[]) => void
  gap: (gap: Gap) => void
  /** No longer a member without having asked for it. */
  left: (left: Left) => void
}

export interface Room<T = any> {
  readonly name: string
  readonly joined: boolean
  /** What `send()` has not yet settled, in order. */
  readonly pending: readonly Pending<T>[]
  /** Who is here, in no order; kept from the first time that it is looked at, and empty until the server has told. */
  readonly members: readonly Member[]
  /** How many users are here; unknown before the room is joined, and where the server tells it only to others. */
  readonly count: number | undefined
  /** Adds a listener (once, however often it is added) and returns what removes it. */
  on<E extends keyof RoomEvents<T>>(event: E, listener: RoomEvents<T>[E]): () => void
  /**
   * Becomes and stays a member; the last 0–100 messages come first. Settles with the first answer: a lost
   * connection, a busy server and a rate limit are waited out, any other refusal rejects. Given up, it is taken back.
   */
  join(options?: { last?: number } & Limits): Promise<Position & { recovered: boolean }>
  /** Forgets the room, its position and what was still unsent (rejected with `left`). */
  leave(limits?: Limits): Promise<void>
  /**
   * Says something for good. Queued while there is no connection and repeated under one id until the server
   * answers, so it is never doubled. Rejects only where repeating can't help. `id`: to repeat a send that was rejected, or to
   * wait for one that is pending. One that was given up is not sent any more; if it was under way already, it may have arrived:
   * repeat it under its `id` to be sure.
   */
  send(data: T, options?: { id?: string } & Limits): Promise<Sent>
  /** Tells whoever is there now (typing, cursors). Kept nowhere; dropped without a connection. */
  signal(name: string, data?: Json): void
  /** Pages of the log, each ascending: backwards from `before` (or the newest), or forwards from `after`. `limit`: 1–100. */
  history(options?: { before?: number; after?: number; limit?: number } & Limits): AsyncGenerator<Message<T>[], void, void>
  /** Everybody in the room, page by page and ascending by `user`: also where there are too many for `members`. `limit`: 1–500. */
  everyone(options?: { limit?: number } & Limits): AsyncGenerator<Presence[], void, void>
}

export interface Chat {
  readonly state: State
  /** These are known while online. */
  readonly user: string | undefined
  readonly session: string | undefined
  readonly node: string | undefined
  readonly limits: ServerLimits | undefined
  /** The same handle for the same name. Throws `bad_request` for what is no room name. */
  room<T = any>(name: string): Room<T>
  on(event: 'state', listener: (state: State, detail: StateDetail) => void): () => void
  /** What no call waits for: a signal that the server refused (a ParleyError), an outbox's storage that is full. */
  on(event: 'error', listener: (error: Error) => void): () => void
  /** Doesn't wait for the next attempt (a button "Try now"); while online it asks whether the server is still there. */
  retry(): void
  /** Closes for good; what is still open rejects with `closed`. */
  close(): void
}

export type ErrorCode =
  | 'bad_frame' | 'unknown_type' | 'bad_request' | 'unauthenticated' | 'forbidden' | 'not_joined' | 'room_full'
  | 'too_many_rooms' | 'too_large' | 'rate_limited' | 'unavailable' | 'internal'
  // The client's own:
  | 'timeout' | 'aborted' | 'left' | 'closed' | 'outbox_full'

export class ParleyError extends Error {
  constructor(code: ErrorCode, message?: string, options?: { retryable?: boolean; retryAfter?: number; cause?: unknown })
  readonly code: ErrorCode
  /** Whether the same call may succeed later. */
  readonly retryable: boolean
  /** Ms to wait before that, where the server said so. */
  readonly retryAfter?: number
}

/** The name of the room of these two users, whichever of them is named first: `dm:ann:bob`. */
export function direct(user: string, other: string): string

/** Connects, and stays connected until `close()`. `url`: ws(s) or http(s), in a browser also relative. */
export function parley(url: string | URL, options?: Options): Chat
