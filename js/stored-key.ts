// The key of an encrypted storage: kept in IndexedDB, encrypted by a key that WebCrypto does not hand out.

const DATABASE = "leaning";
const KEYS = "keys";
const ALGORITHM = "AES-GCM";
const KEY_LENGTH = 32;
/** In milliseconds. */
const LONGEST_WAIT = 5_000;

/** A data key in memory. */
export interface DataKey {
  /** A hash of the storage key. */
  owner: string;
  /** Differs from the key before it, which was deleted. */
  id: string;
  names: Uint8Array<ArrayBuffer>;
  texts: Uint8Array<ArrayBuffer>;
}

/** What IndexedDB has of it. */
interface StoredKey {
  owner: string;
  id: string;
  /** Not extractable. */
  wrapping: CryptoKey;
  nonce: Uint8Array<ArrayBuffer>;
  /** The data key, encrypted by `wrapping`. */
  wrapped: ArrayBuffer;
}

/** The data key of an interview, by its storage key. The first tab to ask makes it. */
export async function loadKey(storageKey: string): Promise<DataKey> {
  const owner = await hash(storageKey);
  const fresh = await makeKey(owner);
  // One transaction: of two tabs that make a key at the same time, one stores it and the other finds it.
  const stored = await inTime(
    inDatabase<StoredKey>((keys, done) => {
      const found = keys.get(owner);
      found.onsuccess = () => {
        if (!found.result) keys.add(fresh);
        done(found.result ?? fresh);
      };
    }),
  );
  const { id, wrapping, nonce, wrapped } = stored;
  const data = await crypto.subtle.decrypt({ name: ALGORITHM, iv: nonce }, wrapping, wrapped);
  return {
    owner,
    id,
    names: new Uint8Array(data, 0, KEY_LENGTH),
    texts: new Uint8Array(data, KEY_LENGTH, KEY_LENGTH),
  };
}

/** Deletes a key, unless another has taken its place. */
export async function forgetKey({ owner, id }: DataKey): Promise<void> {
  await inTime(
    inDatabase<void>((keys, done) => {
      const found = keys.get(owner);
      found.onsuccess = () => {
        if (found.result?.id === id) keys.delete(owner);
        done();
      };
    }),
  );
}

async function makeKey(owner: string): Promise<StoredKey> {
  const algorithm = { name: ALGORITHM, length: 8 * KEY_LENGTH };
  const wrapping = await crypto.subtle.generateKey(algorithm, false, ["encrypt", "decrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const data = crypto.getRandomValues(new Uint8Array(2 * KEY_LENGTH));
  const wrapped = await crypto.subtle.encrypt({ name: ALGORITHM, iv: nonce }, wrapping, data);
  data.fill(0);
  const id = [...crypto.getRandomValues(new Uint8Array(8))].join(".");
  return { owner, id, wrapping, nonce, wrapped };
}

async function hash(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes, 0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Rejects where IndexedDB does not answer, as happens in some browsers: an interview waits for this. */
function inTime<Result>(working: Promise<Result>): Promise<Result> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("IndexedDB does not answer")), LONGEST_WAIT);
  });
  return Promise.race([working, late]);
}

/** Works in one transaction. Resolves to what `done` was called with, once the transaction is on the disk. */
async function inDatabase<Result>(
  work: (keys: IDBObjectStore, done: (result: Result) => void) => void,
): Promise<Result> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(KEYS, { keyPath: "owner" });
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  try {
    return await new Promise<Result>((resolve, reject) => {
      // A key that is lost takes all answers along.
      const transaction = database.transaction(KEYS, "readwrite", { durability: "strict" });
      let result: Result;
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = () => reject(transaction.error);
      work(transaction.objectStore(KEYS), (value) => {
        result = value;
      });
    });
  } finally {
    database.close();
  }
}
