import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { parley, ParleyError, World } from './world.mjs'

async function online(options) {
  const world = new World()
  const chat = await world.chat(options)
  await world.socket.accept()
  return { world, chat }
}

/** A figure for whoever reads the build's output. */
const tell = text => (process.env.PARLEY_FIGURES ? writeFileSync(process.env.PARLEY_FIGURES, text) : console.log(text))

const histogram = counts => counts.map((n, i) => `${`${i * 100}`.padStart(5)} ms ${`${n}`.padStart(4)} ${'█'.repeat(n / 4)}`).join('\n')

describe('connecting', () => {
  test('the token travels beside the subprotocol', async () => {
    const { world, chat } = await online({ token: () => 'a.b.c' })

    assert.equal(world.socket.url, 'ws://server/ws')
    assert.deepEqual(world.socket.protocols, ['parley.v1', 'bearer.a.b.c'])
    assert.equal(chat.state, 'online')
    assert.deepEqual([chat.user, chat.node, chat.session, chat.limits.rooms], ['ann', 'n1', 's1', 100])
  })

  test('without a token only the protocol is offered', async () => {
    const { world } = await online({ token: undefined })
    assert.deepEqual(world.socket.protocols, ['parley.v1'])
  })

  test('http addresses become ws, relative ones belong to the page', async () => {
    const world = new World()
    world.window.location = { href: 'https://chat.example/rooms/' }
    parley('/ws', { WebSocket: world.WebSocket, window: world.window }).close()
    await world.chat()
    const options = { WebSocket: world.WebSocket, window: world.window, token: 't' }
    const chat = parley('/ws', options)
    await new Promise(setImmediate)
    assert.equal(world.socket.url, 'wss://chat.example/ws')
    chat.close()
  })

  test('being open is not being online: the welcome is', async () => {
    const world = new World()
    const chat = await world.chat()
    world.socket.onopen({})
    assert.equal(chat.state, 'connecting')
    await world.pass(10_000)
    assert.equal(chat.state, 'reconnecting')
    assert.ok(world.sockets[0].closed)
  })

  test('a server away is tried again, with growing waits up to the greatest', async () => {
    const world = new World()
    world.random = 1
    const chat = await world.chat()
    const waits = []
    for (let i = 0; i < 12; i++) {
      const before = world.sockets.length
      const from = world.now
      await world.socket.hangUp()
      while (world.sockets.length === before) await world.pass(1)
      waits.push(world.now - from)
    }
    assert.deepEqual(waits.slice(0, 4), [1000, 1500, 2250, 3375])
    assert.equal(waits.at(-1), 30_000)
    assert.equal(chat.state, 'reconnecting')
  })

  test('the bounds of the wait are options', async () => {
    const world = new World()
    world.random = 1
    await world.chat({ reconnectDelay: 100, reconnectDecay: 2, maxReconnectDelay: 300 })
    const retryIn = []
    for (const ms of [100, 200, 300, 300]) {
      await world.socket.hangUp()
      const before = world.sockets.length
      await world.pass(ms - 1)
      assert.equal(world.sockets.length, before)
      await world.pass(1)
      assert.equal(world.sockets.length, before + 1)
      retryIn.push(ms)
    }
    assert.equal(retryIn.length, 4)
  })

  test('a thousand clients cut at once come back spread over the whole wait', async () => {
    const world = new World()
    let seed = 42
    world.random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
    for (let i = 0; i < 1000; i++) {
      await world.chat()
      await world.socket.accept()
    }
    const cut = [...world.sockets]
    for (const socket of cut) await socket.hangUp()
    const arrivals = []
    for (let slot = 0; slot < 10; slot++) {
      const before = world.sockets.length
      await world.pass(100)
      arrivals.push(world.sockets.length - before)
    }
    tell(`1,000 clients cut at once, attempts to come back per 100 ms:\n${histogram(arrivals)}`)
    assert.equal(arrivals.reduce((a, b) => a + b), 1000)
    assert.ok(Math.max(...arrivals) <= 150, `peak of ${Math.max(...arrivals)} in 100 ms: ${arrivals}`)
  })

  test('a connection that dies young does not clear the backoff, one that lived does', async () => {
    const { world } = await online()
    world.random = 1
    await world.socket.hangUp()
    assert.equal(world.details.at(-1).retryIn, 1000)
    await world.pass(1000)
    await world.socket.accept()
    await world.socket.hangUp()
    assert.equal(world.details.at(-1).retryIn, 1500)
    await world.pass(1500)
    await world.socket.accept()
    await world.pass(5000)
    await world.socket.hangUp()
    assert.equal(world.details.at(-1).retryIn, 1000)
  })
})

