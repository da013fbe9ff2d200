// The whole of the API as TypeScript sees it. Only checked, never run: each line that must not compile says so.
import { parley, ParleyError, type Message, type State } from 'parley-client'
import { sockjs } from 'parley-client/sockjs'
import { indexedDBStorage } from 'parley-client/indexeddb'

interface Said {
  text: string
}

const chat = parley('wss://chat.example/ws', {
  token: async why => (why === 'expiring' ? 'a.b.c' : 'd.e.f'),
  fallback: sockjs({ transports: ['xhr-polling'] }),
  outbox: { storage: indexedDBStorage(), key: 'tab 1', messages: 100 },
  maxReconnectDelay: 10_000,
})
parley('/ws', { outbox: { storage: sessionStorage } })

const room = chat.room<Said>('general')
const off: () => void = room.on('message', (m: Message<Said>) => console.log(m.data.text.length, m.seq))
room.on('gap', gap => console.log(gap.since.seq, gap.epoch))
room.on('members', ({ count, large, joined, left, changed }) => console.log(count, large, joined[0]?.name, left, changed[0]?.state))
chat.on('state', (state: State, { retryIn }) => console.log(state, retryIn))

const { epoch, seq, recovered } = await room.join({ last: 50, timeout: 5000 })
const sent: { id: string; seq: number; time: number } = await room.send({ text: 'hi' }, { id: 'x', signal: AbortSignal.timeout(9000) })
room.signal('typing', { on: true })
for await (const page of room.history({ before: sent.seq })) console.log(page.map(m => m.data.text))
for await (const page of room.everyone()) console.log(page.map(p => p.sessions))
const names: string[] = room.members.map(m => m.name ?? m.user)
const waiting: number = room.pending.length
try {
  await room.leave()
} catch (error) {
  if (error instanceof ParleyError && error.retryable) console.log(error.code, error.retryAfter)
}
off()
chat.retry()
chat.close()
export { epoch, seq, recovered, names, waiting }

// @ts-expect-error: a room says what its type is
room.send('hi')
// @ts-expect-error: no such event
room.on('massage', () => {})
// @ts-expect-error: no such state
chat.on('state', state => state === 'asleep')
// @ts-expect-error: handles are read-only
room.members = []
