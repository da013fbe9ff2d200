// Parley in the browser, in Node and in workers: rooms whose messages arrive each once and in order, over every
// reconnect. The wire contract is parley.v1; types and the meaning of every call are in parley.d.ts.
import { connect } from './parley/connection.js'
import { canonical, direct } from './parley/direct.js'
import { openRoom } from './parley/room.js'
import { emitter, ParleyError } from './parley/support.js'

export { direct, ParleyError }

const ROOM_NAME = /^[A-Za-z0-9._~:-]{1,128}$/

/** Connects, and stays connected until `close()`. */
export function parley(url, options = {}) {
  const rooms = new Map()
  const events = emitter()
  const each = happen => rooms.forEach(happen)

  const link = connect(url, options, {
    state: (state, detail) => events.emit('state', state, detail),
    up: () => each(room => room.up()),
    down: code => each(room => room.down(code)),
    quiet: () => each(room => room.quiet()),
    closed: error => each(room => room.closed(error)),
    complain: error => events.emit('error', error),
    frame(frame) {
      const room = rooms.get(frame.room)
      if (frame.type === 'error') events.emit('error', ParleyError.of(frame))
      else if (room) room.receive(frame)
    },
  })

  return {
    room(wanted) {
      if (!ROOM_NAME.test(wanted)) throw new ParleyError('bad_request', `not a room name: ${wanted}`)
      const name = canonical(wanted)
      if (!rooms.has(name)) rooms.set(name, openRoom(name, link))
      return rooms.get(name).handle
    },
    on: events.on,
    retry: link.retry,
    close() {
      if (link.around) each(room => room.handle.leave()) // SockJS doesn't tell an end from an accident
      link.close()
    },
    get state() { return link.state },
    get user() { return link.welcome?.user },
    get session() { return link.welcome?.session },
    get node() { return link.welcome?.node },
    get limits() { return link.welcome?.limits },
  }
}
