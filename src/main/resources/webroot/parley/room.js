import { LOST } from './connection.js'
import { openMembers } from './members.js'
import { openOutbox } from './outbox.js'
import { deferred, emitter, ParleyError, recent, settling } from './support.js'

const REMEMBERED = 2000 // ids of messages; the server keeps 1000 by default, and no more than it keeps can come twice
const PASSING = new Set(['rate_limited', 'unavailable', 'timeout']) // refusals that a first join waits out

/**
 * A room as one connection after another knows it. `handle` is what the application holds; the rest is called by
 * its owner. Positions: `since` is what was certainly delivered and what a resume asks from; `seq` is the last one
 * of the present numbering, or null while any may come next (the start of a replay).
 */
export function openRoom(name, link) {
  const events = emitter()
  const seen = recent(REMEMBERED)
  const members = openMembers(name, link, change => events.emit('members', change))
  // What is kept from before a reload waits for its room; whether one may speak without being a member the server judges.
  const ready = item => joined || !(wanted || item.kept)
  const outbox = openOutbox(name, link, { ready, changed: () => events.emit('pending', outbox.pending) })
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
  let tries = 0

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
    members.joined(frame)
    outbox.flush()
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

  function join({ last: wish = 0, ...limits } = {}) {
    if (wanted) return settling(entry.promise, limits, link.later)
    const mine = (entry = deferred())
    if (link.state === 'closed') entry.reject(new ParleyError('closed'))
    else if (limits.signal?.aborted) entry.reject(ParleyError.aborted(limits.signal))
    else {
      wanted = true
      last = Math.min(wish, 100)
      enter()
    }
    return settling(entry.promise, limits, link.later, error => mine === entry && giveUp(error))
  }

  /** A join that nobody waits for any longer is taken back. */
  function giveUp(error) {
    forget(error)
    link.request({ type: 'leave', room: name }, () => {})
  }

  function leave(limits = {}) {
    const was = wanted
    forget(new ParleyError('left'))
    const left = was && new Promise(done => link.request({ type: 'leave', room: name }, () => done()))
    return left ? settling(left, limits, link.later) : Promise.resolve()
  }

  function forget(error) {
    turn++
    wanted = joined = mending = false
    since = undefined
    seen.clear()
    members.forget()
    entry?.reject(error)
    outbox.clear(error)
  }

  function expel(error, reason) {
    const entered = since !== undefined
    forget(error)
    if (entered) events.emit('left', { reason, error })
  }

  async function* history({ before, after, limit = 50, ...limits } = {}) {
    for (let more = true; more;) {
      const page = await settling(link.ask({ type: 'history', room: name, before, after, limit }), limits, link.later)
      const { messages } = page
      if (!messages.length) return
      yield messages
      more = page.more
      if (after === undefined) before = messages[0].seq
      else after = messages.at(-1).seq
    }
  }

  async function* everyone({ limit = 500, ...limits } = {}) {
    for (let after, more = true; more;) {
      const page = await settling(link.ask({ type: 'presence', room: name, after, limit }), limits, link.later)
      if (page.users.length) yield page.users
      after = page.users.at(-1)?.user
      more = page.more
    }
  }

  return {
    up() {
      if (wanted) enter()
      else outbox.flush()
    },

    down(code) {
      joined = false
      outbox.down(code)
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
      else if (frame.type === 'presence' && joined) members.changed(frame)
      else if (frame.type === 'joined' && joined) placed(frame)
      else if (frame.type === 'left') expel(new ParleyError('forbidden', frame.reason), frame.reason)
    },

    handle: {
      name,
      on(event, listener) {
        if (event === 'members') members.follow()
        return events.on(event, listener)
      },
      join,
      leave,
      send: outbox.send,
      history,
      everyone,
      signal(what, data) {
        if (joined) link.send({ type: 'signal', room: name, name: what, data })
      },
      get joined() { return joined },
      get pending() { return outbox.pending },
      get members() {
        members.follow()
        return members.list
      },
      get count() { return members.count },
    },
  }
}
