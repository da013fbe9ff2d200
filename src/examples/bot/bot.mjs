// A bot that answers "ping". Node 20 or newer: npm install parley-client ws; PARLEY_TOKEN=… node bot.mjs
import { parley } from 'parley-client'
import WebSocket from 'ws' // from Node 22 on there is one already

const { PARLEY_URL = 'ws://localhost:8080/ws', PARLEY_TOKEN, PARLEY_ROOM = 'lobby' } = process.env

const chat = parley(PARLEY_URL, { token: PARLEY_TOKEN, WebSocket })
const room = chat.room(PARLEY_ROOM)

chat.on('state', (state, { reason } = {}) => console.log(state, reason ?? ''))
room.on('message', ({ id, user, data }) => {
  // The answer's id comes from the question's: however often the bot starts anew, it answers once.
  if (user !== chat.user && data?.text === 'ping') room.send({ text: 'pong' }, { id: `re-${id}`.slice(0, 64) })
})

process.on('SIGTERM', async () => {
  await room.leave({ timeout: 1000 }).catch(() => {})
  chat.close()
  process.exit()
})

await room.join({ last: 10 })
console.log(`in ${room.name}`)
