import { deferred, ParleyError } from './support.js'
import { tokenSource } from './token.js'

const ANSWER = 10_000 // ms in which a server that lives answers a handshake or a ping
const REQUEST = 15_000 // ms after which a request is given up; a publish is then repeated under its id
const TOKEN = 30_000 // ms the application may take to fetch a token

/** The connection went before the answer came. The caller knows better than the user what to do about it. */
export const LOST = new ParleyError('unavailable', 'connection lost')

/**
 * One connection at a time, for as long as it is wanted:
 *
 *   connecting ──welcome──► online ──loss──► reconnecting ◄──► offline (the browser says so)
 *        └───────loss─────────────────────────────┘ ──welcome──► online
 *   any ──close(), or told to stay away──► closed
 */
export function connect(url, options, owner) {
  const {
    WebSocket = globalThis.WebSocket,
    setTimeout: after = (run, ms) => setTimeout(run, ms),
    clearTimeout: cancel = timer => clearTimeout(timer),
    now = Date.now,
    random = Math.random,
    window = globalThis,
    reconnectDelay = 1000,
    reconnectDecay = 1.5,
    maxReconnectDelay = 30_000,
  } = options
  if (!WebSocket) throw new TypeError('no WebSocket here: pass one as options.WebSocket')
  const address = new URL(url, window.location?.href)
  address.protocol = address.protocol.replace('http', 'ws')
  const tokens = tokenSource(options.token, now)
  const requests = new Map()
  const waiting = new Set() // promises for "online again"
  const bytes = new TextEncoder()
  const browser = [['online', window], ['offline', window], ['pageshow', window], ['visibilitychange', window.document]]

  let state = 'connecting'
  let socket = null
  let turn = null // the attempt or connection that may still speak
  let welcome = null
  let timer = null // whatever ends or begins the current turn
  let leaving = null // {timer, at}: the node asked us to go
  let failures = 0
  let upSince = 0
  let notBefore = 0
  let heard = 0 // frames
  let heardAt = 0
  let silent = false
  let refs = 0

  const ceiling = () => Math.min(maxReconnectDelay, reconnectDelay * reconnectDecay ** failures)
  const later = (ms, run) => {
    const id = after(run, ms)
    return () => cancel(id)
  }

  function arm(ms, run) {
    timer?.()
    timer = later(ms, run)
  }

  function enter(next, detail = {}) {
    if (state === next) return
    state = next
    owner.state(next, detail)
  }

  async function attempt() {
    const mine = (turn = {})
    let opened = false
    const fail = detail => mine === turn && lost({ opened, ...detail })
    arm(TOKEN, () => fail({ reason: 'no token in time' }))
    try {
      const token = await tokens.get()
      if (mine !== turn) return
      arm(ANSWER, () => fail({ reason: 'no answer' }))
      socket = new WebSocket(address.href, token ? ['parley.v1', `bearer.${token}`] : ['parley.v1'])
    } catch (error) {
      return fail({ reason: error?.message, error, reconnect: error?.retryable !== false })
    }
    socket.onopen = () => (opened = true)
    socket.onerror = () => {} // tells nothing; onclose follows
    socket.onclose = event => fail({ code: event.code, reason: event.reason })
    socket.onmessage = event => mine === turn && heardFrom(event.data)
  }

  function heardFrom(text) {
    heard++
    heardAt = now()
    let frame
    try {
      frame = JSON.parse(text)
    } catch {
      return
    }
    if (frame?.type) receive(frame)
  }

  function receive(frame) {
    if (frame.type === 'pong' && silent) owner.quiet()
    silent = false
    const done = frame.ref === undefined ? undefined : requests.get(frame.ref)
    if (done) done(frame.type === 'error' ? ParleyError.of(frame) : null, frame)
    else if (frame.type === 'welcome') greeted(frame)
    else if (frame.type === 'bye') lost({ ...frame, opened: true })
    else if (frame.type === 'goaway') goAway(frame.reconnectAfter ?? random() * ceiling())
    else if (frame.type === 'expiring') renew()
    // An answer that nobody waits for any longer belongs to a request given up.
    else if (frame.type !== 'pong' && frame.ref === undefined) owner.frame(frame)
  }

  function greeted(frame) {
    welcome = frame
    tokens.accepted(frame.expires)
    upSince = now()
    watch()
    enter('online')
    if (!welcome) return // a listener closed us
    owner.up()
    waiting.forEach(wait => wait.resolve())
    waiting.clear()
  }

  /** Waits for a silence as long as the heartbeat, then asks. */
  function watch() {
    const rest = heardAt + welcome.heartbeat - now()
    silent = false
    if (rest > 0) arm(rest, watch)
    else probe(true)
  }

  function probe(afterSilence) {
    const mark = heard
    silent = afterSilence
    write({ type: 'ping' })
    arm(ANSWER, () => (heard === mark ? lost({ reason: 'no answer', opened: true }) : watch()))
  }

  function goAway(ms) {
    leaving?.stop()
    const go = () => lost({ code: 1001, reason: 'node leaving', opened: true, reconnectAfter: 0 })
    leaving = { at: now() + ms, stop: later(ms, go) }
  }

  async function renew() {
    const mine = turn
    try {
      const token = await tokens.renew()
      if (mine === turn && token) request({ type: 'auth', token }, renewed)
    } catch {
      // The server closes with 4401 in its time, and then the token is asked for as rejected.
    }
  }

  function renewed(error, answer) {
    if (error) return
    tokens.accepted(answer.expires)
    welcome = { ...welcome, user: answer.user }
  }

  /** Ends the turn; nothing that belongs to it is heard any more. */
  function drop() {
    const old = socket
    timer?.()
    leaving?.stop()
    turn = socket = timer = leaving = welcome = null
    old?.close() // a dead one may take its time; its turn is over
  }

  function lost({ code, reason, error, opened, reconnect, reconnectAfter }) {
    const wasUp = welcome !== null
    const spared = leaving ? leaving.at - now() : undefined
    // Only a connection that outlived the wait before it proves that things are well again.
    failures = wasUp && now() - upSince > ceiling() ? 0 : failures
    drop()
    if (reconnect === false || code >= 4500) return end({ code, reason, error })
    if (code === 4401 && !tokens.rejected()) return end({ code, reason })
    if (!opened) tokens.doubted()
    const wait = reconnectAfter ?? (spared > 0 ? spared : random() * ceiling())
    notBefore = now() + (reconnectAfter ?? 0)
    failures++
    arm(wait, attempt)
    enter(window.navigator?.onLine === false ? 'offline' : 'reconnecting', { code, reason, error, retryIn: wait })
    forget(code)
  }

  function forget(code) {
    owner.down(code)
    const open = [...requests.values()]
    requests.clear()
    open.forEach(done => done(LOST))
  }

  function end({ code, reason, error }) {
    const cause = error ?? new ParleyError('closed', reason || 'closed', { retryable: false })
    drop()
    browser.forEach(([event, target]) => target?.removeEventListener?.(event, wake))
    enter('closed', { code, reason, error: cause })
    waiting.forEach(wait => wait.reject(cause))
    waiting.clear()
    forget(code)
    owner.closed(cause)
  }

  /** The browser noticed something: the network came or went, or the page is seen again after a sleep. */
  function wake(event) {
    if (window.document?.visibilityState === 'hidden') return
    if (welcome) return probe(false)
    const gone = event.type === 'offline' || window.navigator?.onLine === false
    if (gone || state === 'offline') enter(gone ? 'offline' : 'reconnecting')
    if (gone || turn) return
    failures = 0
    if (notBefore > now()) arm(notBefore - now(), attempt)
    else attempt()
  }

  /** False: larger than the server takes, and not sent; it would close the connection over it. */
  function write(frame) {
    const text = JSON.stringify(frame)
    if (bytes.encode(text).length > welcome.limits?.frame) return false
    socket.send(text)
    return true
  }

  /** Sends, and calls `done(error, answer)` once: with the answer, a refusal, a timeout or `LOST`. */
  function request(frame, done) {
    if (!welcome) return done(LOST)
    const ref = ++refs
    if (!write({ ...frame, ref })) return done(new ParleyError('too_large', 'larger than a frame may be'))
    const stop = later(REQUEST, () => requests.get(ref)?.(new ParleyError('timeout', 'no answer in time')))
    requests.set(ref, (error, answer) => {
      requests.delete(ref)
      stop()
      done(error, answer)
    })
  }

  /** For questions that may be repeated: waits for a connection and asks again when it was lost. */
  async function ask(frame) {
    for (;;) {
      if (state === 'closed') throw new ParleyError('closed')
      if (!welcome) {
        const wait = deferred()
        waiting.add(wait)
        await wait.promise
        continue
      }
      const { promise, resolve, reject } = deferred()
      request(frame, (error, answer) => (error && error !== LOST ? reject(error) : resolve(answer)))
      const answer = await promise
      if (answer) return answer
    }
  }

  browser.forEach(([event, target]) => target?.addEventListener?.(event, wake))
  attempt()
  return {
    request,
    ask,
    later,
    backoff: tries => random() * Math.min(maxReconnectDelay, reconnectDelay * reconnectDecay ** tries),
    send: frame => welcome && write(frame),
    close: () => state === 'closed' || end({ code: 1000, reason: 'closed by the application' }),
    get state() { return state },
    get welcome() { return welcome },
  }
}
