// A client on the stock sockjs-client with one transport: joins a room, publishes, writes down what it hears, and after
// each end comes back and resumes. It does what src/docs/PROTOCOL.md says and no more.
window.talker = ({ url, transport, token, room }) => {
  const heard = []
  const waiting = new Map()
  const ends = []
  let socket
  let position
  let joined
  let refused = 0
  const ready = new Promise(resolve => (joined = resolve))

  const send = frame => socket.send(JSON.stringify(frame))

  const publish = (id, frame) => {
    waiting.get(id).frame = frame
    if (socket.readyState === SockJS.OPEN && position) send(frame)
  }

  const frames = {
    welcome: () => send({ type: 'join', ref: 'join', room, ...(position && { since: position }) }),
    joined(frame) {
      if (position && !frame.recovered) ends.push('not recovered: ' + JSON.stringify(frame))
      if (!position) position = { epoch: frame.epoch, seq: frame.seq }
      waiting.forEach(one => send(one.frame))
      joined()
    },
    message(frame) {
      heard.push({ seq: frame.seq, id: frame.id })
      position = { epoch: frame.epoch, seq: frame.seq }
    },
    ack(frame) {
      waiting.get(frame.id)?.resolve(frame)
      waiting.delete(frame.id)
    },
    error(frame) {
      refused++
      if (frame.code !== 'unavailable') ends.push('error: ' + JSON.stringify(frame))
      else if (frame.ref === 'join') setTimeout(frames.welcome, 100)
      else setTimeout(() => waiting.has(frame.ref) && send(waiting.get(frame.ref).frame), 100)
    },
  }

  const connect = () => {
    socket = new SockJS(url, null, { transports: [transport], sessionId: 26 })
    socket.onopen = () => {
      if (socket.transport !== transport) ends.push('transport: ' + socket.transport)
      send({ type: 'auth', token })
    }
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data)
      frames[frame.type]?.(frame)
    }
    socket.onclose = ({ code, reason }) => {
      ends.push(`closed: ${code} ${reason}`)
      setTimeout(connect, 200)
    }
  }
  connect()

  return {
    ready,
    heard,
    ends,
    refused: () => refused,
    /** Publishes so many, `window` of them at a time without their ack. */
    async publish(name, count, window) {
      let next = 0
      const one = async () => {
        while (next < count) {
          const id = name + next++
          await new Promise(resolve => {
            waiting.set(id, { resolve })
            publish(id, { type: 'publish', ref: id, room, id, data: id })
          })
        }
      }
      await Promise.all(Array.from({ length: window }, one))
    },
    close() {
      socket.onclose = null
      socket.close()
    },
  }
}
