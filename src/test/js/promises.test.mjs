import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { outcome, settle, World } from './world.mjs'

// Random histories against a server that keeps one room as the protocol says, over a network that does not keep
// anything. A failure names its seed: SEED=… repeats it alone.

const seeds = process.env.SEED ? [Number(process.env.SEED)] : Array.from({ length: 15 }, (_, i) => i + 1)

function dice(seed) {
  let state = seed * 2_654_435_761 % 2_147_483_647 || 1
  const roll = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  return { roll, chance: share => roll() < share, below: n => Math.floor(roll() * n) }
}

/** The truth: one room's log, what it keeps of it, and who listens. */
class Server {
  epoch = 1
  log = [] // {id, user, data}; its place is its seq
  ids = new Map()
  members = new Set()
  kept = Infinity

  constructor(die) {
    this.die = die
  }

  frame(seq) {
    return { type: 'message', room: 'general', epoch: `e${this.epoch}`, seq, time: seq, ...this.log[seq - 1] }
  }

  since(seq) {
    return this.log.slice(seq).map((_, i) => this.frame(seq + i + 1))
  }

  append(user, id, data) {
    const known = this.ids.get(`${user}/${id}`)
    if (known) return { ...known, duplicate: true }
    this.log.push({ id, user, data })
    const place = { epoch: `e${this.epoch}`, seq: this.log.length }
    this.ids.set(`${user}/${id}`, place)
    for (const socket of this.members) socket.toClient(this.frame(place.seq))
    return place
  }

  receive(socket, { type, ref, room, since, last = 0, id, data }) {
    if (type === 'ping') return socket.toClient({ type: 'pong', ref, time: 0 })
    if (type === 'publish') {
      if (this.die.chance(0.1)) return socket.toClient({ type: 'error', ref, code: 'unavailable', message: 'not now' })
      return socket.toClient({ type: 'ack', ref, room, id, time: 0, ...this.append(socket.user, id, data) })
    }
    const recovered = since?.epoch === `e${this.epoch}` && this.log.length - since.seq <= this.kept
    const from = recovered ? since.seq : Math.max(0, this.log.length - Math.min(last, this.kept))
    socket.toClient({ type: 'joined', ref, room, epoch: `e${this.epoch}`, seq: this.log.length, recovered })
    this.since(from).forEach(frame => socket.toClient(frame))
    this.members.add(socket)
  }

  /** A partition healed: after `common`, the other side's messages come in between. Every member is told. */
  unite(common, others) {
    const tail = this.log.splice(common)
    this.log.push(...others, ...tail)
    this.epoch++
    this.log.forEach(({ user, id }, i) => this.ids.set(`${user}/${id}`, { epoch: `e${this.epoch}`, seq: i + 1 }))
    for (const socket of this.members) {
      socket.toClient({ type: 'joined', room: 'general', epoch: `e${this.epoch}`, seq: this.log.length, recovered: true })
      this.since(common).forEach(frame => socket.toClient(frame))
    }
  }
}

/** Joins a world's sockets to the server by two queues; a cut loses what is in them. */
function network(world, server, user) {
  const Plain = world.WebSocket
  world.WebSocket = class extends Plain {
    user = user
    up = []
    down = []
    send(text) {
      super.send(text)
      this.up.push(JSON.parse(text))
    }
    close() {
      super.close()
      this.cut()
    }
    cut() {
      server.members.delete(this)
      this.up = []
      this.down = []
    }
    toClient(frame) {
      if (!this.closed) this.down.push(JSON.stringify(frame))
    }
    async step() {
      if (this.closed) return
      if (!this.greeted) {
        this.greeted = true
        return this.accept({ user })
      }
      if (this.up.length) server.receive(this, this.up.shift())
      if (this.down.length) await this.say(this.down.shift())
    }
    get idle() {
      return this.greeted && !this.up.length && !this.down.length
    }
  }
}

/** A page of somebody whose outbox is kept in `shelf`. */
async function person(server, user, die, shelf = new Map()) {
  const world = new World()
  world.random = die.roll
  network(world, server, user)
  const storage = {
    getItem: key => shelf.get(key),
    setItem: (key, text) => shelf.set(key, text),
    removeItem: key => shelf.delete(key),
  }
  const chat = await world.chat({ outbox: { storage } })
  const room = chat.room('general')
  const seen = []
  const gaps = []
  room.on('message', message => seen.push(message))
  room.on('gap', gap => gaps.push({ ...gap, at: seen.length }))
  room.join({ last: 0 })
  return { world, room, seen, gaps, sent: [], user, shelf }
}

