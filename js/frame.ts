// The host's side of the sealed frame: `leaning/frame`. The other side is frame-page.ts.

import { flaw } from "./error.js";
import { faultIn, isLanguage, LONGEST_OPENING, MOST_CANDIDATES, type Opening } from "./frame-opening.js";
import { checkNames, namesOf } from "./known-names.js";
import {
  expectString,
  expectText,
  type Fields,
  guard,
  isObject,
  kindOf,
  type Plain,
  plain,
  plainFields,
  plainList,
  withoutMark,
  withPlainJson,
} from "./plain.js";
import type { Candidate, Deck } from "./types.js";

export { type ErrorCode, LeaningError } from "./error.js";
export type { Candidate, Deck } from "./types.js";

/** A candidate with a text, since the frame has to show it. */
export type FrameCandidate = Candidate & { text: string };

export interface FrameOptions {
  /** The URL of the package's frame.html, on another origin than the page. */
  src: string | URL;
  /** The deck, or its JSON text. Its pictures must be `data:` URLs: the frame fetches nothing. */
  deck: Deck | string;
  /** Candidates of one prompt. The frame shows the best of them once the interview is over. */
  candidates?: readonly FrameCandidate[];
  /** `local`, the default, keeps the answers in the storage of the frame's own origin; `memory` while the frame is shown. */
  storage?: "local" | "memory";
  /** The number of questions; by default 10. The frame never ends earlier, since that would tell something. */
  maxQuestions?: number;
  /** The number of days for which the frame keeps answers, from 1 to 36,500; by default until the person deletes them. */
  retention?: number;
  /** The language of the frame's own texts; by default the page's. */
  language?: string;
  /** By default that of the person's system. */
  theme?: "light" | "dark";
  /** The height, which stays the same: pixels or a CSS length. By default `40rem`. */
  height?: number | string;
  /** The name of the frame for screen readers; by default the deck's title. */
  title?: string;
}

const NAMES = namesOf<FrameOptions>({
  src: 1,
  deck: 1,
  candidates: 1,
  storage: 1,
  maxQuestions: 1,
  retention: 1,
  language: 1,
  theme: 1,
  height: 1,
  title: 1,
});

/** A sealed frame on a page. */
export interface Frame {
  /** Add this to the page. */
  readonly element: HTMLIFrameElement;
  /** Resolves when the frame has taken the deck, before it looks at anything that was answered. */
  readonly ready: Promise<void>;
  /** Resolves when the person presses Done, whether or not anything was answered. */
  readonly done: Promise<void>;
  /** Removes the frame. The answers stay where they are kept. */
  remove(): void;
}

/**
 * Creates a frame in which a person is interviewed and reads the chosen response, and of which the page learns
 * nothing but `ready` and `done`.
 */
export function createFrame(options: FrameOptions): Frame {
  const { src: given, deck, candidates, ...settings } = readOptions(options);
  const { storage = "local", height = "40rem", title } = settings;
  if (storage !== "local" && storage !== "memory")
    throw flaw("options", "storage", "expected local or memory");
  const src = frameUrl(given, storage);
  const opening = openingOf(deck, candidates, settings);
  expectText(title, "options", "title");
  const element = document.createElement("iframe");
  // The frame is on another origin, so its own origin in it does not weaken the sandbox.
  element.setAttribute("sandbox", storage === "memory" ? "allow-scripts" : "allow-scripts allow-same-origin");
  // The person may copy the result.
  element.allow = "clipboard-write";
  element.referrerPolicy = "no-referrer";
  element.title = String(title ?? titleOf(deck) ?? "Leaning");
  element.style.cssText = "display: block; inline-size: 100%; border: 0";
  element.style.blockSize = typeof height === "number" ? `${height}px` : String(height);
  // A browser leaves out what is no length, and the frame would be as tall as frames are by themselves.
  if (element.style.blockSize === "")
    throw flaw("options", "height", "expected a number of pixels, or a CSS length");
  element.src = src.href;

  const heard = { ready: () => {}, done: () => {} };
  const ready = new Promise<void>((resolve) => {
    heard.ready = resolve;
  });
  const done = new Promise<void>((resolve) => {
    heard.done = resolve;
  });
  // Again whenever the frame loads: it does when it is moved to another place of the document.
  element.addEventListener("load", () => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data === "ready" || data === "done") heard[data]();
    };
    // A sandbox without an origin of its own cannot be named. The deck is no secret.
    element.contentWindow?.postMessage(opening, storage === "memory" ? "*" : src.origin, [port2]);
  });
  return { element, ready, done, remove: () => element.remove() };
}

