import { avatar, element, find } from './app/elements.js'
import { identity } from './app/guest.js'
import { People } from './app/people.js'
import { RoomView } from './app/room-view.js'
import { parley, ParleyError } from './parley.js'
import { sockjs } from './parley-sockjs.js'

const DEFAULTS = ['general', 'random']
const ROOM_NAME = /^[A-Za-z0-9._~:-]{1,128}$/
const NEAR = 120 // px from an end that count as being there
const PATIENCE = 900 // ms for which a lost connection is nobody's business

const STATES = {
  connecting: 'Connecting…',
  online: 'Online',
  reconnecting: 'Reconnecting…',
  offline: 'No network',
  closed: 'Disconnected',
}

const views = new Map()
const mine = new Set(JSON.parse(sessionStorage.getItem('parley.users') ?? '[]')) // users that this tab has been
const messages = find('messages')
const composer = find('composer')
const people = new People(user => mine.has(user))
let chat = null
let current = null
let bannerTimer
let self = null // the user that the server last greeted
let refresh = null // timer: many messages are one change of the screen
let lastTop = 0

// The door

find('entrance').addEventListener('submit', async event => {
  event.preventDefault()
  const name = find('nick').value.trim()
  if (!name) return
  find('enter').disabled = true
  find('refusal').textContent = ''
  try {
    begin(await identity.enter(name))
  } catch (error) {
    find('refusal').textContent = error.message
    find('nick').focus()
  }
  find('enter').disabled = false
})

function begin(token) {
  const fresh = why => (why === 'connect' ? token : identity.enter(identity.name))
  const outbox = { storage: sessionStorage } // what is unsent goes on after a reload
  chat = parley(new URL('ws', document.baseURI), { token: fresh, outbox, fallback: sockjs() })
  chat.on('state', showState)
  find('door').hidden = true
  find('chat').hidden = false
  document.body.dataset.view = 'room'
  showState(chat.state)
  showMe()
  for (const name of JSON.parse(sessionStorage.getItem('parley.rooms')) ?? DEFAULTS) open(name)
  show(roomInAddress() ?? views.keys().next().value)
}

function showMe() {
  const out = element('button', 'quiet', 'Sign out')
  out.addEventListener('click', () => {
    chat.close()
    identity.forget()
    location.reload()
  })
  find('me').replaceChildren(avatar(self ?? identity.name, identity.name), element('b', 'name', identity.name), out)
}

// The connection

function showState(state, { reason, error } = {}) {
  const { user, node } = chat
  self = user ?? self
  if (user && !mine.has(user)) {
    mine.add(user)
    sessionStorage.setItem('parley.users', JSON.stringify([...mine]))
  }
  if (state === 'online') showMe()
  find('state').dataset.state = state
  find('state').title = state === 'online' ? `Served by node ${node}` : (reason ?? '')
  find('state-text').textContent = state === 'online' ? `Online · ${node}` : STATES[state]
  clearTimeout(bannerTimer)
  if (state === 'online') banner('')
  else if (state === 'closed') banner(farewell(error, reason), true)
  else bannerTimer = setTimeout(banner, PATIENCE, waiting(state))
}

function waiting(state) {
  if (state === 'connecting') return 'Connecting…'
  const cause = state === 'offline' ? 'There is no network.' : 'Reconnecting…'
  return `${cause} Messages you write will be sent afterwards.`
}

function farewell(error, reason) {
  if (error instanceof ParleyError && error.code === 'forbidden') return error.message
  return `The server has closed this connection${reason ? `: ${reason}` : ''}.`
}

function banner(text, again = false) {
  find('banner').hidden = !text
  find('banner').dataset.kind = again ? 'closed' : 'waiting'
  find('banner-text').textContent = text
  find('again').hidden = !again
  find('now').hidden = again || chat.state !== 'reconnecting'
}

// Rooms

function open(name) {
  if (views.has(name)) return
  const view = new RoomView(chat.room(name), {
    isMe: user => mine.has(user),
    me: () => self ?? identity.name,
    changed,
  })
  views.set(name, view)
  view.enter()
  remember()
  showRooms()
}

function show(name) {
  keepPlace()
  if (name && !views.has(name)) open(name)
  if (current) Object.assign(current, { active: false, draft: composer.value })
  current = views.get(name) ?? null
  if (current) {
    current.active = true
    current.read()
  }
  silently(() => messages.replaceChildren(current ? current.log.list : element('p', 'line', 'Join a room to begin.')))
  people.show(current?.room)
  find('title').textContent = name ?? ''
  composer.value = current?.draft ?? ''
  composer.placeholder = name ? `Message ${name}` : ''
  find('say').hidden = find('leave').hidden = !current
  messages.setAttribute('aria-label', name ? `Messages in ${name}` : 'Messages')
  if (name && roomInAddress() !== name) history.replaceState(null, '', `#${name}`)
  document.body.dataset.view = 'room'
  grow()
  restorePlace()
  showRooms()
  showTyping()
}

function leave(view) {
  if (!view) return
  const names = [...views.keys()]
  const next = names[names.indexOf(view.name) + 1] ?? names[names.indexOf(view.name) - 1]
  view.leave()
  views.delete(view.name)
  remember()
  if (!next) history.replaceState(null, '', location.pathname)
  show(next)
  find(next ? 'composer' : 'new-room').focus()
}

function remember() {
  sessionStorage.setItem('parley.rooms', JSON.stringify([...views.keys()]))
}

/** The room that the address names, if it names one. */
function roomInAddress() {
  let name
  try {
    name = decodeURIComponent(location.hash.slice(1))
  } catch {
    return undefined
  }
  return ROOM_NAME.test(name) ? name : undefined
}

