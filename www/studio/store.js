// The half-made deck on this device. Decks are too large for localStorage, so it is in IndexedDB.

const NAME = "leaning-studio";
const STORE = "decks";
const KEY = "deck";

/** The deck that was kept, or undefined. */
export const kept = () => access("readonly", (store) => store.get(KEY));
export const keep = (deck) => access("readwrite", (store) => store.put(deck, KEY));
export const forget = () => access("readwrite", (store) => store.delete(KEY));

async function access(mode, work) {
  const database = await open();
  try {
    const transaction = database.transaction(STORE, mode);
    const { result } = await settled(work(transaction.objectStore(STORE)));
    return result;
  } finally {
    database.close();
  }
}

async function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  const { result } = await settled(request);
  return result;
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request);
    request.onerror = () => reject(request.error);
  });
}
