// A storage that holds nothing readable. WebCrypto answers later, and an answer has to be stored within the click: so
// the texts are encrypted at once by a data key in memory, and the data key is stored encrypted by a key of WebCrypto that
// no script can read.

import { gcmsiv } from "@noble/ciphers/aes.js";
import { LeaningError } from "./error.js";
import { type DataKey, forgetKey, loadKey } from "./stored-key.js";

/** What keys in localStorage begin with. */
const PREFIX = "leaning-encrypted:";
/** Texts become a multiple of this long, since their length could tell what was answered. */
const BLOCK = 512;
const NONCE_LENGTH = 12;
/** AES-GCM-SIV needs no nonce for texts that are never the same twice, as names are. It shows only equality. */
const NAME_NONCE = new Uint8Array(NONCE_LENGTH);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The methods of localStorage that an interview uses. They throw while there is no key, so that nothing is written in clear. */
export class EncryptedStorage {
  readonly #owner: string;
  readonly #changed: () => void;
  #key: DataKey | null = null;
  #loading: Promise<void> | undefined;

  private constructor(owner: string, changed: () => void) {
    this.#owner = owner;
    this.#changed = changed;
  }

  /**
   * Opens the storage of one interview, named by its storage key. `changed` is called when it can be written again after
   * another tab has deleted its key. Undefined where no key can be kept: the interview stays in memory then.
   */
  static async open(storageKey: string, changed: () => void): Promise<EncryptedStorage | undefined> {
    const storage = new EncryptedStorage(storageKey, changed);
    await storage.#load();
    if (!storage.#key) return undefined;
    storage.#adopt(storageKey);
    return storage;
  }

  getItem(name: string): string | null {
    if (!this.#isCurrent()) return null;
    const key = this.#key as DataKey;
    const stored = localStorage.getItem(this.#place(name, key));
    if (stored === null) return null;
    try {
      const bytes = fromBase64(stored);
      const text = gcmsiv(key.texts, bytes.subarray(0, NONCE_LENGTH), encoder.encode(name)).decrypt(
        bytes.subarray(NONCE_LENGTH),
      );
      return decoder.decode(text).replace(/\0+$/, "");
    } catch {
      // Something else has written there. The interview says that it cannot be read.
      return stored;
    }
  }

  setItem(name: string, text: string): void {
    if (!this.#isCurrent()) throw new Error("there is no key to encrypt with");
    const key = this.#key as DataKey;
    const bytes = encoder.encode(text);
    const padded = new Uint8Array(Math.ceil((bytes.length + 1) / BLOCK) * BLOCK);
    padded.set(bytes);
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_LENGTH));
    const encrypted = gcmsiv(key.texts, nonce, encoder.encode(name)).encrypt(padded);
    localStorage.setItem(this.#place(name, key), toBase64(nonce) + toBase64(encrypted));
  }

  removeItem(name: string): void {
    if (this.#isCurrent()) localStorage.removeItem(this.#place(name, this.#key as DataKey));
  }

  /** The key in localStorage that has a text; undefined while there is no key to encrypt with. */
  placeOf(name: string): string | undefined {
    return this.#key ? this.#place(name, this.#key) : undefined;
  }

  /** Deletes the key and everything that was encrypted by it, and makes another key. */
  async forget(): Promise<void> {
    const key = this.#key;
    this.#key = null;
    if (!key) return;
    key.names.fill(0);
    key.texts.fill(0);
    // Before the texts: another tab that misses them looks for a key, and must not find this one.
    try {
      await forgetKey(key);
    } catch (cause) {
      throw new LeaningError("not-deleted", "the key of the answers could not be deleted", undefined, {
        cause,
      });
    } finally {
      this.#clear(key);
      await this.#load();
    }
  }

  #clear(key: DataKey): void {
    for (const place of Object.keys(localStorage)) {
      if (place.startsWith(this.#prefix(key))) localStorage.removeItem(place);
    }
  }

  /**
   * Whether the key here is still the one that counts. Another tab may have deleted it: then the new one is loaded, and
   * until then nothing can be stored.
   */
  #isCurrent(): boolean {
    const key = this.#key;
    if (!key) return false;
    if (localStorage.getItem(this.#prefix(key)) === key.id) return true;
    this.#key = null;
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
      if (this.#key) this.#changed();
    });
    return false;
  }

  async #load(): Promise<void> {
    try {
      const key = await loadKey(this.#owner);
      // Texts of a key that is gone can never be read again.
      if (localStorage.getItem(this.#prefix(key)) !== key.id) this.#clear(key);
      // Which key counts is also written where it can be looked up at once.
      localStorage.setItem(this.#prefix(key), key.id);
      this.#key = key;
    } catch {
      // No IndexedDB or no localStorage, as in some private windows: the interview stays in memory and says so.
      this.#key = null;
    }
  }

  /** Encrypts what was stored in clear before. */
  #adopt(name: string): void {
    if (!this.#key) return;
    const clear = localStorage.getItem(name);
    if (clear === null) return;
    if (this.getItem(name) === null) this.setItem(name, clear);
    localStorage.removeItem(name);
  }

  #prefix({ owner }: DataKey): string {
    return `${PREFIX}${owner}:`;
  }

  #place(name: string, key: DataKey): string {
    return this.#prefix(key) + toBase64(gcmsiv(key.names, NAME_NONCE).encrypt(encoder.encode(name)));
  }
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