/** The page goes without a word, and comes again. */
async function reload(one, server, die) {
  one.world.socket.cut()
  one.world.socket.close()
  Object.assign(one, await person(server, one.user, die, one.shelf), { sent: one.sent })
}

async function play(seed, { kept = Infinity, partitions = false, reloads = false } = {}) {
  const die = dice(seed)
  const server = new Server(die)
  const people = [await person(server, 'ann', die), await person(server, 'bob', die)]
  for (const { world, room } of people) while (!room.joined) await world.socket.step()
  server.kept = kept
  for (let turn = 0; turn < 400; turn++) {
    const one = people[die.below(2)]
    await move(one, server, die, turn, partitions)
    if (reloads && die.chance(0.04)) await reload(one, server, die)
  }
  await calm(people)
  return { server, people }
}

async function move(one, server, die, turn, partitions) {
  const { world, room, sent } = one
  if (die.chance(0.15)) sent.push({ text: `${one.user} ${turn}`, end: outcome(room.send(`${one.user} ${turn}`)) })
  if (die.chance(0.04)) {
    world.socket.cut()
    await world.socket.hangUp(die.chance(0.5) ? 1006 : 4408)
  }
  if (partitions && die.chance(0.01)) {
    const common = server.log.length - die.below(Math.min(5, server.log.length + 1))
    server.unite(common, Array.from({ length: 1 + die.below(3) }, (_, i) => ({ id: `far${turn}.${i}`, user: 'far', data: 1 })))
  }
  await world.pass(die.below(400))
  for (let i = die.below(6); i > 0; i--) await world.socket.step()
}

/** No more faults: until everything is said and heard. */
async function calm(people) {
  const still = ({ world, room }) => world.socket.idle && room.joined && !room.pending.length
  for (let i = 0; i < 5000 && !people.every(still); i++) {
    for (const { world } of people) {
      await world.socket.step()
      await world.pass(50)
    }
  }
  await settle()
}

const keys = messages => messages.map(({ user, id }) => `${user}/${id}`)

function eachSendIsOnce({ server, people }, settled = true) {
  assert.equal(new Set(keys(server.log)).size, server.log.length)
  for (const { sent, user } of people) {
    assert.deepEqual(server.log.filter(m => m.user === user).map(m => m.data), sent.map(({ text }) => text), 'order of sends')
    if (!settled) continue
    for (const { end } of sent) assert.equal(end.open, false)
  }
}

describe('whatever the network does', () => {
  for (const seed of seeds) {
    test(`every message arrives once and in order, nothing is missing (seed ${seed})`, async () => {
      const game = await play(seed)
      eachSendIsOnce(game)
      for (const { seen, gaps } of game.people) {
        assert.deepEqual(gaps, [])
        assert.deepEqual(keys(seen), keys(game.server.log))
        assert.deepEqual(seen.map(m => m.seq), seen.map((_, i) => i + 1))
      }
    })

    test(`with a short history what is missing is where a gap was told (seed ${seed})`, async () => {
      const game = await play(seed, { kept: 3 })
      eachSendIsOnce(game)
      for (const { seen, gaps } of game.people) {
        const leaps = seen.flatMap((m, i) => (m.seq === (seen[i - 1]?.seq ?? 0) + 1 ? [] : [i]))
        const told = new Set(gaps.map(gap => gap.at))
        for (const leap of leaps) assert.ok(told.has(leap), `an untold gap before ${seen[leap].seq}`)
        assert.equal(new Set(keys(seen)).size, seen.length)
        assert.deepEqual(seen.map(m => m.seq), seen.map(m => m.seq).sort((a, b) => a - b))
      }
    })

    test(`over reloads of the page each send is one message, in order (seed ${seed})`, async () => {
      const game = await play(seed, { reloads: true })
      eachSendIsOnce(game, false)
      for (const { shelf } of game.people) assert.equal(shelf.size, 0)
    })

    test(`over changes of numbering nothing comes twice, and what is missing was told (seed ${seed})`, async () => {
      const game = await play(seed, { partitions: true })
      assert.equal(new Set(keys(game.server.log)).size, game.server.log.length)
      for (const { seen, gaps } of game.people) {
        assert.equal(new Set(keys(seen)).size, seen.length)
        if (gaps.length === 0) assert.deepEqual(new Set(keys(seen)), new Set(keys(game.server.log)))
      }
    })
  }
})
