import type { OutboxStorage } from './parley.js'

/** A storage for `outbox.storage` in the IndexedDB database of this name (`parley`). Tabs share it: give each a `key` of its own. */
export function indexedDBStorage(name?: string): OutboxStorage
