import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { message, World } from './world.mjs'

const who = (...users) => users.map(user => ({ user, name: user.toUpperCase(), sessions: 1, since: 1, state: 'online' }))
const push = (version, count, changes) => ({ type: 'presence', room: 'general', version, count, ...changes })

async function inGeneral({ count = 2, follow = true } = {}) {
  const world = new World()
  const chat = await world.chat()
  await world.socket.accept()
  const room = chat.room('general')
  const told = []
  if (follow) room.on('members', change => told.push(brief(change)))
  room.join()
  await world.socket.joined(0, { count })
  return { world, chat, room, told }
}

const brief = ({ count, large, joined, left, changed }) =>
  [count, large ? 'large' : '', ...joined.map(m => `+${m.user}`), ...left.map(m => `-${m.user}`), ...changed.map(m => `${m.user} ${m.state}`)]
    .filter(word => word !== '')
    .join(' ')

const list = (world, version, ...users) =>
  world.socket.answer('presence', { type: 'presence', version, count: users.length, users: who(...users), more: false })

const names = room => room.members.map(({ user }) => user).sort()

describe('who is in a room', () => {
  test('is counted, and not asked for by name unless somebody looks', async () => {
    const { world, room } = await inGeneral({ follow: false })
    assert.equal(room.count, 2)
    await world.socket.say(push(1, 3, { joined: [{ user: 'cem' }] }))
    assert.equal(room.count, 3)
    assert.equal(world.socket.of('presence').length, 0)
    assert.deepEqual(room.members, [])
    assert.equal(world.socket.of('presence').length, 1)
    await list(world, 1, 'ann', 'bob', 'cem')
    assert.deepEqual(names(room), ['ann', 'bob', 'cem'])
  })

  test('is told first as a whole, then as it changes', async () => {
    const { world, room, told } = await inGeneral()
    await list(world, 4, 'ann', 'bob')
    await world.socket.say(
      push(5, 3, { joined: [{ user: 'cem', name: 'Cem' }] }),
      push(6, 3, { changed: [{ user: 'bob', state: 'reconnecting' }] }),
      push(7, 2, { left: [{ user: 'bob' }] }),
    )
    assert.deepEqual(told, ['2 +ann +bob', '3 +cem', '3 bob reconnecting', '2 -bob'])
    assert.deepEqual(room.members, [
      { user: 'ann', name: 'ANN', state: 'online' },
      { user: 'cem', name: 'Cem', state: 'online' },
    ])
  })

  test('keeps a name when only the state changes, and takes a new one', async () => {
    const { world, room } = await inGeneral()
    await list(world, 1, 'ann')
    await world.socket.say(push(2, 1, { changed: [{ user: 'ann', state: 'reconnecting' }] }))
    assert.deepEqual(room.members, [{ user: 'ann', name: 'ANN', state: 'reconnecting' }])
    await world.socket.say(push(3, 1, { changed: [{ user: 'ann', name: 'Anne', state: 'online' }] }))
    assert.deepEqual(room.members, [{ user: 'ann', name: 'Anne', state: 'online' }])
  })

  test('what is pushed while the list is on its way is neither lost nor applied twice', async () => {
    const { world, told, room } = await inGeneral()
    await world.socket.say(push(5, 2, { joined: [{ user: 'bob' }] }), push(6, 3, { joined: [{ user: 'cem' }] }))
    assert.deepEqual(told, [])
    await list(world, 5, 'ann', 'bob')
    assert.deepEqual(told, ['2 +ann +bob', '3 +cem'])
    assert.equal(world.socket.of('presence').length, 1)
    assert.equal(room.count, 3)
  })

  test('a hole in the versions makes it ask again, by itself and once', async () => {
    const { world, told } = await inGeneral()
    await list(world, 1, 'ann', 'bob')
    await world.socket.say(push(3, 3, { joined: [{ user: 'dora' }] }), push(4, 2, { left: [{ user: 'dora' }] }))
    assert.equal(world.socket.of('presence').length, 2)
    await list(world, 4, 'ann', 'cem')
    assert.deepEqual(told, ['2 +ann +bob', '2 +cem -bob'])
    await world.socket.say(push(5, 1, { left: [{ user: 'cem' }] }))
    assert.equal(told.at(-1), '1 -cem')
  })

  test('a hole between the list and what was kept meanwhile makes it ask again', async () => {
    const { world } = await inGeneral()
    await world.socket.say(push(9, 2, {}))
    await list(world, 5, 'ann')
    assert.equal(world.socket.of('presence').length, 1)
    const other = await inGeneral()
    await other.world.socket.say(push(9, 2, { joined: [{ user: 'bob' }] }))
    await list(other.world, 5, 'ann')
    assert.equal(other.world.socket.of('presence').length, 2)
  })

  test('is asked for anew after each join, and only what differs is told', async () => {
    const { world, room, told } = await inGeneral()
    await list(world, 7, 'ann', 'bob')
    await world.socket.hangUp()
    assert.deepEqual(names(room), ['ann', 'bob'], 'what was known stays to be seen')
    await world.pass(1000)
    await world.socket.accept()
    await world.socket.joined(0, { recovered: true, count: 2 })
    await list(world, 1, 'ann', 'cem')
    assert.deepEqual(told, ['2 +ann +bob', '2 +cem -bob'])
  })

  test('an answer to what was asked before the room was joined again is not believed', async () => {
    const { world, told } = await inGeneral()
    const { ref } = world.socket.last('presence')
    await world.socket.say(message(2))
    await world.socket.joined(2, { recovered: true, count: 1 })
    await world.socket.say({ type: 'presence', ref, room: 'general', version: 9, count: 1, users: who('eve'), more: false })
    await list(world, 1, 'ann')
    assert.deepEqual(told, ['1 +ann'])
  })

  test('refused for now is asked for again, refused for good is not', async () => {
    const { world } = await inGeneral()
    await world.socket.refuse('presence', 'unavailable', { retryAfter: 2000 })
    await world.pass(2000)
    assert.equal(world.socket.of('presence').length, 2)
    await world.socket.refuse('presence', 'unknown_type')
    await world.pass(20_000)
    assert.equal(world.socket.of('presence').length, 2)
  })

  test('is forgotten with the room', async () => {
    const { world, room } = await inGeneral()
    await list(world, 1, 'ann')
    room.leave()
    assert.deepEqual([room.members, room.count], [[], undefined])
    await world.socket.say(push(2, 2, { joined: [{ user: 'bob' }] }))
    assert.deepEqual([room.members, room.count], [[], undefined])
  })
})

