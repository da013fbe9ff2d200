const RETRYABLE = new Set(['room_full', 'rate_limited', 'unavailable', 'internal', 'timeout', 'left', 'outbox_full', 'aborted'])

/** What went wrong, in the protocol's words: `retryable` says whether the same call may succeed later. */
export class ParleyError extends Error {
  constructor(code, message = code, { retryAfter, retryable = RETRYABLE.has(code), cause } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ParleyError'
    this.code = code
    this.retryable = retryable
    this.retryAfter = retryAfter
  }

  static of(frame) {
    return new ParleyError(frame.code, frame.message, { retryAfter: frame.retryAfter })
  }

  static aborted({ reason }) {
    return new ParleyError('aborted', 'given up by the application', { cause: reason })
  }
}

/** Listeners by event. A listener added twice is one; one that throws is reported and harms nobody else. */
export function emitter() {
  const listeners = new Map()
  return {
    on(event, listener) {
      if (!listeners.has(event)) listeners.set(event, new Set())
      listeners.get(event).add(listener)
      return () => void listeners.get(event).delete(listener)
    },
    emit(event, ...values) {
      for (const listener of [...(listeners.get(event) ?? [])]) {
        try {
          listener(...values)
        } catch (error) {
          (globalThis.reportError ?? console.error)(error)
        }
      }
    },
  }
}

/** A promise with its ends. Left unhandled it stays silent: whoever was handed it decides. */
export function deferred() {
  const ends = {}
  ends.promise = new Promise((resolve, reject) => Object.assign(ends, { resolve, reject }))
  ends.promise.catch(() => {})
  return ends
}

/**
 * A promise that the application may give up: by an `AbortSignal`, or after `timeout` ms. Then `undo(error)` is told, and the
 * promise rejects.
 */
export function settling(promise, { signal, timeout }, later, undo = () => {}) {
  if (!signal && timeout === undefined) return promise
  const own = deferred()
  const giveUp = error => {
    own.reject(error)
    undo(error)
  }
  const abort = () => giveUp(ParleyError.aborted(signal))
  const stop = timeout === undefined ? () => {} : later(timeout, () => giveUp(new ParleyError('timeout', `not within ${timeout} ms`)))
  const end = settle => value => {
    stop()
    signal?.removeEventListener('abort', abort)
    settle(value)
  }
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort)
  promise.then(end(own.resolve), end(own.reject))
  return own.promise
}

/** The last `capacity` things seen: `add` tells whether this one is new. */
export function recent(capacity) {
  const seen = new Set()
  return {
    add(key) {
      if (seen.has(key)) return false
      seen.add(key)
      if (seen.size > capacity) seen.delete(seen.values().next().value)
      return true
    },
    clear: () => seen.clear(),
  }
}

/** 128 random bits. (`crypto.randomUUID` is missing on plain http, where a server on the local network is tried first.) */
export function uid() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
}
