import { deferred, ParleyError } from './support.js'
import { tokenSource } from './token.js'

const ANSWER = 10_000 // ms in which a server that lives answers a handshake or a ping
const REQUEST = 15_000 // ms after which a request is given up; a publish is then repeated under its id
const TOKEN = 30_000 // ms the application may take to fetch a token

const RETURNING = 4000 // the close code of a connection that is to be replaced: nobody has left

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
    fallback,
    reconnectDelay = 1000,
    reconnectDecay = 1.5,
    maxReconnectDelay = 30_000,
  } = options
  if (!WebSocket && !fallback) throw new TypeError('no WebSocket here: pass one as options.WebSocket')
  const address = new URL(url, window.location?.href)
  address.protocol = address.protocol.replace('http', 'ws')
  const tokens = tokenSource(options.token, now)
  const requests = new Map()
  const waiting = new Set() // promises for "online again"
  const bytes = new TextEncoder()
  const page = window.document
  const browser = [['online', window], ['offline', window], ['pageshow', window], ['visibilitychange', page], ['resume', page]]

  let state = 'connecting'
  let socket = null
  let turn = null // the attempt or connection that may still speak
  let welcome = null
  let user // whom the server last greeted
  let timer = null // whatever ends or begins the current turn
  let leaving = null // {timer, at}: the node asked us to go
  let failures = 0
  let upSince = 0
  let notBefore = 0
  let heard = 0 // frames
  let heardAt = 0
  let saidAt = 0
  let silent = false
  let refs = 0
  let proven = !fallback // a WebSocket has been open here: if one fails now, it is not for what lies between
  let around = !WebSocket // this turn goes the fallback's way

  const bound = tries => Math.min(maxReconnectDelay, reconnectDelay * reconnectDecay ** tries)
  const ceiling = () => bound(failures)
  const backoff = tries => random() * bound(tries)
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
    let tried = false // something else than the token is to blame
    const fail = detail => mine === turn && lost({ opened, tried, ...detail })
    arm(TOKEN, () => fail({ reason: 'no token in time' }))
    try {
      const token = await tokens.get()
      if (mine !== turn) return
      tried = true
      arm(around ? TOKEN : ANSWER, () => fail({ reason: 'no answer' })) // which tries one transport after another
      const made = around ? await fallback(address) : new WebSocket(address.href, protocols(token))
      if (mine !== turn) return made.close()
      socket = made
      socket.onopen = () => {
        opened = true
        if (around && token && mine === turn) introduce(token)
      }
    } catch (error) {
      return fail({ reason: error?.message, error, reconnect: error?.retryable !== false })
    }
    socket.onerror = () => {} // tells nothing; onclose follows
    // The fallback's library has codes of its own: there the last word is `bye`.
    socket.onclose = event => fail({ code: around ? undefined : event.code, reason: event.reason })
    socket.onmessage = event => mine === turn && heardFrom(event.data)
  }

  const protocols = token => (token ? ['parley.v1', `bearer.${token}`] : ['parley.v1'])

  /** Where no handshake can carry the token, the first frame does. */
  function introduce(token) {
    const ref = ++refs
    requests.set(ref, error => {
      requests.delete(ref)
      if (error && error !== LOST) lost({ code: error.retryable ? 4430 : 4401, reason: error.message, opened: true, tried: true })
    })
    socket.send(JSON.stringify({ type: 'auth', ref, token }))
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
    user = frame.user
    tokens.accepted(frame.expires)
    proven ||= !around
    upSince = saidAt = now()
    watch()
    enter('online')
    if (!welcome) return // a listener closed us
    owner.up()
    waiting.forEach(wait => wait.resolve())
    waiting.clear()
  }

  /**
   * Waits for a silence as long as the heartbeat, then asks. A WebSocket answers the server's pings by itself; around it the
   * server has to hear from us as well.
   */
  function watch() {
    const rest = (around ? Math.min(heardAt, saidAt) : heardAt) + welcome.heartbeat - now()
    silent = false
    if (rest > 0) arm(rest, watch)
    else probe(heardAt + welcome.heartbeat <= now())
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

  /** Tries while there is time. Without success the server closes with 4401, and then the token is asked for as rejected. */
  async function renew(tries = 0) {
    const mine = turn
    try {
      const token = await tokens.renew()
      if (mine === turn && token) request({ type: 'auth', token }, renewed)
    } catch (error) {
      if (error?.retryable !== false) later(backoff(tries), () => mine === turn && renew(tries + 1))
    }
  }

  function renewed(error, answer) {
    if (error) return
    tokens.accepted(answer.expires)
    user = answer.user
    welcome = { ...welcome, user }
  }

  /** Ends the turn; nothing that belongs to it is heard any more. The code says whether we have left or only broke down. */
  function drop(code) {
    const old = socket
    timer?.()
    leaving?.stop()
    turn = socket = timer = leaving = welcome = null
    old?.close(code) // a dead one may take its time; its turn is over
  }

  function lost({ code, reason, error, opened, tried, reconnect, reconnectAfter }) {
    const wasUp = welcome !== null
    const spared = leaving ? leaving.at - now() : undefined
    // Only a connection that outlived the wait before it proves that things are well again.
    failures = wasUp && now() - upSince > ceiling() ? 0 : failures
    drop(RETURNING)
    if (reconnect === false || code >= 4500) return end({ code, reason, error })
    if (code === 4401 && !tokens.rejected()) return end({ code, reason })
    const offline = window.navigator?.onLine === false
    const aside = !proven && !wasUp && !offline && tried // the way was at fault, perhaps: the other one next
    if (aside) around = !around || !WebSocket
    if (!opened && !(aside && around)) tokens.doubted()
    const first = aside && around && failures === 0
    const wait = reconnectAfter ?? (spared > 0 ? spared : first ? 0 : random() * ceiling())
    notBefore = now() + (reconnectAfter ?? 0)
    failures++
    arm(wait, attempt)
    enter(offline ? 'offline' : 'reconnecting', { code, reason, error, retryIn: wait })
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
    drop(1000)
    browser.forEach(([event, target]) => target?.removeEventListener?.(event, wake))
    enter('closed', { code, reason, error: cause })
    waiting.forEach(wait => wait.reject(cause))
    waiting.clear()
    forget(code)
    owner.closed(cause)
  }

  /** The network came or went, the page is seen again after a sleep, or somebody doesn't want to wait. */
  function wake(event) {
    if (event && window.document?.visibilityState === 'hidden') return
    if (state === 'closed') return
    if (welcome) return probe(false)
    const gone = event?.type === 'offline' || window.navigator?.onLine === false
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
    saidAt = now()
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
    backoff,
    options,
    complain: owner.complain,
    send: frame => welcome && write(frame),
    retry: () => wake(),
    close: () => state === 'closed' || end({ code: 1000, reason: 'closed by the application' }),
    get state() { return state },
    get welcome() { return welcome },
    get user() { return user },
    get around() { return around },
  }
}
