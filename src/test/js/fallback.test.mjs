import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { World } from './world.mjs'

/** A world with a way around; its sockets are those whose address says so. */
async function start(options = {}) {
  const world = new World()
  const fallback = url => new world.WebSocket(`around:${url}`)
  const chat = await world.chat({ fallback, ...options })
  return { world, chat }
}

const around = socket => socket.url.startsWith('around:')
const ways = world => world.sockets.map(socket => (around(socket) ? 'around' : 'straight'))

/** Introduced by its first frame, as the server has it. */
async function greet(socket, welcome) {
  await socket.onopen({})
  await socket.answer('auth', { type: 'authenticated', user: 'ann' })
  await socket.accept(welcome)
}

describe('the fallback', () => {
  test('is tried at once when a WebSocket can’t be opened, and says who we are in its first frame', async () => {
    const { world, chat } = await start()
    await world.socket.hangUp()
    await world.pass(0)
    assert.deepEqual(ways(world), ['straight', 'around'])
    assert.equal(world.socket.url, 'around:ws://server/ws')
    assert.equal(world.socket.sent.length, 0)
    await world.socket.onopen({})
    assert.deepEqual(world.socket.sent, [{ type: 'auth', ref: 1, token: 'jwt' }])
    await world.socket.answer('auth', { type: 'authenticated', user: 'ann' })
    await world.socket.say({ type: 'welcome', user: 'ann', heartbeat: 30_000 })
    assert.equal(chat.state, 'online')
  })

  test('without a token says nothing: a cookie has', async () => {
    const { world } = await start({ token: undefined })
    await world.socket.hangUp()
    await world.pass(0)
    await world.socket.onopen({})
    assert.equal(world.socket.sent.length, 0)
  })

  test('is not tried once a WebSocket has been open', async () => {
    const { world } = await start()
    await world.socket.accept()
    for (let i = 0; i < 4; i++) {
      await world.socket.hangUp()
      await world.pass(5000)
    }
    assert.ok(world.sockets.length > 4)
    assert.ok(world.sockets.every(socket => !around(socket)))
  })

  test('that worked is what is tried first afterwards', async () => {
    const { world } = await start()
    await world.socket.hangUp()
    await world.pass(0)
    await greet(world.socket)
    await world.socket.hangUp()
    await world.pass(1000)
    assert.deepEqual(ways(world), ['straight', 'around', 'around'])
  })

  test('takes turns with the WebSocket while neither works, with growing waits', async () => {
    const { world } = await start()
    world.random = 1
    for (let i = 0; i < 5; i++) {
      await world.socket.hangUp()
      await world.pass(30_000)
    }
    assert.deepEqual(ways(world).slice(0, 6), ['straight', 'around', 'straight', 'around', 'straight', 'around'])
  })

  test('is not for a token that can’t be had', async () => {
    const { world } = await start({ token: async () => { throw new Error('no network') } })
    await world.pass(60_000)
    assert.equal(world.sockets.length, 0)
  })

  test('whose token is refused fetches another one', async () => {
    const reasons = []
    const { world } = await start({ token: async why => (reasons.push(why), `t${reasons.length}`) })
    await world.socket.hangUp()
    await world.pass(0)
    await world.socket.onopen({})
    await world.socket.refuse('auth', 'unauthenticated')
    await world.pass(5000)
    assert.deepEqual(reasons, ['connect', 'rejected'])
    assert.deepEqual(ways(world), ['straight', 'around', 'straight'])
    assert.equal(world.socket.protocols[1], 'bearer.t2')
  })

  test('whose library can’t be fetched gives way to the WebSocket again', async () => {
    const { world } = await start({ fallback: async () => { throw new TypeError('no such module') } })
    await world.socket.hangUp()
    await world.pass(5000)
    assert.deepEqual(ways(world), ['straight', 'straight'])
  })

  test('that comes too late is closed', async () => {
    let arrive
    const { world } = await start({ fallback: () => new Promise(resolve => (arrive = resolve)) })
    await world.socket.hangUp()
    await world.pass(30_000)
    const late = new world.WebSocket('around:late')
    arrive(late)
    await world.pass(0)
    assert.ok(late.closed)
  })

  test('has close codes of its own, which mean nothing; bye does', async () => {
    const { world, chat } = await start()
    await world.socket.hangUp()
    await world.pass(0)
    await greet(world.socket)
    await world.socket.hangUp(4999)
    assert.equal(chat.state, 'reconnecting')
    await world.pass(1000)
    await greet(world.socket)
    await world.socket.say({ type: 'bye', code: 4503, reason: 'banned', reconnect: false })
    assert.equal(chat.state, 'closed')
  })

  test('lets the server hear from us each heartbeat, however much it says itself', async () => {
    const { world, chat } = await start()
    await world.socket.hangUp()
    await world.pass(0)
    await greet(world.socket)
    for (let i = 0; i < 9; i++) {
      await world.pass(10_000)
      await world.socket.say({ type: 'signal', room: 'x', name: 'life', user: 'bob' })
    }
    assert.equal(world.socket.of('ping').length, 3)
    assert.equal(chat.state, 'online')
  })

  test('leaves its rooms before it is closed, for nobody else would tell the server', async () => {
    const { world, chat } = await start()
    await world.socket.hangUp()
    await world.pass(0)
    await greet(world.socket)
    chat.room('general').join()
    await world.socket.joined(0)
    chat.close()
    assert.equal(world.socket.of('leave').length, 1)
    assert.equal(world.socket.code, 1000)
  })

  test('is all there is where there is no WebSocket', async () => {
    const { world } = await start({ WebSocket: null, fallback: url => new world2.WebSocket(`around:${url}`) })
    assert.equal(world.sockets.length, 0)
    assert.equal(world2.sockets.length, 1)
  })
})

const world2 = new World()
