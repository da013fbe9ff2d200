const LISTED = 500 // no room with more users is ever told by name, and no list has more
const EARLY = 100 // changes kept while the list they belong to is on its way
const AGAIN = 3 // where the growing pauses begin: presence is in no hurry

/**
 * Who is in a room. How many is always known; who, only once somebody wants to see it: then the list is asked for, and kept
 * by what the server pushes. A version missing in between makes it ask again. Large rooms are told by number alone.
 */
export function openMembers(room, link, tell) {
  let users = new Map() // the last list there was, also while it can't be kept
  let followed = false
  let large = false
  let count
  let version = null // of the list; null while there is none
  let asking = null
  let early = []

  function ask() {
    if (!followed || asking || large) return
    const mine = (asking = {})
    early = []
    link.request({ type: 'presence', room }, (error, answer) => {
      if (mine !== asking) return
      asking = null
      if (!error) listed(answer)
      else if (error.retryable) link.later(error.retryAfter ?? link.backoff(AGAIN), () => version === null && ask())
    })
  }

  function listed(answer) {
    count = answer.count
    if (answer.more) return outgrown()
    const before = users
    users = new Map(answer.users.map(({ user, name, state }) => [user, { user, name, state }]))
    version = answer.version
    tell({ count, large, ...difference(before, users) })
    early.splice(0).forEach(changed)
  }

  function outgrown() {
    large = true
    version = null
    tell({ count, large, joined: [], left: [], changed: [] })
  }

  /** What the server pushed. */
  function changed(frame) {
    count = frame.count
    if (asking) return void (early.length < EARLY && early.push(frame))
    if (frame.version <= version) return
    const { joined = [], left = [], changed: news = [] } = frame
    if (!frame.joined && !frame.left && !frame.changed) return outgrown()
    if (version === null || frame.version !== version + 1) {
      large = false
      return ask()
    }
    version = frame.version
    const before = users
    users = new Map(users)
    joined.forEach(({ user, name }) => users.set(user, { user, name, state: 'online' }))
    news.forEach(({ user, ...how }) => users.set(user, { user, ...users.get(user), ...how }))
    left.forEach(({ user }) => users.delete(user))
    tell({ count, large, ...difference(before, users) })
  }

  return {
    changed,

    /** A version is one join's: what was known before is the list of that moment, until the next one is here. */
    joined(frame) {
      if (frame.count === undefined) return
      count = frame.count
      version = asking = null
      large = count > LISTED
      if (large && followed) outgrown()
      ask()
    },

    follow() {
      if (followed) return
      followed = true
      if (count !== undefined) ask()
    },

    forget() {
      users = new Map()
      count = undefined
      version = asking = null
      large = false
    },

    get count() { return count },
    get list() { return large ? [] : [...users.values()] },
  }
}

function difference(before, after) {
  const joined = [...after.values()].filter(({ user }) => !before.has(user))
  const left = [...before.values()].filter(({ user }) => !after.has(user))
  const changed = [...after.values()].filter(now => {
    const then = before.get(now.user)
    return then && (then.state !== now.state || then.name !== now.name)
  })
  return { joined, left, changed }
}
