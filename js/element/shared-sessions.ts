// The interviews that a page's elements share: elements with the same deck and storage key have one interview
// together.

import {
  type DeckSource,
  initialized,
  Leaning,
  LeaningError,
  type OpenOptions,
  ofElements,
} from "../core.js";
import { fetchFile } from "../fetch.js";

type SessionOptions = Omit<OpenOptions, "deck">;

/** One element's share of an interview. */
export interface SharedSession {
  readonly opened: Promise<Leaning>;
  /** Whether it is being opened with the options of another start. */
  readonly isJoined: boolean;
  /** Gives up the share. The last element to leave frees the interview, unless its answers would be lost. */
  leave(): void;
}

/** The place of an interview. A deck as a string is its JSON text, or its URL relative to `base`. */
export interface SessionPlace {
  deck: DeckSource;
  base: string;
  /** The hashes that a fetched deck must have one of. */
  integrity: string | null;
  storage: string | null;
  storageKey: string | null;
  /** A number of days. */
  retention: string | null;
}

interface OpenInterview {
  users: number;
  opened: Promise<Leaning>;
}

const interviews = new Map<string, OpenInterview>();
const bufferNumbers = new WeakMap<object, number>();
let buffersSeen = 0;

/**
 * A key by which equal decks are equal: URLs, and decks by content, since frameworks recreate objects.
 * Buffers differ.
 */
export function deckIdentity(deck: DeckSource): string {
  if (typeof deck === "string") return JSON.stringify(deck);
  try {
    if ("dimensions" in deck) return JSON.stringify(deck);
  } catch {
    // A deck that contains itself. Opening it reports the error.
  }
  const number = bufferNumbers.get(deck) ?? ++buffersSeen;
  bufferNumbers.set(deck, number);
  return String(number);
}

/** Whether a deck is given as a text. No URL of a deck begins like that. */
export function isDeckText(deck: unknown): boolean {
  return typeof deck === "string" && /^\s*\{/.test(deck);
}

/** Joins the interview at a place, or opens it with `options`. */
export function joinSession(place: SessionPlace, options: SessionOptions): SharedSession {
  const { integrity } = place;
  const isUrl = typeof place.deck === "string" && !isDeckText(place.deck);
  const deck = isUrl ? absoluteUrl(place.deck as string, place.base) : place.deck;
  const key = sessionKey({ ...place, deck });
  const joined = interviews.get(key);
  const interview = joined ?? open(key, deck, integrity, { ...storageOptions(place), ...options });
  interview.users++;
  let left = false;
  return {
    opened: interview.opened,
    isJoined: joined !== undefined,
    leave() {
      if (left) return;
      left = true;
      interview.users--;
      interview.opened.then(
        (leaning) => {
          // Answers that are in memory alone are there as long as the page is, even if no element shows them.
          if (interview.users > 0 || isInMemory(leaning)) return;
          drop(key, interview);
          ofElements.delete(leaning);
          leaning.free();
        },
        () => {},
      );
    },
  };
}

/** One element's share of a failure to open an interview. */
export interface SharedFailure {
  /** Whether it is the first element to fail, which tells the person. */
  readonly isFirst: boolean;
  /** The functions that start the other elements again. */
  others(): (() => void)[];
  /** The element has started again, or is gone. */
  end(): void;
}

const failures = new Map<string, Set<() => void>>();

/** Tells that an element could not open the interview at a place. `restart` lets it try again. */
export function joinFailure(place: SessionPlace, restart: () => void): SharedFailure {
  const key = sessionKey(place);
  const failed = failures.get(key) ?? new Set();
  failures.set(key, failed.add(restart));
  return {
    isFirst: failed.size === 1,
    others: () => [...failed].filter((other) => other !== restart),
    end() {
      failed.delete(restart);
      if (failed.size === 0 && failures.get(key) === failed) failures.delete(key);
    },
  };
}

function sessionKey({ deck, integrity, storage, storageKey, retention }: SessionPlace): string {
  return JSON.stringify([deckIdentity(deck), integrity, storage, storageKey, retention]);
}

function open(
  key: string,
  deck: DeckSource,
  integrity: string | null,
  options: SessionOptions,
): OpenInterview {
  const interview = { users: 0, opened: load(deck, integrity, options) };
  interviews.set(key, interview);
  // The next element to join tries again.
  interview.opened.catch(() => drop(key, interview));
  return interview;
}

function isInMemory(leaning: Leaning): boolean {
  try {
    const { stored, entries } = leaning.status();
    return !stored && entries > 0;
  } catch {
    // Nothing can be inferred from the answers. Whether they are stored is not known then.
    return true;
  }
}

function drop(key: string, interview: OpenInterview): void {
  if (interviews.get(key) === interview) interviews.delete(key);
}

async function load(source: DeckSource, integrity: string | null, options: SessionOptions): Promise<Leaning> {
  const url = typeof source === "string" && !isDeckText(source) ? source : undefined;
  const response = url === undefined ? undefined : fetchFile(url, integrity);
  const [bytes] = await Promise.all([response?.then((found) => found.arrayBuffer()), initialized()]);
  const given = bytes ? { deck: bytes, base: url } : { deck: source };
  const leaning = await Leaning.open({ ...options, ...given });
  ofElements.add(leaning);
  return leaning;
}

function storageOptions({ storage, storageKey, retention }: SessionPlace): SessionOptions {
  return {
    // Anything but the three words is for the core to refuse.
    ...(storage !== null && { storage: storage as "local" | "encrypted" | "memory" }),
    ...(storageKey !== null && { storageKey }),
    ...(retention !== null && { retention: Number(retention) }),
  };
}

function absoluteUrl(url: string, base: string): string {
  try {
    return new URL(url, base).href;
  } catch {
    // Something else may have been taken for a URL.
    throw new LeaningError("fetch", `${url.slice(0, 200)}: not a URL`);
  }
}
