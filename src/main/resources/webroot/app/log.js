import { avatar, element } from './elements.js'
import { clock, dayName, dayOf, linked, moment, said } from './text.js'

const TOGETHER = 5 * 60_000 // ms between messages of one person that read as one

/**
 * The messages of one room as a list: what the room accepted in its order, then what is still on its way. Knows
 * nothing of scrolling or of the connection.
 */
export class Log {
  list = element('ol', 'log')
  #byKey = new Map() // user and id → element: history and the live room may overlap
  #underway = new Map() // id → element

  /** Appends an accepted message; false if it is there already. */
  append(message, mine) {
    const key = keyOf(message)
    if (this.#byKey.has(key)) return false
    if (mine) this.#underway.get(message.id)?.remove()
    if (mine) this.#underway.delete(message.id)
    const item = render(message, mine)
    this.#byKey.set(key, item)
    this.list.insertBefore(item, this.#firstUnderway())
    this.#tidyFrom(item)
    return true
  }

  /** Puts an older page, ascending, before everything else. */
  prepend(messages, isMine) {
    const fresh = messages.filter(message => !this.#byKey.has(keyOf(message)))
    const items = fresh.map(message => render(message, isMine(message)))
    fresh.forEach((message, i) => this.#byKey.set(keyOf(message), items[i]))
    const oldFirst = this.list.querySelector('.message')
    this.list.prepend(...items)
    items.forEach(item => tidy(item))
    if (oldFirst) tidy(oldFirst)
  }

  /** Shows a message of one's own before the room has accepted it. */
  underway({ id, user, data, time }) {
    const item = render({ id, user, data, time, name: '' }, true)
    item.dataset.state = 'pending'
    item.querySelector('.body').append(element('p', 'fate', 'Sending…'))
    this.#underway.set(id, item)
    this.list.append(item)
    tidy(item)
  }

  /** The room said no. Offers what can be done. */
  failed(id, why, { again, discard }) {
    const item = this.#underway.get(id)
    if (!item) return
    item.dataset.state = 'failed'
    const retry = button('Try again', () => {
      item.dataset.state = 'pending'
      item.querySelector('.fate').replaceChildren('Sending…')
      again()
    })
    const drop = button('Discard', () => {
      this.#underway.delete(id)
      item.remove()
      discard()
    })
    item.querySelector('.fate').replaceChildren(`Not sent: ${why} `, retry, ' ', drop)
  }

  /** Accepted. Its message, which says where it belongs, is on its way. */
  accepted(id, { seq, time }) {
    const item = this.#underway.get(id)
    if (!item) return
    delete item.dataset.state
    item.dataset.seq = seq
    item.dataset.time = time
    item.querySelector('.fate').remove()
  }

  /** A line across the log: something may be missing here, also what was accepted of one's own. */
  gap() {
    for (const [id, item] of this.#underway) {
      if (item.dataset.state) continue
      this.#underway.delete(id)
      this.#byKey.set(keyOf({ id, user: item.dataset.user }), item)
    }
    this.list.insertBefore(element('li', 'line gap', 'Some messages may be missing here'), this.#firstUnderway())
  }

  /** A line before the newest `count` messages that others wrote; replaces the one before. */
  markNew(count) {
    this.list.querySelector('.line.new')?.remove()
    if (!count) return
    const items = [...this.list.querySelectorAll('.message:not(.mine)')]
    items.at(-count)?.before(element('li', 'line new', 'New'))
  }

  /** Lets go of the oldest beyond `count`; they can be fetched again. Answers whether there were any. */
  trim(count) {
    const surplus = this.#byKey.size - count
    if (surplus <= 0) return false
    for (const item of [...this.list.querySelectorAll('.message[data-seq]')].slice(0, surplus)) {
      this.#byKey.delete(keyOf({ user: item.dataset.user, id: item.dataset.id }))
      item.remove()
    }
    const first = this.list.querySelector('.message')
    while (first && first !== this.list.firstElementChild) this.list.firstElementChild.remove()
    if (first) tidy(first)
    return true
  }

  #firstUnderway() {
    return this.#underway.values().next().value ?? null
  }

  #tidyFrom(item) {
    tidy(item)
    const next = item.nextElementSibling
    if (next?.classList.contains('message')) tidy(next)
  }
}

const keyOf = ({ user, id }) => `${user}\n${id}`

function button(text, pressed) {
  const made = element('button', 'quiet', text)
  made.type = 'button'
  made.addEventListener('click', pressed)
  return made
}

function render({ id, seq, user, name, time, data }, mine) {
  const author = name || user
  const when = element('time', '', clock(time))
  when.dateTime = new Date(time).toISOString()
  const text = element('p', 'text', ...linked(said(data)))
  text.title = moment(time)
  text.dir = 'auto'
  const item = element(
    'li', mine ? 'message mine' : 'message',
    avatar(user, author),
    element('div', 'body', element('p', 'meta', element('b', 'name', mine ? 'You' : author), ' ', when), text),
  )
  item.dataset.id = id
  if (seq !== undefined) item.dataset.seq = seq
  item.dataset.user = user
  item.dataset.time = time
  return item
}

/** Fits a message to the one before: a line where a day begins, no second heading where one person goes on. */
function tidy(item) {
  if (item.previousElementSibling?.classList.contains('day')) item.previousElementSibling.remove()
  let before = item.previousElementSibling
  const direct = before !== null && before.classList.contains('message')
  while (before && !before.classList.contains('message')) before = before.previousElementSibling
  const time = Number(item.dataset.time)
  const newDay = !before || dayOf(Number(before.dataset.time)) !== dayOf(time)
  if (newDay) item.before(element('li', 'line day', dayName(time)))
  const goesOn = direct && !newDay && before.dataset.user === item.dataset.user
  item.classList.toggle('continued', goesOn && time - Number(before.dataset.time) < TOGETHER)
}
