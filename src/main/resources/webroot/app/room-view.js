import { element } from './elements.js'
import { Log } from './log.js'
import { ended } from './text.js'

const FIRST = 50
const KEPT = 400 // messages shown of a room that nobody scrolls up in
const TYPING_SHOWN = 5000 // ms for which one word of typing is believed
const TYPING_SAID = 2500 // ms between two of our own

/** One room of this tab: its handle, its log, who is typing, how much is unread. Tells `changed` of all that shows. */
export class RoomView {
  unread = 0
  draft = ''
  atEnd = true
  scrollTop = 0
  trouble = ''
  active = false
  #older = null
  #loading = false
  #typing = new Map() // user → timer
  #names = new Map()
  #saidTyping = 0
  #head = Infinity
  #undo

  constructor(room, { isMe, me, changed }) {
    this.room = room
    this.name = room.name
    this.log = new Log()
    this.isMe = isMe
    this.me = me
    this.changed = changed
    this.#undo = [
      room.on('message', message => this.#message(message)),
      room.on('signal', signal => signal.name === 'typing' && this.#types(signal.user)),
      room.on('gap', () => this.log.gap()),
      room.on('members', change => this.#members(change)),
      room.on('left', ({ reason }) => this.#trouble(`You are no longer in this room (${reason}).`)),
    ]
  }

  async enter() {
    for (const { id, data } of this.room.pending) this.#underway(id, data) // from before a reload
    try {
      const { seq } = await this.room.join({ last: FIRST })
      this.#head = seq
    } catch (error) {
      if (error.code !== 'left') this.#trouble(`You can’t enter this room: ${ended(error.message)}`)
    }
    this.changed(this)
  }

  leave() {
    this.#undo.forEach(off => off())
    this.#typing.forEach(clearTimeout)
    return this.room.leave()
  }

  say(text) {
    const id = crypto.getRandomValues(new Uint32Array(4)).join('-')
    this.atEnd = true
    this.#saidTyping = 0
    this.#underway(id, { text })
    this.changed(this)
  }

  /** Called with each key pressed; says so to the others now and then. */
  typing() {
    if (Date.now() - this.#saidTyping < TYPING_SAID) return
    this.#saidTyping = Date.now()
    this.room.signal('typing')
  }

  /** Who is typing, as a sentence; empty when nobody is. */
  get typists() {
    const names = [...this.#typing.keys()].map(user => this.#names.get(user) ?? 'Somebody')
    if (names.length === 0) return ''
    if (names.length > 2) return 'Several people are typing…'
    return `${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} typing…`
  }

  /** Fetches the page before the oldest message shown, if there is one, and has `place` put it there. */
  async older(place) {
    if (this.#loading || this.#older === 'done') return
    const oldest = this.log.list.querySelector('.message[data-seq]')
    if (!oldest || oldest.dataset.seq === '1') return
    this.#loading = true
    try {
      this.#older ??= this.room.history({ before: Number(oldest.dataset.seq), limit: FIRST })
      const { value, done } = await this.#older.next()
      if (done) this.#older = 'done'
      else place(() => this.log.prepend(value, message => this.isMe(message.user)))
      value?.forEach(message => this.#names.set(message.user, message.name ?? message.user))
    } catch {
      this.#older = null // scrolling up again asks again
    }
    this.#loading = false
  }

  read() {
    this.log.markNew(this.unread)
    this.unread = 0
  }

  #underway(id, data) {
    this.log.underway({ id, user: this.me(), data, time: Date.now() })
    this.#send(id, data)
  }

  #members({ joined, changed, left }) {
    for (const { user, name } of [...joined, ...changed]) this.#names.set(user, name ?? user)
    left.forEach(({ user }) => this.#quiet(user))
    this.changed(this)
  }

  async #send(id, data) {
    try {
      this.log.accepted(id, await this.room.send(data, { id }))
    } catch (error) {
      if (error.code === 'left') return
      this.log.failed(id, ended(error.message), { again: () => this.#send(id, data), discard: () => this.changed(this) })
      this.changed(this)
    }
  }

  #message(message) {
    const mine = this.isMe(message.user)
    this.#names.set(message.user, message.name ?? message.user)
    this.#quiet(message.user)
    if (!this.log.append(message, mine)) return
    const news = message.seq > this.#head && !mine
    if (news && (!this.active || document.hidden)) this.unread++
    if (this.atEnd && !this.#loading && this.log.trim(KEPT)) this.#older = null
    this.changed(this, news)
  }

  #types(user) {
    this.#quiet(user)
    this.#typing.set(user, setTimeout(() => this.#quiet(user) && this.changed(this), TYPING_SHOWN))
    this.changed(this)
  }

  #quiet(user) {
    clearTimeout(this.#typing.get(user))
    return this.#typing.delete(user)
  }

  #trouble(sentence) {
    this.trouble = sentence
    this.log.list.append(element('li', 'line trouble', sentence))
    this.changed(this)
  }
}
