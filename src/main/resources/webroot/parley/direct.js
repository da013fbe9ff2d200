// Rooms of two, `dm:<a>:<b>`: one room, whichever of them is named first.
const PREFIX = 'dm:'
const encoder = new TextEncoder()

const byte = b => /[A-Za-z0-9._-]/.test(String.fromCharCode(b)) ? String.fromCharCode(b)
  : '~' + b.toString(16).toUpperCase().padStart(2, '0')

const encoded = user => Array.from(encoder.encode(user), byte).join('')

const sorted = (a, b) => a <= b ? `${PREFIX}${a}:${b}` : `${PREFIX}${b}:${a}`

/** The name of the room of these two users. */
export const direct = (user, other) => sorted(encoded(user), encoded(other))

/** The name under which the server keeps and answers for a room. */
export function canonical(room) {
  const colon = room.startsWith(PREFIX) ? room.indexOf(':', PREFIX.length) : -1
  return colon < 0 ? room : sorted(room.slice(PREFIX.length, colon), room.slice(colon + 1))
}
