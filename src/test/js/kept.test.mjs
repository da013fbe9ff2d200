import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { outcome, settle, World } from './world.mjs'

/** sessionStorage, or with promises as IndexedDB. */
class Shelf {
  items = new Map()
  constructor({ slow = false, room = Infinity } = {}) {
    Object.assign(this, { slow, room })
  }
  #later(value) {
    return this.slow ? settle().then(() => value) : value
  }
  getItem(key) {
    return this.#later(this.items.get(key) ?? null)
  }
  setItem(key, value) {
    if (value.length > this.room) {
      const full = new Error('quota')
      if (this.slow) return Promise.reject(full)
      throw full
    }
    this.items.set(key, value)
    return this.#later()
  }
  removeItem(key) {
    this.items.delete(key)
    return this.#later()
  }
}

/** A page, which ends without a word. */
async function page(storage, { user = 'ann', join = true, outbox = {} } = {}) {
  const world = new World()
  const chat = await world.chat({ outbox: { storage, ...outbox } })
  const room = chat.room('general')
  await world.socket.accept({ user })
  if (join) room.join()
  await settle()
  if (join) await world.socket.joined(0)
  return { world, chat, room }
}

for (const slow of [false, true]) {
  describe(`an outbox in a storage that is ${slow ? 'slow' : 'at hand'}`, () => {
    test('outlives the page: what was unsent goes first, in order and under its id', async () => {
      const shelf = new Shelf({ slow })
      const before = await page(shelf)
      await before.world.socket.hangUp()
      before.room.send('a')
      before.room.send('b')
      await settle()
      const ids = before.room.pending.map(({ id }) => id)

      const after = await page(shelf)
      assert.deepEqual(after.room.pending.map(({ data }) => data), ['a', 'b'])
      after.room.send('c')
      for (let seq = 1; seq <= 3; seq++) await after.world.socket.ack(seq)
      const said = after.world.socket.of('publish')
      assert.deepEqual(said.map(({ data }) => data), ['a', 'b', 'c'])
      assert.deepEqual(said.slice(0, 2).map(({ id }) => id), ids)
      await settle()
      assert.equal(shelf.items.size, 0)
    })

    test('goes before what is said while it is still being read', async () => {
      const shelf = new Shelf({ slow })
      const before = await page(shelf)
      await before.world.socket.hangUp()
      before.room.send('a')
      await settle()
      const world = new World()
      const chat = await world.chat({ outbox: { storage: shelf } })
      await world.socket.accept()
      const room = chat.room('general')
      room.join()
      room.send('b')
      await settle()
      await world.socket.joined(0)
      await world.socket.ack(1)
      await world.socket.ack(2)
      assert.deepEqual(world.socket.of('publish').map(({ data }) => data), ['a', 'b'])
    })

    test('repeats what was under way, so that it stays one message', async () => {
      const shelf = new Shelf({ slow })
      const before = await page(shelf)
      before.room.send('a')
      await settle()
      const { id } = before.world.socket.last('publish')
      const after = await page(shelf)
      assert.equal(after.world.socket.last('publish').id, id)
    })

    test('lets the new page wait for the old page’s message', async () => {
      const shelf = new Shelf({ slow })
      const before = await page(shelf)
      await before.world.socket.hangUp()
      before.room.send('a', { id: 'x' })
      await settle()
      const after = await page(shelf)
      const sending = outcome(after.room.send('a', { id: 'x' }))
      await after.world.socket.ack(4)
      assert.equal(sending.value.seq, 4)
      assert.equal(after.world.socket.of('publish').length, 1)
    })

    test('waits for its room to be joined', async () => {
      const shelf = new Shelf({ slow })
      const before = await page(shelf)
      await before.world.socket.hangUp()
      before.room.send('a')
      await settle()
      const after = await page(shelf, { join: false })
      assert.equal(after.world.socket.of('publish').length, 0)
      after.room.join()
      await after.world.socket.joined(0)
      assert.equal(after.world.socket.of('publish').length, 1)
    })

    test('never says as one user what another one wrote', async () => {
      const shelf = new Shelf({ slow })
      const before = await page(shelf)
      await before.world.socket.hangUp()
      before.room.send('a', { id: 'x' })
      before.room.send('b', { id: 'y' })
      await settle()
      const after = await page(shelf, { user: 'eve', join: false })
      const sending = outcome(after.room.send('a', { id: 'x' }))
      after.room.join()
      await after.world.socket.joined(0)
      assert.equal(sending.code, 'forbidden')
      assert.equal(after.world.socket.of('publish').length, 0)
      assert.deepEqual(after.room.pending, [])
      await settle()
      assert.equal(shelf.items.size, 0)
    })

    test('that is full keeps what fits, says so, and sends all the same', async () => {
      const shelf = new Shelf({ slow, room: 60 })
      const { world, chat, room } = await page(shelf)
      const errors = []
      chat.on('error', error => errors.push(error.message))
      const sending = outcome(room.send('x'.repeat(100)))
      await settle()
      assert.deepEqual(errors, ['quota'])
      await world.socket.ack(1)
      assert.equal(sending.value.seq, 1)
    })

    test('is emptied by leaving and by closing, which tell what was not sent', async () => {
      for (const end of [({ room }) => room.leave(), ({ chat }) => chat.close()]) {
        const shelf = new Shelf({ slow })
        const one = await page(shelf)
        await one.world.socket.hangUp()
        const sending = outcome(one.room.send('a'))
        await settle()
        assert.equal(shelf.items.size, 1)
        end(one)
        await settle()
        assert.equal(sending.open, false)
        assert.equal(shelf.items.size, 0)
      }
    })
  })
}

describe('an outbox', () => {
  test('has bounds of its own making', async () => {
    const { world, room } = await page(undefined, { outbox: { messages: 2, characters: 20 } })
    await world.socket.hangUp()
    room.send('a')
    await assert.rejects(room.send('x'.repeat(20)), { code: 'outbox_full' })
    room.send('b')
    await assert.rejects(room.send('c'), { code: 'outbox_full' })
    await world.pass(1000)
    await world.socket.accept()
    await world.socket.joined(0, { recovered: true })
    await world.socket.ack(1)
    room.send('d')
    assert.deepEqual(room.pending.map(({ data }) => data), ['b', 'd'])
  })

  test('whose storage holds rubbish or is forbidden works without', async () => {
    for (const getItem of [() => '{', () => '7', () => { throw new Error('forbidden') }, () => Promise.reject(new Error('no'))]) {
      const { world, room } = await page({ getItem, setItem() {}, removeItem() {} })
      const sending = outcome(room.send('a'))
      await world.socket.ack(1)
      assert.equal(sending.value.seq, 1)
    }
  })

  test('tells what waits, each time that it changes', async () => {
    const { world, room } = await page(undefined)
    const told = []
    room.on('pending', pending => told.push(pending.map(({ data }) => data)))
    room.send('a')
    room.send('b')
    await world.socket.ack(1)
    await world.socket.ack(2)
    assert.deepEqual(told, [['a'], ['a', 'b'], ['b'], []])
  })
})
