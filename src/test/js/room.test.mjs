import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { message, outcome, World } from './world.mjs'

/** Ann in #general at head 10, with what she sees. */
async function inGeneral({ head = 10, last = 0 } = {}) {
  const world = new World()
  const chat = await world.chat()
  await world.socket.accept()
  const room = chat.room('general')
  const seen = watch(room)
  const joining = room.join({ last })
  await world.socket.joined(head)
  await joining
  return { world, chat, room, ...seen }
}

function watch(room) {
  const seen = { seqs: [], ids: [], gaps: [], lefts: [], order: [] }
  room.on('message', m => (seen.seqs.push(m.seq), seen.ids.push(m.id), seen.order.push(m.id)))
  room.on('gap', gap => (seen.gaps.push(gap), seen.order.push('gap')))
  room.on('left', left => seen.lefts.push(left))
  return seen
}

async function reconnect(world) {
  await world.socket.hangUp()
  await world.pass(1000)
  await world.socket.accept()
}

describe('a room', () => {
  test('is the same handle each time, and a bad name is refused at once', async () => {
    const chat = await new World().chat()
    assert.equal(chat.room('general'), chat.room('general'))
    for (const name of ['', 'a b', 'ü', 'x'.repeat(129)]) assert.throws(() => chat.room(name), { code: 'bad_request' })
  })

  test('is joined once the server says so, wherever join was called', async () => {
    const world = new World()
    const chat = await world.chat()
    const room = chat.room('general')
    const joining = outcome(room.join({ last: 50 }))
    await world.socket.accept()
    assert.deepEqual(world.socket.sent, [{ type: 'join', room: 'general', last: 50, ref: 1 }])
    assert.ok(joining.open)
    await world.socket.joined(7)
    assert.deepEqual(joining.value, { epoch: 'e1', seq: 7, recovered: false })
    assert.ok(room.joined)
    await room.join()
    assert.equal(world.socket.of('join').length, 1)
  })

  test('tells its messages in order, each once', async () => {
    const { world, seqs, ids } = await inGeneral()
    await world.socket.say(message(11), message(12), message(12), message(11), message(13))
    assert.deepEqual(seqs, [11, 12, 13])
    assert.deepEqual(ids, ['m11', 'm12', 'm13'])
  })

  test('begins with its history, which may begin anywhere', async () => {
    const { world, seqs, gaps } = await inGeneral({ head: 10, last: 50 })
    await world.socket.say(message(8), message(9), message(10), message(11))
    assert.deepEqual(seqs, [8, 9, 10, 11])
    assert.equal(gaps.length, 0)
  })

  test('a handler added twice is one, its undo undoes, and one that throws harms nobody', async () => {
    const { world, room, seqs } = await inGeneral()
    const report = console.error
    const reported = []
    console.error = error => reported.push(error.message)
    let calls = 0
    const count = () => calls++
    room.on('message', () => { throw new Error('mine') })
    room.on('message', count)
    const off = room.on('message', count)
    await world.socket.say(message(11))
    off()
    await world.socket.say(message(12))
    console.error = report
    assert.equal(calls, 1)
    assert.deepEqual(seqs, [11, 12])
    assert.deepEqual(reported, ['mine', 'mine'])
  })

  test('passes signals on, both ways, and keeps none', async () => {
    const { world, room } = await inGeneral()
    const signals = []
    room.on('signal', s => signals.push([s.user, s.name, s.data]))
    await world.socket.say({ type: 'signal', room: 'general', name: 'typing', user: 'bob', data: { on: true } })
    assert.deepEqual(signals, [['bob', 'typing', { on: true }]])
    room.signal('typing', { on: true })
    assert.deepEqual(world.socket.last('signal'), { type: 'signal', room: 'general', name: 'typing', data: { on: true } })
    await world.socket.hangUp()
    room.signal('typing')
    await world.pass(1000)
    await world.socket.accept()
    assert.equal(world.socket.of('signal').length, 0)
  })

  test('a refused join says why', async () => {
    const world = new World()
    const chat = await world.chat()
    await world.socket.accept()
    const joining = outcome(chat.room('general').join())
    await world.socket.refuse('join', 'forbidden')
    assert.equal(joining.code, 'forbidden')
    assert.equal(joining.error.retryable, false)
    await world.socket.hangUp()
    await world.pass(1000)
    await world.socket.accept()
    assert.equal(world.socket.of('join').length, 0)
  })

  test('a join that came too fast is made again when the server likes', async () => {
    const world = new World()
    const chat = await world.chat()
    await world.socket.accept()
    const joining = outcome(chat.room('general').join())
    await world.socket.refuse('join', 'rate_limited', { retryAfter: 700 })
    await world.pass(699)
    assert.equal(world.socket.of('join').length, 1)
    await world.pass(1)
    await world.socket.joined(0)
    assert.equal(joining.value.seq, 0)
  })

  test('left is left: nothing more is told, nothing is resumed, and joining again begins anew', async () => {
    const { world, room, seqs } = await inGeneral()
    await world.socket.say(message(11))
    const leaving = outcome(room.leave())
    await world.socket.say(message(12))
    await world.socket.answer('leave', { type: 'left' })
    assert.equal(leaving.open, false)
    assert.deepEqual(seqs, [11])
    await reconnect(world)
    assert.equal(world.socket.of('join').length, 0)
    room.join({ last: 2 })
    assert.equal(world.socket.last('join').since, undefined)
    await world.socket.joined(12)
    await world.socket.say(message(11), message(12))
    assert.deepEqual(seqs, [11, 11, 12])
  })

  test('an answer to a join that was taken back changes nothing', async () => {
    const world = new World()
    const chat = await world.chat()
    await world.socket.accept()
    const room = chat.room('general')
    const first = outcome(room.join())
    const early = world.socket.last('join')
    room.leave()
    const second = outcome(room.join())
    await world.socket.say({ type: 'joined', ref: early.ref, room: 'general', epoch: 'e0', seq: 3, recovered: false })
    assert.equal(first.code, 'left')
    assert.ok(second.open)
    assert.equal(room.joined, false)
    await world.socket.joined(4)
    assert.equal(second.value.seq, 4)
  })

  test('being thrown out is told, and stays so', async () => {
    const { world, room, lefts } = await inGeneral()
    const sending = outcome(room.send('hi'))
    await world.socket.say({ type: 'left', room: 'general', reason: 'kicked' })
    assert.equal(lefts[0].reason, 'kicked')
    assert.equal(sending.code, 'forbidden')
    await reconnect(world)
    assert.equal(world.socket.of('join').length, 0)
  })
})

