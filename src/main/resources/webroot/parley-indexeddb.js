// An outbox's storage that holds more than sessionStorage and that workers have too:
// `parley(url, { outbox: { storage: indexedDBStorage(), key: `outbox of ${tab}` } })`.

const STORE = 'items'

export function indexedDBStorage(name = 'parley') {
  let opening = null

  function open() {
    opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1)
      request.onupgradeneeded = () => request.result.createObjectStore(STORE)
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    return opening
  }

  async function run(mode, action) {
    const transaction = (await open()).transaction(STORE, mode)
    const request = action(transaction.objectStore(STORE))
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = transaction.onerror = () => reject(transaction.error)
    })
  }

  return {
    getItem: key => run('readonly', store => store.get(key)),
    setItem: (key, value) => run('readwrite', store => store.put(value, key)),
    removeItem: key => run('readwrite', store => store.delete(key)),
  }
}
