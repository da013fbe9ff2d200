import { ParleyError } from '../parley.js'

/**
 * Asks to be let in under a name; who shows a token that is still good stays the same user. Answers the token; throws a
 * ParleyError whose message is for the person.
 */
export async function askIn(name, token) {
  const shown = token ? { Authorization: `Bearer ${token}` } : {}
  const answer = await fetch('api/guest', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...shown },
    body: JSON.stringify({ name }),
  }).catch(() => {
    throw new ParleyError('unavailable', 'The server can’t be reached. Try again in a moment.')
  })
  if (answer.ok) return (await answer.json()).token
  if (answer.status === 404 || answer.status === 403) {
    throw new ParleyError('forbidden', 'This server admits no guests: people come in through the application it belongs to.')
  }
  if (answer.status === 429) throw new ParleyError('rate_limited', 'Too many people at the door. Try again in a moment.')
  if (answer.status === 400) throw new ParleyError('bad_request', 'The server doesn’t take that name. Try another.')
  throw new ParleyError('unavailable', `The server can’t let anybody in just now (${answer.status}). Try again in a moment.`)
}

/** Who this tab is: kept per tab, so that two tabs are two people and a reload stays one. */
export const identity = {
  get name() { return sessionStorage.getItem('parley.name') },
  get token() { return sessionStorage.getItem('parley.token') },

  async enter(name) {
    const token = await askIn(name, this.token)
    sessionStorage.setItem('parley.name', name)
    sessionStorage.setItem('parley.token', token)
    return token
  },

  forget() {
    sessionStorage.clear()
  },
}
