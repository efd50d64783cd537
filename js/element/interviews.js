// The interviews that a page's elements share: those with the same deck and the same storage key see one and the same.

import { init, Leaning, LeaningError } from "../core.js";

const open = new Map();
const numbers = new WeakMap();
let given = 0;

/** Tells decks apart: URLs and decks by what they say, for frameworks like to make the same object anew; buffers one by one. */
export function identity(deck) {
  try {
    if (deck?.dimensions || typeof deck !== "object") return JSON.stringify(deck);
  } catch {
    // It holds itself, and is no deck: whoever reads it says so.
  }
  if (!numbers.has(deck)) numbers.set(deck, ++given);
  return numbers.get(deck);
}

function absolute(url, base) {
  try {
    return new URL(url, base).href;
  } catch {
    throw new LeaningError("fetch", `${url}: not a URL`);
  }
}

/**
 * Takes part in an interview: in the one that is open, or else in a new one with `options`. `deck` is a URL or a deck;
 * `opened` is a promise of the interview; `leave()` ends taking part, and the last to leave frees it.
 */
export function join({ deck, base, storage, storageKey }, options) {
  const source = typeof deck === "string" ? absolute(deck, base) : deck;
  const key = JSON.stringify([identity(source), storage, storageKey]);
  let shared = open.get(key);
  if (!shared) {
    shared = { users: 0, opened: start(source, { storage, storageKey, ...options }) };
    open.set(key, shared);
    // The next to ask may have more luck.
    shared.opened.catch(() => forget(key, shared));
  }
  shared.users++;
  let here = true;
  return {
    opened: shared.opened,
    leave() {
      if (!here) return;
      here = false;
      if (--shared.users) return;
      forget(key, shared);
      shared.opened.then(
        (leaning) => leaning.free(),
        () => {},
      );
    },
  };
}

function forget(key, shared) {
  if (open.get(key) === shared) open.delete(key);
}

async function start(source, options) {
  const deck = typeof source === "string" ? fetchBytes(source) : source;
  const [content] = await Promise.all([deck, init()]);
  return Leaning.open({ deck: content, ...options });
}

async function fetchBytes(url) {
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new LeaningError("fetch", `${url}: ${error.message}`);
  }
  if (!response.ok) throw new LeaningError("fetch", `${url}: the server answered ${response.status}`);
  return response.arrayBuffer();
}

// Another tab has said something. The wasm module reads the storage anew whenever it is asked.
globalThis.addEventListener?.("storage", async ({ storageArea }) => {
  if (storageArea !== localStorage) return;
  for (const { opened } of [...open.values()]) {
    const leaning = await opened.catch(() => {});
    leaning?.dispatchEvent(new Event("change"));
  }
});
