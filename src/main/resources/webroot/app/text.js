// What people wrote and when, for people. Text only ever becomes text nodes: nothing here parses HTML.

const LINK = /https?:\/\/[^\s<>"']+/gi
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const DAY_AND_YEAR = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })

export const clock = time => CLOCK.format(time)
export const moment = time => MOMENT.format(time)

/** Which day a time is on, here: comparable, not for showing. */
export const dayOf = time => new Date(time).toDateString()

export function dayName(time, now = Date.now()) {
  if (dayOf(time) === dayOf(now)) return 'Today'
  const yesterday = new Date(now)
  yesterday.setDate(yesterday.getDate() - 1)
  if (dayOf(time) === yesterday.toDateString()) return 'Yesterday'
  const near = Math.abs(now - time) < 300 * 86_400_000
  return (near ? DAY : DAY_AND_YEAR).format(time)
}

/** Up to two letters that stand for a name. */
export function initials(name) {
  const words = name.trim().split(/\s+/)
  const letters = words.length > 1 ? [words[0], words.at(-1)].map(first) : [first(words[0])]
  return letters.join('').toUpperCase()
}

function first(word) {
  return [...word][0] ?? '?'
}

/** A hue in degrees, the same for the same user everywhere. */
export function hue(user) {
  let hash = 2_166_136_261
  for (const char of user) hash = Math.imul(hash ^ char.codePointAt(0), 16_777_619)
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_519)
  return ((hash ^ (hash >>> 13)) >>> 0) % 360
}

/** What a message says: `{text}` is our own form, other applications' data is shown as it is. */
export function said(data) {
  if (typeof data?.text === 'string') return data.text
  return typeof data === 'string' ? data : JSON.stringify(data)
}

/** Another's words as the end of a sentence of ours. */
export const ended = words => (/[.!?…]$/.test(words) ? words : `${words}.`)

/** Nodes for a text, with its http(s) addresses as links. */
export function linked(text) {
  const nodes = []
  let done = 0
  for (const { 0: found, index } of text.matchAll(LINK)) {
    const address = trimmed(found)
    const link = linkTo(address)
    if (!link) continue
    nodes.push(text.slice(done, index), link)
    done = index + address.length
  }
  return [...nodes, text.slice(done)]
}

/** Without the full stop after it, or the bracket around it. */
function trimmed(address) {
  let end = address.replace(/[.,;:!?…»”]+$/, '')
  if (end.endsWith(')') && !end.includes('(')) end = end.slice(0, -1)
  return end
}

function linkTo(address) {
  let url
  try {
    url = new URL(address)
  } catch {
    return null
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null
  const link = document.createElement('a')
  link.href = url.href
  link.textContent = address
  link.target = '_blank'
  link.rel = 'noopener noreferrer nofollow'
  return link
}