describe('resuming', () => {
  test('asks for what came after the last message that was told', async () => {
    const { world, seqs, gaps } = await inGeneral()
    await world.socket.say(message(11))
    await reconnect(world)
    assert.deepEqual(world.socket.last('join').since, { epoch: 'e1', seq: 11 })
    await world.socket.joined(13, { recovered: true })
    await world.socket.say(message(12), message(13), message(14))
    assert.deepEqual(seqs, [11, 12, 13, 14])
    assert.equal(gaps.length, 0)
  })

  test('happens in every room, each from its own position', async () => {
    const world = new World()
    const chat = await world.chat()
    await world.socket.accept()
    for (const name of ['a', 'b', 'c']) {
      chat.room(name).join()
      await world.socket.joined(5)
    }
    await world.socket.say(message(6, { room: 'b' }))
    await reconnect(world)
    assert.deepEqual(
      world.socket.of('join').map(join => [join.room, join.since.seq]),
      [['a', 5], ['b', 6], ['c', 5]],
    )
  })

  test('too late is a gap, told before what follows', async () => {
    const { world, order, gaps } = await inGeneral({ last: 2 })
    await world.socket.say(message(9), message(10))
    await reconnect(world)
    assert.equal(world.socket.last('join').last, 2)
    await world.socket.joined(500, { recovered: false })
    await world.socket.say(message(499), message(500), message(501))
    assert.deepEqual(order, ['m9', 'm10', 'gap', 'm499', 'm500', 'm501'])
    assert.deepEqual(gaps, [{ since: { epoch: 'e1', seq: 10 }, epoch: 'e1', seq: 500 }])
  })

  test('is tried again while the server cannot, and given up when it will not', async () => {
    const { world, room, lefts } = await inGeneral()
    await reconnect(world)
    await world.socket.refuse('join', 'room_full', { retryAfter: 2000 })
    await world.pass(2000)
    assert.equal(world.socket.of('join').length, 2)
    await world.socket.refuse('join', 'forbidden')
    assert.deepEqual(lefts.map(left => left.reason), ['forbidden'])
    assert.equal(room.joined, false)
  })

  test('broken in the middle of its replay goes on from there', async () => {
    const { world, seqs } = await inGeneral()
    await reconnect(world)
    await world.socket.joined(20, { recovered: true })
    await world.socket.say(message(11), message(12))
    await reconnect(world)
    assert.equal(world.socket.last('join').since.seq, 12)
    await world.socket.joined(20, { recovered: true })
    for (let seq = 13; seq <= 20; seq++) await world.socket.say(message(seq))
    assert.deepEqual(seqs, [11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
  })

  test('an unanswered join is asked again', async () => {
    const { world } = await inGeneral()
    await reconnect(world)
    for (let i = 0; i < 4; i++) {
      await world.pass(4000)
      await world.socket.say({ type: 'signal', room: 'x', name: 'life', user: 'bob' })
    }
    assert.equal(world.socket.of('join').length, 2)
  })

  test('a room that was silent at first does not see a gap in what never was', async () => {
    const { world } = await inGeneral({ head: 100, last: 50 })
    await world.pass(30_000)
    await world.socket.say({ type: 'pong', time: 1 })
    await reconnect(world)
    assert.deepEqual(world.socket.last('join').since, { epoch: 'e1', seq: 100 })
  })
})

describe('a hole', () => {
  test('is asked about once, and filled before anything after it is told', async () => {
    const { world, seqs, gaps } = await inGeneral()
    await world.socket.say(message(11), message(14), message(15))
    assert.deepEqual(world.socket.last('join').since, { epoch: 'e1', seq: 11 })
    assert.equal(world.socket.of('join').length, 2)
    await world.socket.joined(15, { recovered: true })
    await world.socket.say(message(12), message(13), message(14), message(15), message(16))
    assert.deepEqual(seqs, [11, 12, 13, 14, 15, 16])
    assert.equal(gaps.length, 0)
  })

  test('that the server cannot fill is a gap, and does not make the client ask for ever', async () => {
    const { world, order } = await inGeneral()
    await world.socket.say(message(12))
    await world.socket.joined(12, { recovered: true })
    await world.socket.say(message(12), message(13))
    assert.deepEqual(order, ['gap', 'm12', 'm13'])
    assert.equal(world.socket.of('join').length, 2)
  })
})

describe('a new numbering', () => {
  const renumbered = (seq, recovered = true) => ({ type: 'joined', room: 'general', epoch: 'e2', seq, recovered })
  const united = (seq, id) => message(seq, { epoch: 'e2', id })

  test('told unasked brings only what was not seen', async () => {
    const { world, ids, gaps } = await inGeneral()
    await world.socket.say(message(11, { id: 'x' }), message(12, { id: 'y' }))
    await world.socket.say(renumbered(14), united(11, 'p'), united(12, 'x'), united(13, 'q'), united(14, 'y'), united(15, 'z'))
    assert.deepEqual(ids, ['x', 'y', 'p', 'q', 'z'])
    assert.equal(gaps.length, 0)
    await reconnect(world)
    assert.deepEqual(world.socket.last('join').since, { epoch: 'e2', seq: 15 })
  })

  test('an id is only its user’s', async () => {
    const { world, ids } = await inGeneral()
    await world.socket.say(message(11, { id: 'x' }))
    await world.socket.say(renumbered(12), united(12, 'x'), { ...united(13, 'x'), user: 'eve' })
    assert.deepEqual(ids, ['x', 'x'])
  })

  test('told while the heartbeat is asked for is not taken for silence', async () => {
    const { world } = await inGeneral()
    await world.socket.say(message(11))
    await world.pass(30_000)
    await world.socket.say(renumbered(14), { type: 'pong', time: 1 })
    await reconnect(world)
    assert.deepEqual(world.socket.last('join').since, { epoch: 'e1', seq: 11 })
  })

  test('that cannot be followed is a gap', async () => {
    const { world, order, gaps } = await inGeneral()
    await world.socket.say(message(11), renumbered(3, false), united(4, 'n'))
    assert.deepEqual(order, ['m11', 'gap', 'n'])
    assert.deepEqual(gaps[0], { since: { epoch: 'e1', seq: 11 }, epoch: 'e2', seq: 3 })
  })

  test('cut off before its first message is asked for from the old position', async () => {
    const { world } = await inGeneral()
    await world.socket.say(message(11), renumbered(14))
    await reconnect(world)
    assert.deepEqual(world.socket.last('join').since, { epoch: 'e1', seq: 11 })
  })

  test('that adds nothing is simply taken', async () => {
    const { world, gaps } = await inGeneral()
    await world.socket.say(message(11), renumbered(11))
    await reconnect(world)
    assert.deepEqual(world.socket.last('join').since, { epoch: 'e2', seq: 11 })
    assert.equal(gaps.length, 0)
  })

  test('found out from a message alone is asked about', async () => {
    const { world, ids } = await inGeneral()
    await world.socket.say(message(11), united(12, 'n'))
    assert.deepEqual(world.socket.last('join').since, { epoch: 'e1', seq: 11 })
    await world.socket.joined(12, { epoch: 'e2', recovered: true })
    await world.socket.say(united(12, 'n'))
    assert.deepEqual(ids, ['m11', 'n'])
  })

  test('found on coming back works like one told unasked', async () => {
    const { world, ids } = await inGeneral()
    await world.socket.say(message(11, { id: 'x' }))
    await reconnect(world)
    await world.socket.joined(13, { epoch: 'e2', recovered: true })
    await world.socket.say(united(11, 'p'), united(12, 'x'), united(13, 'q'))
    assert.deepEqual(ids, ['x', 'p', 'q'])
  })
})

describe('history', () => {
  test('pages backwards until there is no more', async () => {
    const { world, room } = await inGeneral()
    const pages = []
    const reading = (async () => {
      for await (const page of room.history({ before: 6, limit: 2 })) pages.push(page.map(m => m.seq))
    })()
    await world.pass(0)
    assert.deepEqual(world.socket.last('history'), { type: 'history', room: 'general', before: 6, limit: 2, ref: 2 })
    await world.socket.answer('history', { type: 'history', epoch: 'e1', messages: [message(4), message(5)], more: true })
    assert.equal(world.socket.last('history').before, 4)
    await world.socket.answer('history', { type: 'history', epoch: 'e1', messages: [message(3)], more: false })
    await reading
    assert.deepEqual(pages, [[4, 5], [3]])
  })

  test('pages forwards when asked for what came after', async () => {
    const { world, room } = await inGeneral()
    const pages = room.history({ after: 2 })
    const first = pages.next()
    await world.socket.answer('history', { type: 'history', epoch: 'e1', messages: [message(3), message(4)], more: true })
    assert.equal((await first).value.length, 2)
    const second = pages.next()
    await world.pass(0)
    assert.equal(world.socket.last('history').after, 4)
    assert.equal(world.socket.last('history').before, undefined)
    await world.socket.answer('history', { type: 'history', epoch: 'e1', messages: [], more: false })
    assert.equal((await second).done, true)
  })

  test('asked for without a connection comes when there is one, and a refusal is told', async () => {
    const { world, room } = await inGeneral()
    await world.socket.hangUp()
    const page = outcome(room.history().next())
    await world.pass(1000)
    await world.socket.accept()
    assert.equal(world.socket.of('history').length, 1)
    await world.socket.hangUp()
    await world.pass(2000)
    await world.socket.accept()
    assert.ok(page.open)
    await world.socket.refuse('history', 'forbidden')
    assert.equal(page.code, 'forbidden')
  })

  test('ends with the chat', async () => {
    const { world, chat, room } = await inGeneral()
    await world.socket.hangUp()
    const page = outcome(room.history().next())
    chat.close()
    await world.pass(0)
    assert.equal(page.code, 'closed')
  })
})