describe('the state', () => {
  test('goes from connecting over online and reconnecting to closed', async () => {
    const { world, chat } = await online()
    await world.socket.hangUp()
    await world.pass(500)
    await world.socket.accept()
    chat.close()
    assert.deepEqual(world.states, ['online', 'reconnecting', 'online', 'closed'])
    assert.equal(world.timers, 0)
    assert.ok(world.socket.closed)
  })

  test('is offline while the browser has no network, and online wakes it at once', async () => {
    const { world, chat } = await online()
    world.window.navigator.onLine = false
    await world.socket.hangUp()
    assert.equal(chat.state, 'offline')
    await world.browser('online')
    assert.equal(world.sockets.length, 2)
    await world.socket.accept()
    assert.deepEqual(world.states, ['online', 'offline', 'reconnecting', 'online'])
  })

  test('losing the network while waiting shows, and waiting goes on', async () => {
    const { world, chat } = await online()
    await world.socket.hangUp()
    await world.browser('offline', { onLine: false })
    assert.equal(chat.state, 'offline')
    await world.pass(500)
    assert.equal(world.sockets.length, 2)
  })

  test('a page that is looked at again does not wait any longer', async () => {
    const { world } = await online()
    world.random = 1
    await world.socket.hangUp()
    await world.browser('visibilitychange', { visible: false })
    assert.equal(world.sockets.length, 1)
    await world.browser('visibilitychange')
    assert.equal(world.sockets.length, 2)
  })

  test('somebody who does not want to wait need not, but for what the server asked', async () => {
    const { world, chat } = await online()
    world.random = 1
    await world.socket.hangUp()
    chat.retry()
    await world.pass(0)
    assert.equal(world.sockets.length, 2)
    await world.socket.accept()
    await world.socket.say({ type: 'bye', code: 1001, reconnect: true, reconnectAfter: 4000 })
    chat.retry()
    await world.pass(3999)
    assert.equal(world.sockets.length, 2)
    chat.close()
    chat.retry()
    await world.pass(10_000)
    assert.equal(world.sockets.length, 2)
  })

  test('waking does not disturb an attempt under way', async () => {
    const world = new World()
    await world.chat()
    await world.browser('online')
    await world.browser('visibilitychange')
    assert.equal(world.sockets.length, 1)
  })

  test('waking does not shorten what the server asked for', async () => {
    const { world } = await online()
    await world.socket.say({ type: 'bye', code: 1001, reason: 'node leaving', reconnect: true, reconnectAfter: 4000 })
    await world.browser('online')
    await world.pass(3999)
    assert.equal(world.sockets.length, 1)
    await world.pass(1)
    assert.equal(world.sockets.length, 2)
  })

  test('closing while waiting, while connecting or twice ends everything', async () => {
    const { world, chat } = await online()
    await world.socket.hangUp()
    chat.close()
    chat.close()
    await world.pass(60_000)
    await world.browser('online')
    assert.equal(world.sockets.length, 1)
    assert.deepEqual(world.states, ['online', 'reconnecting', 'closed'])

    const other = new World()
    const young = await other.chat()
    young.close()
    await other.socket.accept()
    assert.equal(young.state, 'closed')
  })

  test('a listener may close the chat in the middle of anything', async () => {
    const world = new World()
    const chat = await world.chat()
    chat.room('general').join()
    chat.on('state', state => state === 'online' && chat.close())
    await world.socket.accept()
    assert.deepEqual(world.states, ['online', 'closed'])
    assert.equal(world.socket.sent.length, 0)
  })
})

