import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { outcome, World } from './world.mjs'

async function inGeneral(welcome) {
  const world = new World()
  const chat = await world.chat()
  await world.socket.accept(welcome)
  const room = chat.room('general')
  room.join()
  await world.socket.joined(0)
  return { world, chat, room }
}

async function reconnect(world, code) {
  await world.socket.hangUp(code)
  await world.pass(1000)
  await world.socket.accept()
  await world.socket.joined(0, { recovered: true })
}

const said = world => world.sockets.flatMap(socket => socket.of('publish'))

describe('sending', () => {
  test('settles with the place that the server gave', async () => {
    const { world, room } = await inGeneral()
    const sending = outcome(room.send({ text: 'hi' }))
    const { id, data } = world.socket.last('publish')
    assert.deepEqual(data, { text: 'hi' })
    assert.match(id, /^[0-9a-f]{32}$/)
    await world.socket.ack(1)
    assert.deepEqual(sending.value, { id, epoch: 'e1', seq: 1, time: 5 })
    assert.deepEqual(room.pending, [])
  })

  test('keeps what was said as it was when it was said', async () => {
    const { world, room } = await inGeneral()
    const data = { text: 'before' }
    await world.socket.hangUp()
    room.send(data)
    data.text = 'after'
    assert.deepEqual(room.pending[0].data, { text: 'before' })
  })

  test('refuses what is no JSON', async () => {
    const { room } = await inGeneral()
    const loop = {}
    loop.loop = loop
    for (const data of [undefined, loop, 1n]) await assert.rejects(room.send(data), { code: 'bad_request' })
  })

  test('without a connection waits, then goes in order, each once', async () => {
    const { world, room } = await inGeneral()
    await world.socket.hangUp()
    const sendings = ['a', 'b', 'c'].map(text => outcome(room.send(text)))
    assert.deepEqual(room.pending.map(item => item.data), ['a', 'b', 'c'])
    await world.pass(1000)
    await world.socket.accept()
    assert.equal(said(world).length, 0, 'nothing before the room is joined again')
    await world.socket.joined(0, { recovered: true })
    for (let seq = 1; seq <= 3; seq++) await world.socket.ack(seq)
    assert.deepEqual(said(world).map(frame => frame.data), ['a', 'b', 'c'])
    assert.deepEqual(sendings.map(sending => sending.value.seq), [1, 2, 3])
  })

  test('cut off before its ack is repeated under the same id', async () => {
    const { world, room } = await inGeneral()
    const sending = outcome(room.send('a'))
    await reconnect(world)
    await reconnect(world)
    const ids = new Set(said(world).map(frame => frame.id))
    assert.equal(said(world).length, 3)
    assert.equal(ids.size, 1)
    await world.socket.ack(7, { duplicate: true })
    assert.equal(sending.value.seq, 7)
    await reconnect(world)
    assert.equal(said(world).length, 3)
  })

  test('left unanswered is repeated under the same id, and a late second ack is nothing', async () => {
    const { world, room } = await inGeneral()
    const sending = outcome(room.send('a'))
    const first = world.socket.last('publish')
    for (let i = 0; i < 4; i++) {
      await world.pass(4000)
      await world.socket.say({ type: 'signal', room: 'x', name: 'life', user: 'bob' })
    }
    const second = world.socket.last('publish')
    assert.equal(said(world).length, 2)
    assert.equal(second.id, first.id)
    assert.notEqual(second.ref, first.ref)
    await world.socket.ack(1)
    await world.socket.say({ type: 'ack', ref: first.ref, room: 'general', id: first.id, epoch: 'e1', seq: 1, time: 5 })
    assert.equal(sending.value.seq, 1)
  })

  test('refused for now waits as long as the server says and holds back what came later', async () => {
    const { world, room } = await inGeneral()
    const sendings = ['a', 'b'].map(text => outcome(room.send(text)))
    await world.socket.refuse('publish', 'rate_limited', { retryAfter: 3000 })
    await world.pass(2999)
    assert.equal(said(world).length, 1)
    await world.pass(1)
    await world.socket.refuse('publish', 'unavailable')
    await world.pass(1500)
    await world.socket.ack(1)
    await world.socket.ack(2)
    assert.deepEqual(said(world).map(frame => frame.data), ['a', 'a', 'a', 'b'])
    assert.equal(new Set(said(world).slice(0, 3).map(frame => frame.id)).size, 1)
    assert.deepEqual(sendings.map(sending => sending.value.seq), [1, 2])
  })

  test('nothing overtakes what waits', async () => {
    const { world, room } = await inGeneral()
    room.send('a')
    await world.socket.refuse('publish', 'rate_limited', { retryAfter: 3000 })
    room.send('b')
    assert.equal(said(world).length, 1)
  })

  test('before the room is joined waits for it', async () => {
    const world = new World()
    const chat = await world.chat()
    await world.socket.accept()
    const room = chat.room('general')
    room.join()
    room.send('early')
    assert.equal(said(world).length, 0)
    await world.socket.joined(0)
    assert.equal(said(world).length, 1)
  })

  test('a wait ends with the connection: another node may serve at once', async () => {
    const { world, room } = await inGeneral()
    room.send('a')
    await world.socket.refuse('publish', 'unavailable', { retryAfter: 600_000 })
    await reconnect(world)
    assert.equal(world.socket.of('publish').length, 1)
  })

  test('refused for good rejects, and the next goes on', async () => {
    const { world, room } = await inGeneral()
    const sendings = ['a', 'b'].map(text => outcome(room.send(text)))
    await world.socket.refuse('publish', 'forbidden')
    await world.socket.ack(1)
    assert.equal(sendings[0].code, 'forbidden')
    assert.equal(sendings[1].value.seq, 1)
  })

  test('what was rejected can be sent again as the same message', async () => {
    const { world, room } = await inGeneral()
    room.send('a', { id: 'mine' })
    await world.socket.refuse('publish', 'forbidden')
    const again = outcome(room.send('a', { id: 'mine' }))
    room.send('a', { id: 'mine' })
    assert.deepEqual(said(world).map(frame => frame.id), ['mine', 'mine'])
    await world.socket.ack(1)
    assert.equal(again.value.id, 'mine')
  })

  test('larger than a frame rejects instead of breaking the connection again and again', async () => {
    const { world, room } = await inGeneral({ limits: { frame: 200, rooms: 1, rate: 1 } })
    const sending = outcome(room.send('ü'.repeat(100)))
    const small = outcome(room.send('ü'))
    await world.pass(0)
    assert.equal(sending.code, 'too_large')
    await world.socket.ack(1)
    assert.equal(small.value.seq, 1)
  })

  test('what the server closed over with 1009 is not said again', async () => {
    const { world, room } = await inGeneral()
    const sendings = ['big', 'next'].map(text => outcome(room.send(text)))
    await reconnect(world, 1009)
    assert.equal(sendings[0].code, 'too_large')
    assert.equal(world.socket.last('publish').data, 'next')
  })

  test('has bounds', async () => {
    const { world, room } = await inGeneral()
    await world.socket.hangUp()
    for (let i = 0; i < 1000; i++) room.send(i)
    await assert.rejects(room.send('one more'), { code: 'outbox_full', retryable: true })
  })

  test('ends with leaving and with closing, and says so', async () => {
    const { world, chat, room } = await inGeneral()
    const first = outcome(room.send('a'))
    room.leave()
    await world.pass(0)
    assert.equal(first.code, 'left')
    await world.socket.hangUp()
    room.join()
    const second = outcome(room.send('b'))
    chat.close()
    await world.pass(0)
    assert.equal(second.code, 'closed')
    await assert.rejects(room.send('c'), { code: 'closed' })
    await assert.rejects(room.join(), { code: 'closed' })
    await assert.rejects(room.history().next(), { code: 'closed' })
  })

  test('to a room that is not joined is left to the server to judge', async () => {
    const world = new World()
    const chat = await world.chat()
    await world.socket.accept()
    const sending = outcome(chat.room('general').send('hi'))
    await world.socket.refuse('publish', 'not_joined')
    assert.equal(sending.code, 'not_joined')
  })
})
