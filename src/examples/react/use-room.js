import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'

/** @typedef {import('/parley.js').Chat} Chat */
/** @template T @typedef {import('/parley.js').Message<T>} Message */

/**
 * A room for as long as the component is there: its messages, what is still on its way, who is here, and how to say something.
 * @template T
 * @param {Chat} chat
 * @param {string} name
 */
export function useRoom(chat, name, last = 50) {
  const room = useMemo(() => /** @type {import('/parley.js').Room<T>} */ (chat.room(name)), [chat, name])
  const [messages, setMessages] = useState(/** @type {Message<T>[]} */ ([]))
  const [pending, setPending] = useState(room.pending)
  const [members, setMembers] = useState(room.members)

  useEffect(() => {
    setMessages([])
    const undo = [
      room.on('message', message => setMessages(before => [...before, message])),
      room.on('pending', setPending),
      room.on('members', () => setMembers(room.members)),
    ]
    room.join({ last }).catch(() => {})
    return () => {
      undo.forEach(off => off())
      room.leave()
    }
  }, [room, last])

  return { messages, pending, members, send: room.send }
}

/** @param {Chat} chat */
export function useChatState(chat) {
  return useSyncExternalStore(changed => chat.on('state', changed), () => chat.state)
}
