import { hue, initials } from './text.js'

/** An element of a tag and class with what is in it: nodes, or text that stays text. */
export function element(tag, className, ...content) {
  const made = document.createElement(tag)
  if (className) made.className = className
  made.append(...content)
  return made
}

/** A user's initials on a colour of their own. */
export function avatar(user, name) {
  const made = element('span', 'avatar', initials(name))
  made.style.setProperty('--hue', hue(user))
  made.setAttribute('aria-hidden', 'true')
  return made
}

export const find = id => document.getElementById(id)
