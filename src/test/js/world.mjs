// What is served: in a build the minified module, otherwise the source of it.
const webroot = new URL(process.env.PARLEY_WEBROOT ?? '../../main/resources/webroot/', import.meta.url)
export const served = await import(new URL('parley.js', webroot))
export const { parley, ParleyError } = served

/** A world that a test turns by hand: a clock, sockets whose far end the test plays, a browser that comes and goes. */
export class World {
  now = 1_000_000
  sockets = []
  states = []
  details = []
  random = 0.5
  #timers = new Map()
  #ids = 0

  constructor() {
    const world = this
    this.window = Object.assign(new EventTarget(), {
      navigator: { onLine: true },
      document: Object.assign(new EventTarget(), { visibilityState: 'visible' }),
    })
    this.WebSocket = class extends FakeSocket {
      constructor(url, protocols) {
        super(url, protocols)
        world.sockets.push(this)
      }
    }
  }

  /** A chat in this world; `token: t` and the rest as in the real options. */
  async chat(options = {}) {
    const chat = parley('ws://server/ws', {
      token: 'jwt',
      WebSocket: this.WebSocket,
      window: this.window,
      now: () => this.now,
      random: () => (typeof this.random === 'function' ? this.random() : this.random),
      setTimeout: (run, ms) => {
        this.#timers.set(++this.#ids, { at: this.now + ms, run })
        return this.#ids
      },
      clearTimeout: id => this.#timers.delete(id),
      ...options,
    })
    chat.on('state', (state, detail) => {
      this.states.push(state)
      this.details.push(detail)
    })
    await settle()
    return chat
  }

  get socket() {
    return this.sockets.at(-1)
  }

  get timers() {
    return this.#timers.size
  }

  /** Lets `ms` pass, running what falls due in its order. */
  async pass(ms) {
    const end = this.now + ms
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at)[0]
      if (!due) break
      this.#timers.delete(due[0])
      this.now = Math.max(this.now, due[1].at)
      due[1].run()
      await settle()
    }
    this.now = end
    await settle()
  }

  /** The whole computer sleeps: the clock moves on, and only afterwards do overdue timers run. */
  async sleep(ms) {
    this.now += ms
    await this.pass(0)
  }

  async browser(event, { onLine = true, visible = true } = {}) {
    this.window.navigator.onLine = onLine
    this.window.document.visibilityState = visible ? 'visible' : 'hidden'
    const target = ['visibilitychange', 'resume'].includes(event) ? this.window.document : this.window
    target.dispatchEvent(new Event(event))
    await settle()
  }
}

/** Both ends of a connection: the client's as a WebSocket, the server's as verbs. */
class FakeSocket {
  sent = []
  closed = false

  constructor(url, protocols) {
    Object.assign(this, { url, protocols })
  }

  send(text) {
    if (this.closed) throw new Error('sent on a closed socket')
    this.sent.push(JSON.parse(text))
  }

  close(code) {
    this.closed = true
    this.code = code
  }

  // The server's side.

  /** Accepts the handshake and greets. */
  async accept(welcome = {}) {
    this.onopen?.({})
    return this.say({
      type: 'welcome',
      protocol: 'parley.v1',
      session: 's1',
      user: 'ann',
      node: 'n1',
      heartbeat: 30_000,
      limits: { frame: 65_536, rooms: 100, rate: 20 },
      ...welcome,
    })
  }

  async say(...frames) {
    for (const frame of frames) this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) })
    await settle()
  }

  async hangUp(code = 1006, reason = '') {
    this.closed = true
    this.onclose?.({ code, reason })
    await settle()
  }

  of(type) {
    return this.sent.filter(frame => frame.type === type)
  }

  last(type) {
    return this.of(type).at(-1)
  }

  /** Answers the client's latest frame of a type. */
  async answer(type, answer) {
    const { ref, room } = this.last(type)
    return this.say({ ref, room, ...answer })
  }

  async joined(seq, more = {}) {
    return this.answer('join', { type: 'joined', epoch: 'e1', seq, recovered: false, ...more })
  }

  async ack(seq, more = {}) {
    const { id } = this.last('publish')
    return this.answer('publish', { type: 'ack', id, epoch: 'e1', seq, time: 5, ...more })
  }

  async refuse(type, code, more = {}) {
    return this.answer(type, { type: 'error', code, message: code, ...more })
  }
}

export const message = (seq, more = {}) => ({
  type: 'message', room: 'general', epoch: 'e1', seq, id: `m${seq}`, user: 'bob', time: seq, data: `text ${seq}`, ...more,
})

/** Lets everything that is already decided happen. */
export const settle = () => new Promise(resolve => setImmediate(resolve))

/** How a promise ended: its value, its error's code, or `undefined` while it is open. */
export function outcome(promise) {
  const seen = { value: undefined, code: undefined, open: true }
  promise.then(
    value => Object.assign(seen, { value, open: false }),
    error => Object.assign(seen, { code: error.code, error, open: false }),
  )
  return seen
}
