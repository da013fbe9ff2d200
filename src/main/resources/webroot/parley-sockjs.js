// The way around, for networks that let no WebSocket through: `parley(url, { fallback: sockjs() })`. It weighs nothing until a
// WebSocket fails: only then is sockjs-client fetched, the stock library, which every node serves.

/** Without `websocket`: where that works the fallback isn't needed, and where it hangs it would be waited for twice. */
const TRANSPORTS = ['xhr-streaming', 'eventsource', 'xhr-polling']

export function sockjs({ url, library, SockJS, transports = TRANSPORTS } = {}) {
  return async address => {
    const Socket = SockJS ?? (await load(library ?? new URL('sockjs-client/sockjs.min.js', import.meta.url)))
    // Whoever knows the session's id can speak for it: 130 bits, not the library's 40.
    return new Socket(String(url ?? beside(address)), null, { transports, sessionId: 26 })
  }
}

/** The library is no module; it leaves itself where all can see it. */
async function load(library) {
  if (!globalThis.SockJS) await import(library)
  return globalThis.SockJS
}

/** `wss://host/ws` → `https://host/sockjs` */
function beside(address) {
  const there = new URL('sockjs', address)
  there.protocol = there.protocol.replace('ws', 'http')
  return there
}
