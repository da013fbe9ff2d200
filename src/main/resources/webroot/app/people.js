import { avatar, element, find } from './elements.js'

const SHOWN = 300 // more than that nobody reads

/** Who is in the room that is shown: a number in its header, and a list beside it that can be opened. */
export class People {
  #room = null
  #isMe

  constructor(isMe) {
    this.#isMe = isMe
    find('people').addEventListener('click', () => this.toggle())
    find('people-close').addEventListener('click', () => {
      this.toggle(false)
      find('people').focus()
    })
  }

  get open() {
    return !find('members').hidden
  }

  toggle(open = !this.open) {
    find('members').hidden = !open
    find('people').setAttribute('aria-expanded', open)
    this.refresh()
    if (open) find('people-close').focus()
  }

  show(room) {
    this.#room = room
    this.refresh()
  }

  refresh() {
    const count = this.#room?.count
    find('people').hidden = count === undefined
    find('people-count').textContent = count ?? ''
    find('people-title').textContent = `${count ?? 0} ${count === 1 ? 'person' : 'people'} here`
    if (!this.open || count === undefined) return find('member-list').replaceChildren()
    const members = [...this.#room.members].sort((a, b) => this.#rank(a) - this.#rank(b) || named(a).localeCompare(named(b)))
    const items = members.slice(0, SHOWN).map(member => this.#item(member))
    const more = count - items.length
    if (more > 0) items.push(element('li', 'more', items.length ? `and ${more} more` : 'Too many to name them all.'))
    find('member-list').replaceChildren(...items)
  }

  /** Oneself first, and then who can answer. */
  #rank(member) {
    return this.#isMe(member.user) ? 0 : member.state === 'online' ? 1 : 2
  }

  #item(member) {
    const item = element('li', 'member', avatar(member.user, named(member)), element('span', 'name', named(member)))
    item.dataset.state = member.state
    if (this.#isMe(member.user)) item.append(element('span', 'note', 'you'))
    else if (member.state !== 'online') item.append(element('span', 'note', 'reconnecting…'))
    return item
  }
}

const named = ({ user, name }) => name || user
