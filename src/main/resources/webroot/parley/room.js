import { LOST } from './connection.js'
import { deferred, emitter, ParleyError, recent, uid } from './support.js'

const REMEMBERED = 2000 // ids of messages; the server keeps 1000 by default, and no more than it keeps can come twice
const OUTBOX = 1000
const PASSING = new Set(['rate_limited', 'unavailable', 'timeout']) // refusals that a first join waits out

/**
 * A room as one connection after another knows it. `handle` is what the application holds; the rest is called by
 * its owner. Positions: `since` is what was certainly delivered and what a resume asks from; `seq` is the last one
 * of the present numbering, or null while any may come next (the start of a replay).
 */
export function openRoom(name, link) {
  const events = emitter()
  const seen = recent(REMEMBERED)
  const outbox = [] // {id, data, promise, resolve, reject}; the first may be in flight
  let wanted = false
  let joined = false
  let entry = null // the first join's promise
  let last = 0
  let turn = 0 // raised by join and leave: an answer to what was asked before is void
  let epoch
  let seq
  let head
  let since
  let mending = false
  let inFlight = false
  let tries = 0
  let unpause = null

  function enter() {
    const mine = ++turn
    joined = false
    link.request({ type: 'join', room: name, since, last: last || undefined }, (error, answer) => {
      if (mine !== turn || error === LOST) return
      if (error) return refused(error)
      tries = 0
      placed(answer)
      entry.resolve({ epoch, seq: head, recovered: answer.recovered })
    })
  }

  function refused(error) {
    const entered = since !== undefined
    if (entered ? error.retryable : PASSING.has(error.code)) {
      const mine = turn
      return link.later(error.retryAfter ?? link.backoff(tries++), () => mine === turn && wanted && enter())
    }
    expel(error, error.code)
  }

  /** Takes a `joined`: the answer to ours, or unasked for when the room's numbering changed. */
  function placed(frame) {
    const before = since
    const sameNumbers = since?.epoch === frame.epoch
    joined = true
    epoch = frame.epoch
    head = frame.seq
    if (since && frame.recovered) {
      seq = sameNumbers ? since.seq : null
      // Uniting two logs only adds: a head that isn't ahead of us brings nothing new, only old ones renumbered.
      if (!sameNumbers && head <= since.seq) since = { epoch, seq: head }
    } else {
      seq = last ? null : head
      since = { epoch, seq: Math.max(sameNumbers ? since.seq : 0, head - last) }
    }
    if (before && !frame.recovered) events.emit('gap', { since: before, epoch: frame.epoch, seq: frame.seq })
    flush()
  }

  function message(frame) {
    if (!joined) return
    const known = seq !== null && frame.epoch === epoch
    if (known && frame.seq <= seq) return
    if (frame.epoch !== epoch || (known && frame.seq !== seq + 1)) {
      if (!mending) return mend()
      events.emit('gap', { since, epoch: frame.epoch, seq: frame.seq })
    }
    mending = false
    epoch = frame.epoch
    seq = frame.seq
    since = { epoch, seq }
    if (seen.add(`${frame.user}\n${frame.id}`)) events.emit('message', frame)
  }

  /** Something is missing or of another numbering: asks once for everything since the last certain position. */
  function mend() {
    mending = true
    enter()
  }

  function flush() {
    const next = outbox[0]
    if (!next || inFlight || unpause || (wanted && !joined)) return
    inFlight = true
    link.request({ type: 'publish', room: name, id: next.id, data: next.data }, (error, ack) => {
      inFlight = false
      if (outbox[0] !== next || error === LOST) return
      if (error?.retryable) return pause(error)
      outbox.shift()
      tries = 0
      if (error) next.reject(error)
      else next.resolve({ id: ack.id, epoch: ack.epoch, seq: ack.seq, time: ack.time })
      flush()
    })
  }

  /** One at a time and in order: what was refused for now holds back what came after it. */
  function pause(error) {
    unpause = link.later(error.retryAfter ?? link.backoff(tries++), resume)
  }

  function resume() {
    unpause = null
    flush()
  }

  function send(data, { id = uid() } = {}) {
    const known = outbox.find(item => item.id === id)
    if (known) return known.promise
    const item = { id, ...deferred() }
    try {
      item.data = JSON.parse(JSON.stringify(data))
    } catch {
      item.reject(new ParleyError('bad_request', 'not JSON'))
      return item.promise
    }
    if (link.state === 'closed') item.reject(new ParleyError('closed'))
    else if (outbox.length >= OUTBOX) item.reject(new ParleyError('outbox_full', 'too many messages are waiting'))
    else outbox.push(item) && flush()
    return item.promise
  }

  function join(options = {}) {
    if (wanted) return entry.promise
    entry = deferred()
    if (link.state === 'closed') entry.reject(new ParleyError('closed'))
    else {
      wanted = true
      last = Math.min(options.last ?? 0, 100)
      enter()
    }
    return entry.promise
  }

  function leave() {
    const was = wanted
    forget(new ParleyError('left'))
    return was ? new Promise(done => link.request({ type: 'leave', room: name }, () => done())) : Promise.resolve()
  }

  function forget(error) {
    turn++
    wanted = joined = mending = false
    since = undefined
    seen.clear()
    entry?.reject(error)
    unpause?.()
    unpause = null
    outbox.splice(0).forEach(item => item.reject(error))
  }

  function expel(error, reason) {
    const entered = since !== undefined
    forget(error)
    if (entered) events.emit('left', { reason, error })
  }

  async function* history({ before, after, limit = 50 } = {}) {
    for (let more = true; more;) {
      const page = await link.ask({ type: 'history', room: name, before, after, limit })
      const { messages } = page
      if (!messages.length) return
      yield messages
      more = page.more
      if (after === undefined) before = messages[0].seq
      else after = messages.at(-1).seq
    }
  }

  return {
    up() {
      if (wanted) enter()
      else flush()
    },

    down(code) {
      // What the server closed over would only be closed over again.
      if (code === 1009 && inFlight) outbox.shift().reject(new ParleyError('too_large', 'larger than a frame may be'))
      joined = inFlight = false
      unpause?.()
      unpause = null
    },

    /** After a long silence nothing is under way: a replay that could have begun had nothing to say. */
    quiet() {
      if (!joined || seq !== null) return
      seq = head
      since = { epoch, seq }
    },

    closed: forget,

    receive(frame) {
      if (frame.type === 'message') message(frame)
      else if (frame.type === 'signal') events.emit('signal', frame)
      else if (frame.type === 'joined' && joined) placed(frame)
      else if (frame.type === 'left') expel(new ParleyError('forbidden', frame.reason), frame.reason)
    },

    handle: {
      name,
      on: events.on,
      join,
      leave,
      send,
      history,
      signal(what, data) {
        if (joined) link.send({ type: 'signal', room: name, name: what, data })
      },
      get joined() { return joined },
      get pending() { return outbox.map(({ id, data }) => ({ id, data })) },
    },
  }
}