describe('the end of a connection', () => {
  for (const code of [1000, 1001, 1006, 1009, 1011, 3000, 4000, 4408, 4410, 4429, 4430, 4499]) {
    test(`${code}: come back`, async () => {
      const { world, chat } = await online()
      await world.socket.hangUp(code)
      assert.equal(chat.state, 'reconnecting')
      await world.pass(1000)
      assert.equal(world.sockets.length, 2)
    })
  }

  for (const code of [4500, 4501, 4503, 4999]) {
    test(`${code}: stay away`, async () => {
      const { world, chat } = await online()
      await world.socket.hangUp(code, 'go')
      assert.equal(chat.state, 'closed')
      assert.equal(world.details.at(-1).code, code)
      await world.browser('online')
      await world.pass(120_000)
      assert.equal(world.sockets.length, 1)
      assert.equal(world.timers, 0)
    })
  }

  test('bye says the same as the close code, for transports that lose it', async () => {
    const { world, chat } = await online()
    await world.socket.say({ type: 'bye', code: 4503, reason: 'banned', reconnect: false })
    assert.equal(chat.state, 'closed')
    assert.ok(world.socket.closed)
  })

  test('bye with reconnect false is final whatever its code', async () => {
    const { world, chat } = await online()
    await world.socket.say({ type: 'bye', code: 1000, reason: 'bye', reconnect: false })
    assert.equal(chat.state, 'closed')
  })

  test('bye names the wait, which is kept exactly', async () => {
    const { world } = await online()
    await world.socket.say({ type: 'bye', code: 1001, reason: 'node leaving', reconnect: true, reconnectAfter: 7000 })
    await world.pass(6999)
    assert.equal(world.sockets.length, 1)
    await world.pass(1)
    assert.equal(world.sockets.length, 2)
  })

  test('after goaway the client stays until its time has come and then changes over', async () => {
    const { world, chat } = await online()
    await world.socket.say({ type: 'goaway', reconnectAfter: 5000 })
    await world.pass(4999)
    assert.equal(chat.state, 'online')
    await world.pass(1)
    assert.equal(world.sockets.length, 2)
    assert.ok(world.sockets[0].closed)
    await world.socket.accept({ node: 'n2' })
    await world.pass(20_000)
    assert.equal(chat.node, 'n2')
  })

  test('a connection that is replaced ends as an accident, one that is closed as a leaving', async () => {
    const { world, chat } = await online()
    await world.socket.say({ type: 'goaway', reconnectAfter: 10 })
    await world.pass(10)
    assert.equal(world.sockets[0].code, 4000)
    await world.socket.accept()
    chat.close()
    assert.equal(world.socket.code, 1000)
  })

  test('goaway that names no time is spread by the client', async () => {
    const { world } = await online()
    world.random = 0.25
    await world.socket.say({ type: 'goaway' })
    await world.pass(250)
    assert.equal(world.sockets.length, 2)
  })

  test('a node that leaves before the time it named is waited for no longer than that', async () => {
    const { world } = await online()
    await world.socket.say({ type: 'goaway', reconnectAfter: 5000 })
    await world.pass(2000)
    await world.socket.hangUp(1001)
    await world.pass(2999)
    assert.equal(world.sockets.length, 1)
    await world.pass(1)
    assert.equal(world.sockets.length, 2)
  })

  test('what an old socket still says is not heard', async () => {
    const { world, chat } = await online()
    const old = world.socket
    const { onmessage, onclose } = old
    await old.say({ type: 'bye', code: 1001, reconnect: true, reconnectAfter: 0 })
    await world.pass(0)
    await world.socket.accept()
    onmessage({ data: JSON.stringify({ type: 'bye', code: 4503, reconnect: false }) })
    onclose({ code: 4503 })
    assert.equal(chat.state, 'online')
  })
})

