import { parley } from '/parley.js'

const log = /** @type {HTMLOListElement} */ (document.querySelector('#log'))
const [form] = document.forms

const guest = () => fetch('/api/guest', { method: 'POST', body: '{"name":"Ann"}' }).then(answer => answer.json())
const room = parley('/ws', { token: async () => (await guest()).token }).room('lobby')

room.on('message', ({ name, user, data }) => log.append(Object.assign(document.createElement('li'), { textContent: `${name ?? user}: ${data.text}` })))
form.addEventListener('submit', event => {
  event.preventDefault()
  room.send({ text: new FormData(form).get('text') })
  form.reset()
})
await room.join({ last: 20 })
