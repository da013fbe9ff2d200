import { LOST } from './connection.js'
import { deferred, ParleyError, settling, uid } from './support.js'

const MESSAGES = 1000
const CHARACTERS = 4_000_000 // about what a sessionStorage takes

/**
 * What a room has been told to say and the server has not yet answered, in order; the first may be in flight. `ready(item)`
 * says whether it may be sent now. Given a storage, it outlives the page: what is found there goes first, under its old id.
 */
export function openOutbox(room, link, { ready, changed }) {
  const { messages = MESSAGES, characters = CHARACTERS, storage, key = 'parley.outbox' } = link.options.outbox ?? {}
  const place = `${key}/${room}`
  const items = [] // {id, data, size, user, kept, promise, resolve, reject}
  let size = 0
  let loading = false
  let inFlight = null
  let tries = 0
  let unpause = null

  function load() {
    if (!storage) return
    attempt(() => {
      const found = storage.getItem(place)
      if (typeof found?.then !== 'function') return restore(found)
      loading = true
      found.then(restore, link.complain).then(() => {
        loading = false
        save()
        flush()
      })
    })
  }

  function restore(text) {
    const kept = JSON.parse(text ?? '[]').filter(({ id }) => !items.some(item => item.id === id))
    items.unshift(...kept.map(({ id, data, user }) => ({ ...deferred(), id, data, user, kept: true, size: sizeOf(data) })))
    size = items.reduce((sum, item) => sum + item.size, 0)
    if (kept.length) changed()
  }

  /** A storage that is full or forbidden takes away nothing but the memory over a reload. */
  function save() {
    if (!storage || loading) return
    const text = JSON.stringify(items.map(({ id, data, user }) => ({ id, data, user })))
    attempt(() => (items.length ? storage.setItem(place, text) : storage.removeItem(place))?.catch?.(link.complain))
  }

  function attempt(action) {
    try {
      action()
    } catch (error) {
      link.complain(error)
    }
  }

  function put(item) {
    items.push(item)
    size += item.size
    save()
    changed()
    flush()
  }

  function drop(item) {
    const at = items.indexOf(item)
    if (at < 0) return
    items.splice(at, 1)
    size -= item.size
    save()
    changed()
  }

  function send(data, { id = uid(), ...limits } = {}) {
    const known = items.find(item => item.id === id)
    if (known) return settling(known.promise, limits, link.later)
    const item = { id, ...deferred() }
    const refusal = weigh(item, data, limits)
    if (refusal) item.reject(refusal)
    else put(item)
    return settling(item.promise, limits, link.later, error => {
      drop(item)
      item.reject(error)
    })
  }

  /** Takes `data` as it is now; answers why it can't be sent, if so. */
  function weigh(item, data, { signal }) {
    if (signal?.aborted) return ParleyError.aborted(signal)
    if (link.state === 'closed') return new ParleyError('closed')
    try {
      const text = JSON.stringify(data)
      Object.assign(item, { data: JSON.parse(text), size: text.length, user: link.user })
    } catch {
      return new ParleyError('bad_request', 'not JSON')
    }
    if (items.length < messages && size + item.size <= characters) return null
    return new ParleyError('outbox_full', 'too much is waiting to be sent')
  }

  function flush() {
    const next = items[0]
    if (!next || inFlight || unpause || loading || !link.welcome || !ready(next)) return
    next.user ??= link.user
    // An id is its user's: under another user the same one would be a second message.
    if (next.user !== link.user) return settle(next, 'reject', new ParleyError('forbidden', `written by ${next.user}`))
    inFlight = next
    link.request({ type: 'publish', room, id: next.id, data: next.data }, (error, ack) => {
      inFlight = null
      if (error === LOST) return
      if (next !== items[0]) flush()
      else if (error?.retryable) pause(error)
      else if (error) settle(next, 'reject', error)
      else settle(next, 'resolve', { id: ack.id, epoch: ack.epoch, seq: ack.seq, time: ack.time })
    })
  }

  function settle(item, end, value) {
    tries = 0
    drop(item)
    item[end](value)
    flush()
  }

  /** One at a time and in order: what was refused for now holds back what came after it. */
  function pause(error) {
    unpause = link.later(error.retryAfter ?? link.backoff(tries++), () => {
      unpause = null
      flush()
    })
  }

  function hurry() {
    unpause?.()
    unpause = null
  }

  load()
  return {
    send,
    flush,
    get pending() { return items.map(({ id, data }) => ({ id, data })) },

    /** The connection went. What the server closed over (1009) would only be closed over again. */
    down(code) {
      if (code === 1009 && inFlight) {
        drop(inFlight)
        inFlight.reject(new ParleyError('too_large', 'larger than a frame may be'))
      }
      inFlight = null
      hurry()
    },

    clear(error) {
      hurry()
      const all = items.splice(0)
      size = 0
      save()
      if (all.length) changed()
      all.forEach(item => item.reject(error))
    },
  }
}

const sizeOf = data => JSON.stringify(data).length