describe('the token', () => {
  const asking = () => {
    const reasons = []
    return { reasons, token: async why => (reasons.push(why), `t${reasons.length}`) }
  }

  test('is asked for once and kept over reconnects', async () => {
    const { reasons, token } = asking()
    const { world } = await online({ token })
    await world.socket.hangUp(4408)
    await world.pass(500)
    assert.deepEqual(reasons, ['connect'])
    assert.equal(world.socket.protocols[1], 'bearer.t1')
  })

  test('4401 fetches a fresh one', async () => {
    const { reasons, token } = asking()
    const { world } = await online({ token })
    await world.socket.hangUp(4401)
    await world.pass(500)
    assert.deepEqual(reasons, ['connect', 'rejected'])
    assert.equal(world.socket.protocols[1], 'bearer.t2')
  })

  test('after 4401 the old one is not used again, though fetching fails', async () => {
    const answers = ['t1', null, 't2']
    const reasons = []
    const token = async why => {
      reasons.push(why)
      const answer = answers.shift()
      if (!answer) throw new Error('no network')
      return answer
    }
    const { world } = await online({ token })
    await world.socket.hangUp(4401)
    await world.pass(5000)
    assert.deepEqual(reasons, ['connect', 'rejected', 'rejected'])
    assert.deepEqual(world.sockets.map(socket => socket.protocols[1]), ['bearer.t1', 'bearer.t2'])
  })

  test('4401 with a fixed token is final', async () => {
    const { world, chat } = await online({ token: 'fixed' })
    await world.socket.hangUp(4401)
    assert.equal(chat.state, 'closed')
  })

  test('is suspected at every other handshake that fails without a word', async () => {
    const { reasons, token } = asking()
    const world = new World()
    await world.chat({ token })
    const used = []
    for (let i = 0; i < 6; i++) {
      used.push(world.socket.protocols[1])
      await world.socket.hangUp(1006)
      for (const before = world.sockets.length; world.sockets.length === before;) await world.pass(100)
    }
    assert.deepEqual(reasons.slice(0, 4), ['connect', 'rejected', 'rejected', 'rejected'])
    assert.deepEqual(used, ['bearer.t1', 'bearer.t2', 'bearer.t2', 'bearer.t3', 'bearer.t3', 'bearer.t4'])
  })

  test('is not suspected when the connection had opened', async () => {
    const { reasons, token } = asking()
    const { world } = await online({ token })
    await world.socket.hangUp(1006)
    await world.pass(500)
    assert.deepEqual(reasons, ['connect'])
  })

  test('is renewed in band when it is about to end', async () => {
    const { reasons, token } = asking()
    const { world, chat } = await online({ token })
    await world.socket.say({ type: 'expiring', expires: world.now + 30_000 })
    assert.equal(world.socket.last('auth').token, 't2')
    await world.socket.answer('auth', { type: 'authenticated', user: 'ann', expires: world.now + 3_600_000 })
    assert.deepEqual(reasons, ['connect', 'expiring'])
    assert.equal(chat.state, 'online')
  })

  test('is tried for again while there is time, when its renewal fails', async () => {
    const answers = ['t1', null, null, 't2']
    const reasons = []
    const token = async why => {
      reasons.push(why)
      const answer = answers.shift()
      if (!answer) throw new Error('the issuer is busy')
      return answer
    }
    const { world, chat } = await online({ token })
    await world.socket.say({ type: 'expiring', expires: world.now + 30_000 })
    assert.equal(world.socket.of('auth').length, 0)
    await world.pass(500)
    assert.equal(world.socket.of('auth').length, 0)
    await world.pass(750)
    assert.equal(world.socket.last('auth').token, 't2')
    assert.deepEqual(reasons, ['connect', 'expiring', 'expiring', 'expiring'])
    assert.equal(chat.state, 'online')
  })

  test('whose renewal is refused for good is not asked for again by itself', async () => {
    const answers = ['t1', new ParleyError('forbidden', 'signed out')]
    const token = async () => {
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
      return answer
    }
    const { world, chat } = await online({ token })
    await world.socket.say({ type: 'expiring', expires: world.now + 30_000 })
    await world.pass(20_000)
    assert.equal(chat.state, 'online')
    assert.equal(answers.length, 0)
  })

  test('known to have ended is replaced before the next attempt', async () => {
    const { reasons, token } = asking()
    const world = new World()
    await world.chat({ token })
    await world.socket.accept({ expires: world.now + 60_000 })
    await world.sleep(90_000)
    await world.socket.hangUp()
    await world.pass(1000)
    assert.deepEqual(reasons, ['connect', 'expiring'])
  })

  test('that cannot be fetched is tried for again, and a refusal for good closes', async () => {
    const answers = [new Error('no network'), new ParleyError('forbidden', 'no guests')]
    const world = new World()
    const chat = await world.chat({ token: async () => { throw answers.shift() } })
    assert.equal(chat.state, 'reconnecting')
    assert.equal(world.details[0].error.message, 'no network')
    await world.pass(500)
    assert.equal(chat.state, 'closed')
    assert.equal(world.details[1].error.code, 'forbidden')
  })

  test('that never comes does not hold the client for ever', async () => {
    let asked = 0
    const world = new World()
    await world.chat({ token: () => (asked++, new Promise(() => {})) })
    await world.pass(30_000 + 1000)
    assert.equal(asked, 2)
  })
})