describe('a large room', () => {
  test('is only counted', async () => {
    const { world, room, told } = await inGeneral({ count: 5000 })
    assert.equal(world.socket.of('presence').length, 0)
    await world.socket.say(push(1, 5012, {}))
    assert.deepEqual(told, ['5000 large', '5012 large'])
    assert.deepEqual([room.members, room.count], [[], 5012])
  })

  test('that outgrows its list stops showing it, and shows it again when it is small', async () => {
    const { world, room, told } = await inGeneral()
    await list(world, 1, 'ann', 'bob')
    await world.socket.say(push(2, 250, {}))
    assert.deepEqual(names(room), [])
    await world.socket.say(push(4, 180, { changed: [] }))
    assert.equal(world.socket.of('presence').length, 2)
    await list(world, 4, 'ann', 'cem')
    assert.deepEqual(told, ['2 +ann +bob', '250 large', '2 +cem -bob'])
  })

  test('that was large for a moment only is asked about, though nothing told so', async () => {
    const { world, told } = await inGeneral()
    await list(world, 1, 'ann', 'bob')
    await world.socket.say(push(4, 2, { changed: [] }))
    assert.equal(world.socket.of('presence').length, 2)
    await list(world, 4, 'ann', 'cem')
    assert.deepEqual(told, ['2 +ann +bob', '2 +cem -bob'])
  })

  test('whose list has more pages is not shown in part', async () => {
    const { world, room, told } = await inGeneral({ count: 400 })
    await world.socket.answer('presence', { type: 'presence', version: 1, count: 700, users: who('ann'), more: true })
    assert.deepEqual([told, room.members], [['700 large'], []])
  })

  test('can be read page by page', async () => {
    const { world, room } = await inGeneral({ count: 5000 })
    const read = []
    const reading = (async () => {
      for await (const page of room.everyone({ limit: 2 })) read.push(...page.map(({ user }) => user))
    })()
    await world.pass(0)
    assert.deepEqual(world.socket.last('presence'), { type: 'presence', room: 'general', limit: 2, ref: 2 })
    await world.socket.answer('presence', { type: 'presence', version: 1, count: 3, users: who('ann', 'bob'), more: true })
    assert.equal(world.socket.last('presence').after, 'bob')
    await world.socket.answer('presence', { type: 'presence', version: 1, count: 3, users: who('cem'), more: false })
    await reading
    assert.deepEqual(read, ['ann', 'bob', 'cem'])
  })
})