function showRooms() {
  const items = [...views.values()].map(view => {
    const link = element('a', '', element('span', 'room-name', view.name))
    link.href = `#${view.name}`
    link.dataset.room = view.name
    if (view === current) link.setAttribute('aria-current', 'page')
    if (view.trouble) link.dataset.trouble = ''
    if (view.unread) {
      const badge = element('span', 'badge', view.unread > 99 ? '99+' : `${view.unread}`)
      badge.append(element('span', 'unseen', ' unread'))
      link.append(badge)
    }
    return element('li', '', link)
  })
  const focused = document.activeElement?.dataset?.room
  find('rooms').replaceChildren(...items)
  if (focused) find('rooms').querySelector(`[data-room="${CSS.escape(focused)}"]`)?.focus()
  const unread = [...views.values()].reduce((sum, view) => sum + view.unread, 0)
  const elsewhere = unread - (current?.unread ?? 0)
  find('elsewhere').textContent = elsewhere || ''
  document.title = `${unread ? `(${unread}) ` : ''}${current ? `${current.name} · ` : ''}Parley`
}

function changed(view, news = false) {
  if (news && view === current && !view.atEnd) find('newest').hidden = false
  refresh ??= setTimeout(() => {
    refresh = null
    if (current?.atEnd) toEnd()
    people.refresh()
    showTyping()
    showRooms()
  }, 16)
}

function showTyping() {
  find('typing').textContent = current?.typists ?? ''
}

// Places in the log

function silently(change) {
  messages.setAttribute('aria-live', 'off')
  change()
  requestAnimationFrame(() => messages.setAttribute('aria-live', 'polite'))
}

function toEnd() {
  messages.scrollTop = messages.scrollHeight
  if (current) current.atEnd = true
  find('newest').hidden = true
}

function keepPlace() {
  if (current) current.scrollTop = messages.scrollTop
}

function restorePlace() {
  if (!current) return
  if (current.atEnd) toEnd()
  else messages.scrollTop = current.scrollTop
}

messages.addEventListener('scroll', () => {
  if (!current || !messages.contains(current.log.list)) return
  const below = messages.scrollHeight - messages.scrollTop - messages.clientHeight
  // Messages that came since also put the end further away; only going up is going away from it.
  current.atEnd = below < NEAR || (current.atEnd && messages.scrollTop >= lastTop)
  lastTop = messages.scrollTop
  if (current.atEnd) find('newest').hidden = true
  if (messages.scrollTop < NEAR) olderOf(current)
})

function olderOf(view) {
  view.older(change => {
    if (view !== current) return change()
    const fromEnd = messages.scrollHeight - messages.scrollTop
    silently(change)
    messages.scrollTop = messages.scrollHeight - fromEnd
  })
}

new ResizeObserver(() => current?.atEnd && toEnd()).observe(messages)

// What the person does

function say() {
  const text = composer.value.trim()
  if (!text || !current) return
  composer.value = ''
  grow()
  current.say(text)
}

/** As high as its text, up to what the style allows. */
function grow() {
  composer.style.setProperty('height', 'auto')
  composer.style.setProperty('height', `${composer.scrollHeight + 2}px`)
}

function step(by) {
  const names = [...views.keys()]
  if (names.length < 2) return
  show(names[(names.indexOf(current?.name) + by + names.length) % names.length])
  composer.focus()
}

find('say').addEventListener('submit', event => {
  event.preventDefault()
  say()
  composer.focus()
})

composer.addEventListener('input', () => {
  grow()
  if (composer.value.trim()) current?.typing()
})

composer.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || event.shiftKey || event.altKey || event.isComposing) return
  event.preventDefault()
  say()
})

find('room-form').addEventListener('submit', event => {
  event.preventDefault()
  const name = find('new-room').value.trim().replace(/^#/, '').replace(/\s+/g, '-')
  find('room-refusal').textContent = ''
  if (!name) return
  if (!ROOM_NAME.test(name)) {
    find('room-refusal').textContent = 'Letters without accents, digits and . _ ~ : - make a room’s name.'
    return
  }
  find('new-room').value = ''
  show(name)
  composer.focus()
})

find('rooms').addEventListener('click', event => {
  const name = event.target.closest('[data-room]')?.dataset.room
  if (!name || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  show(name)
  if (matchMedia('(min-width: 720px)').matches) composer.focus()
})

find('leave').addEventListener('click', () => leave(current))
find('newest').addEventListener('click', () => {
  toEnd()
  composer.focus()
})
find('again').addEventListener('click', () => location.reload())
find('now').addEventListener('click', () => chat.retry())
find('back').addEventListener('click', () => {
  document.body.dataset.view = 'rooms'
  find('rooms').querySelector('[aria-current]')?.focus()
})

document.addEventListener('keydown', event => {
  if (!chat) return
  if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    event.preventDefault()
    step(event.key === 'ArrowUp' ? -1 : 1)
  } else if (event.key === 'Escape' && !event.isComposing) {
    document.body.dataset.view = 'room'
    if (people.open) people.toggle(false)
    find('new-room').value = ''
    find('room-refusal').textContent = ''
    toEnd()
    composer.focus()
  }
})

addEventListener('hashchange', () => chat && roomInAddress() && show(roomInAddress()))

document.addEventListener('visibilitychange', () => {
  if (document.hidden || !current?.unread) return
  silently(() => current.read())
  showRooms()
})

addEventListener('beforeunload', event => {
  if (chat?.state !== 'closed' && [...views.values()].some(view => view.room.pending.length)) event.preventDefault()
})

if (identity.token) begin(identity.token)
else find('nick').focus()
