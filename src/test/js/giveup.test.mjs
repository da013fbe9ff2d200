import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { message, outcome, World } from './world.mjs'

async function inGeneral() {
  const world = new World()
  const chat = await world.chat()
  await world.socket.accept()
  const room = chat.room('general')
  room.join()
  await world.socket.joined(0)
  return { world, chat, room }
}

async function away(world) {
  await world.socket.hangUp()
  await world.pass(1000)
  await world.socket.accept()
  await world.socket.joined(0, { recovered: true })
}

describe('a send that is given up', () => {
  test('before it went is not sent at all', async () => {
    const { world, room } = await inGeneral()
    await world.socket.hangUp()
    const giving = new AbortController()
    const first = outcome(room.send('a', { signal: giving.signal }))
    const second = outcome(room.send('b'))
    giving.abort(new Error('changed my mind'))
    await world.pass(1000)
    assert.equal(first.code, 'aborted')
    assert.equal(first.error.cause.message, 'changed my mind')
    await world.socket.accept()
    await world.socket.joined(0, { recovered: true })
    assert.deepEqual(world.socket.of('publish').map(frame => frame.data), ['b'])
    await world.socket.ack(1)
    assert.equal(second.value.seq, 1)
  })

  test('after it went is not repeated, and what follows waits for its answer', async () => {
    const { world, room } = await inGeneral()
    const giving = new AbortController()
    const first = outcome(room.send('a', { signal: giving.signal }))
    const second = outcome(room.send('b'))
    giving.abort()
    await world.pass(0)
    assert.equal(first.code, 'aborted')
    assert.equal(world.socket.of('publish').length, 1)
    await world.socket.ack(1)
    assert.equal(world.socket.last('publish').data, 'b')
    await world.socket.ack(2)
    assert.equal(second.value.seq, 2)
  })

  test('and was under way when the frame was too large takes nobody with it', async () => {
    const { world, room } = await inGeneral()
    const giving = new AbortController()
    room.send('a', { signal: giving.signal })
    const second = outcome(room.send('b'))
    giving.abort()
    await world.socket.hangUp(1009)
    await world.pass(1000)
    await world.socket.accept()
    await world.socket.joined(0, { recovered: true })
    assert.ok(second.open)
    assert.equal(world.socket.last('publish').data, 'b')
  })

  test('after a time says timeout, and may be repeated as the same message', async () => {
    const { world, room } = await inGeneral()
    const first = outcome(room.send('a', { id: 'x', timeout: 2000 }))
    await world.pass(1999)
    assert.ok(first.open)
    await world.pass(1)
    assert.deepEqual([first.code, first.error.retryable], ['timeout', true])
    assert.deepEqual(room.pending, [])
    const again = outcome(room.send('a', { id: 'x' }))
    await world.socket.ack(1)
    await world.socket.ack(1, { duplicate: true })
    assert.equal(again.value.seq, 1)
  })

  test('when it had been answered changes nothing', async () => {
    const { world, room } = await inGeneral()
    const giving = new AbortController()
    const sending = outcome(room.send('a', { signal: giving.signal, timeout: 1000 }))
    await world.socket.ack(1)
    giving.abort()
    await world.pass(2000)
    assert.equal(sending.value.seq, 1)
  })

  test('before it was made is not made', async () => {
    const { world, room } = await inGeneral()
    await assert.rejects(room.send('a', { signal: AbortSignal.abort() }), { code: 'aborted' })
    assert.equal(world.socket.of('publish').length, 0)
  })

  test('by one who only waited for it goes on for the others', async () => {
    const { world, room } = await inGeneral()
    const first = outcome(room.send('a', { id: 'x' }))
    const second = outcome(room.send('a', { id: 'x', signal: AbortSignal.abort() }))
    await world.socket.ack(1)
    assert.equal(second.code, 'aborted')
    assert.equal(first.value.seq, 1)
  })
})

describe('a join that is given up', () => {
  test('is taken back', async () => {
    const world = new World()
    const chat = await world.chat()
    await world.socket.accept()
    const room = chat.room('general')
    const joining = outcome(room.join({ timeout: 5000 }))
    await world.pass(5000)
    assert.equal(joining.code, 'timeout')
    assert.equal(world.socket.of('leave').length, 1)
    await world.socket.joined(3)
    assert.equal(room.joined, false)
    await away(world).catch(() => {})
    assert.equal(world.socket.of('join').length, 0)
  })

  test('after it succeeded is not undone', async () => {
    const world = new World()
    const chat = await world.chat()
    await world.socket.accept()
    const giving = new AbortController()
    const room = chat.room('general')
    room.join({ signal: giving.signal, timeout: 5000 })
    await world.socket.joined(3)
    giving.abort()
    await world.pass(6000)
    assert.ok(room.joined)
  })

  test('before it was made is not made, and may be made later', async () => {
    const world = new World()
    const chat = await world.chat()
    await world.socket.accept()
    const room = chat.room('general')
    await assert.rejects(room.join({ signal: AbortSignal.abort() }), { code: 'aborted' })
    assert.equal(world.socket.of('join').length, 0)
    room.join()
    await world.socket.joined(0)
    assert.ok(room.joined)
  })
})

describe('the others', () => {
  test('a leave that nobody answers is given up', async () => {
    const { world, room } = await inGeneral()
    const leaving = outcome(room.leave({ timeout: 100 }))
    await world.pass(100)
    assert.equal(leaving.code, 'timeout')
    assert.equal(room.joined, false)
  })

  test('history is given up page by page', async () => {
    const { world, room } = await inGeneral()
    const pages = room.history({ timeout: 100 })
    const first = outcome(pages.next())
    await world.socket.answer('history', { type: 'history', epoch: 'e1', messages: [message(2)], more: true })
    assert.equal(first.value.value.length, 1)
    const second = outcome(pages.next())
    await world.pass(100)
    assert.equal(second.code, 'timeout')
  })

  test('no timer is left behind', async () => {
    const { world, chat, room } = await inGeneral()
    room.send('a', { timeout: 60_000 })
    await world.socket.ack(1)
    const leaving = room.leave({ timeout: 60_000 })
    await world.socket.answer('leave', { type: 'left' })
    await leaving
    chat.close()
    assert.equal(world.timers, 0)
  })
})