/** The options as plain copies, with a deck in any form as a value. */
interface GivenOptions extends Fields {
  src: Plain;
  deck: Plain;
  candidates: Plain;
}

function readOptions(options: unknown): GivenOptions {
  checkNames(options, NAMES);
  const names = NAMES.filter((name) => !["src", "deck", "candidates"].includes(name));
  const settings = plainFields(options, names, "options");
  if (!isObject(settings))
    throw flaw("options", "", `expected an object with a src and a deck, found ${kindOf(settings)}`);
  const { src, deck, candidates } = guard("options", "", () => {
    const { src, deck, candidates } = options as Record<string, unknown>;
    // A URL may be of another frame.
    return { src: (src as URL | undefined)?.href ?? src, deck, candidates };
  });
  return {
    ...settings,
    src: expectString(src, "options", "src"),
    deck: readDeck(deck),
    candidates: plainList(candidates, ["id", "text", "scores"], "candidates", MOST_CANDIDATES) ?? [],
  };
}

/** The deck as a value. The interview in the frame checks it. */
function readDeck(deck: unknown): Plain {
  if (typeof deck !== "string") return plain(deck, "deck") ?? null;
  if (deck.length > LONGEST_OPENING)
    throw flaw("deck", "", `expected at most ${LONGEST_OPENING} characters, found ${deck.length}`);
  try {
    return JSON.parse(withoutMark(deck));
  } catch (cause) {
    throw flaw("deck", "", "expected a deck, or its JSON text", { cause });
  }
}

function frameUrl(given: Plain, storage: string): URL {
  let src: URL;
  try {
    src = new URL(given as string, document.baseURI);
  } catch (cause) {
    throw flaw("options", "src", "not a URL", { cause });
  }
  if (src.protocol !== "https:" && src.protocol !== "http:")
    throw flaw("options", "src", "expected a URL of https");
  if (src.origin === location.origin && storage !== "memory")
    throw flaw("options", "src", "expected another origin than the page's, or the storage memory");
  return src;
}

function openingOf(deck: Plain, candidates: Plain, settings: Fields): string {
  const { maxQuestions, retention, language, theme } = settings;
  const { lang } = document.documentElement;
  const given = {
    deck: isObject(deck) ? withPlainJson(() => JSON.stringify(deck)) : undefined,
    candidates,
    maxQuestions: maxQuestions ?? 10,
    retention: retention ?? null,
    language: language ?? (isLanguage(lang) ? lang : "en"),
    theme: theme ?? null,
  };
  const fault = faultIn(given);
  if (fault) throw flaw("options", fault.path, fault.expected);
  const opening: Opening = {
    format: "leaning-frame/1",
    ...(given as unknown as Omit<Opening, "format">),
  };
  checkCandidates(opening.candidates, (deck as Fields).dimensions);
  const text = withPlainJson(() => JSON.stringify(opening));
  if (text.length > LONGEST_OPENING)
    throw flaw("deck", "", `expected at most ${LONGEST_OPENING} characters with the candidates`);
  return text;
}

/**
 * Fails for candidates that the frame could not rank: with another number of scores than the deck, unless that is broken,
 * which the frame says itself.
 */
function checkCandidates(candidates: Opening["candidates"], dimensions: Plain | undefined): void {
  for (const [place, { id, scores }] of candidates.entries()) {
    if (id !== undefined && id !== null && typeof id !== "string")
      throw flaw("candidates", `[${place}].id`, "expected a string");
    const path = `[${place}].scores`;
    if (!Array.isArray(scores) || !scores.every(Number.isFinite))
      throw flaw("candidates", path, "expected a list of finite numbers");
    const { length } = Array.isArray(dimensions) ? dimensions : scores;
    if (scores.length !== length)
      throw flaw("candidates", path, `expected ${length} numbers, found ${scores.length}`);
  }
}

function titleOf(deck: Plain): Plain | undefined {
  const title = (deck as Fields).title;
  return typeof title === "string" ? title : undefined;
}