describe('the heartbeat', () => {
  test('asks after a silence, and an answer is enough', async () => {
    const { world, chat } = await online()
    await world.pass(29_999)
    assert.equal(world.socket.of('ping').length, 0)
    await world.pass(1)
    assert.equal(world.socket.of('ping').length, 1)
    await world.socket.say({ type: 'pong', time: 1 })
    await world.pass(10_000)
    assert.equal(chat.state, 'online')
  })

  test('any frame is life', async () => {
    const { world } = await online()
    for (let i = 0; i < 8; i++) {
      await world.pass(20_000)
      await world.socket.say(message(i))
    }
    assert.equal(world.socket.of('ping').length, 0)
  })

  test('no answer in ten seconds is a dead connection', async () => {
    const { world, chat } = await online()
    await world.pass(39_999)
    assert.equal(chat.state, 'online')
    await world.pass(1)
    assert.equal(chat.state, 'reconnecting')
    assert.ok(world.socket.closed)
  })

  test('a page that slept asks first and is not fooled by the leap of the clock', async () => {
    const { world, chat } = await online()
    await world.sleep(3_600_000)
    assert.equal(world.socket.of('ping').length, 1)
    await world.socket.say({ type: 'pong', time: 1 })
    await world.pass(15_000)
    assert.equal(chat.state, 'online')
  })

  test('a page that was frozen asks as soon as it goes on', async () => {
    const { world, chat } = await online()
    world.now += 60_000
    await world.browser('resume')
    assert.equal(world.socket.of('ping').length, 1)
    await world.pass(10_000)
    assert.equal(chat.state, 'reconnecting')
  })

  test('a page that is seen again, or whose network changed, asks at once', async () => {
    const { world, chat } = await online()
    await world.browser('visibilitychange')
    assert.equal(world.socket.of('ping').length, 1)
    await world.pass(10_000)
    assert.equal(chat.state, 'reconnecting')
  })
})

describe('frames', () => {
  test('that are unknown or broken harm nothing', async () => {
    const { world, chat } = await online()
    await world.socket.say('{', '[]', 'null', '1', { type: 'aurora', room: 'general' }, { type: 'ack', ref: 99 })
    assert.equal(chat.state, 'online')
  })

  test('of errors that nobody waits for are told to who listens', async () => {
    const { world, chat } = await online()
    const errors = []
    chat.on('error', error => errors.push(error))
    await world.socket.say({ type: 'error', code: 'rate_limited', message: 'slowly', retryAfter: 100 })
    assert.ok(errors[0] instanceof ParleyError)
    assert.deepEqual([errors[0].code, errors[0].retryable, errors[0].retryAfter], ['rate_limited', true, 100])
  })
})

const message = seq => ({ type: 'message', room: 'general', epoch: 'e', seq, id: `${seq}`, user: 'bob', time: 1, data: 1 })
