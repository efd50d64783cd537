// The host's side of the sealed frame: `leaning/frame`. The other side is frame-page.ts.

import { flaw } from "./error.js";
import { faultIn, isLanguage, LONGEST_OPENING, type Opening } from "./frame-opening.js";
import { checkNames, namesOf } from "./known-names.js";
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
  checkNames(options, NAMES);
  const { storage = "local", height = "40rem" } = options;
  if (storage !== "local" && storage !== "memory")
    throw flaw("options", "storage", "expected local or memory");
  const src = frameUrl(options.src, storage);
  const opening = openingOf(options);
  const element = document.createElement("iframe");
  // The frame is on another origin, so its own origin in it does not weaken the sandbox.
  element.setAttribute("sandbox", storage === "memory" ? "allow-scripts" : "allow-scripts allow-same-origin");
  // The person may copy the result.
  element.allow = "clipboard-write";
  element.referrerPolicy = "no-referrer";
  element.title = options.title ?? titleOf(options.deck);
  element.style.cssText = "display: block; inline-size: 100%; border: 0";
  element.style.blockSize = typeof height === "number" ? `${height}px` : height;
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

function frameUrl(given: string | URL, storage: string): URL {
  let src: URL;
  try {
    src = new URL(given, document.baseURI);
  } catch (cause) {
    throw flaw("options", "src", "not a URL", { cause });
  }
  if (src.protocol !== "https:" && src.protocol !== "http:")
    throw flaw("options", "src", "expected a URL of https");
  if (src.origin === location.origin && storage !== "memory")
    throw flaw("options", "src", "expected another origin than the page's, or the storage memory");
  return src;
}

function openingOf({ deck, candidates, maxQuestions, retention, language, theme }: FrameOptions): string {
  const { lang } = document.documentElement;
  const opening: Opening = {
    format: "leaning-frame/1",
    deck: typeof deck === "string" ? deck : JSON.stringify(deck),
    // JSON has no typed arrays.
    candidates: Array.from(candidates ?? [], ({ id, text, scores }) => ({
      ...(id !== undefined && { id }),
      text,
      scores: Array.from(scores),
    })),
    maxQuestions: maxQuestions ?? 10,
    retention: retention ?? null,
    language: language ?? (isLanguage(lang) ? lang : "en"),
    theme: theme ?? null,
  };
  const fault = faultIn(opening);
  if (fault) throw flaw("options", fault.path, fault.expected);
  if (opening.candidates.length > 0) checkScores(opening);
  const text = JSON.stringify(opening);
  if (text.length > LONGEST_OPENING)
    throw flaw("deck", "", `expected at most ${LONGEST_OPENING} characters with the candidates`);
  return text;
}

/** Fails for candidates with another number of scores than the deck. The frame says itself if the deck is broken. */
function checkScores({ deck, candidates }: Opening): void {
  let dimensions: unknown;
  try {
    ({ dimensions } = JSON.parse(deck));
  } catch {
    return;
  }
  if (!Array.isArray(dimensions)) return;
  const { length } = dimensions;
  for (const [place, { scores }] of candidates.entries()) {
    if (scores.length === length) continue;
    throw flaw("candidates", `[${place}].scores`, `expected ${length} numbers, found ${scores.length}`);
  }
}

function titleOf(deck: Deck | string): string {
  return (typeof deck === "string" ? undefined : deck.title) ?? "Leaning";
}
