/**
 * The token to connect with: a fixed one, or one that the application fetches when told why: `connect` (the first),
 * `expiring` (its end is near or past), `rejected` (the server doesn't take it).
 */
export function tokenSource(token, now) {
  const fetch = typeof token === 'function' ? token : null
  let current = fetch ? undefined : token
  let why = fetch ? 'connect' : null
  let asked = null
  let expires = Infinity

  return {
    async get() {
      if (fetch && !why && now() >= expires) why = 'expiring'
      asked = why
      if (!asked) return current
      current = await fetch(asked)
      why = null
      return current
    },

    async renew() {
      return fetch && (current = await fetch('expiring'))
    },

    accepted(end = Infinity) {
      expires = end
    },

    /** The server said that it has ended. Answers whether another can be had. */
    rejected() {
      current = undefined
      why = 'rejected'
      return fetch !== null
    },

    /**
     * A handshake failed. A browser doesn't tell a 401 from a server that is away, so every other attempt suspects
     * the token; asking each time would turn an outage of the server into one of whoever issues tokens.
     */
    doubted() {
      if (fetch && current !== undefined) why = asked === 'rejected' ? null : 'rejected'
    },
  }
}
