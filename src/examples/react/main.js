import { createElement as h, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { parley } from '/parley.js'
import { useChatState, useRoom } from './use-room.js'

const guest = () => fetch('/api/guest', { method: 'POST', body: '{"name":"Ann"}' }).then(answer => answer.json())
const chat = parley('/ws', { token: async () => (await guest()).token })

function Lobby() {
  const { messages, pending, send } = useRoom(chat, 'lobby')
  const [text, setText] = useState('')
  const state = useChatState(chat)

  /** @param {Event} event */
  const say = event => {
    event.preventDefault()
    send({ text })
    setText('')
  }
  return h('main', null,
    h('p', { id: 'state' }, state),
    h('ol', { id: 'log' },
      messages.map(({ user, name, id, data }) => h('li', { key: `${user} ${id}` }, `${name ?? user}: ${data.text}`)),
      pending.map(({ id, data }) => h('li', { key: id, className: 'pending' }, data.text))),
    h('form', { onSubmit: say },
      h('input', { value: text, 'aria-label': 'Message', onChange: (/** @type {any} */ event) => setText(event.target.value) })))
}

createRoot(/** @type {Element} */ (document.querySelector('#root'))).render(h(Lobby))
