// The words and pictures that a deck brings. They stay in JavaScript, so they are checked here; the command line
// checks the same rules in src/format/look.rs.

import { flaw } from "./error.js";
import { expectText, type Fields, isObject, kindOf, type Plain } from "./plain.js";
import type { DeckImage, DeckWord } from "./types.js";

/** The texts of the elements that a deck may replace. */
const WORDS: readonly DeckWord[] = [
  ...(["ask", "answer", "choose", "prefer", "tie", "neither", "none", "skip", "done"] as const),
  ...(["askRating", "ratingLow", "ratingHigh", "askBestWorst", "askOrder", "much", "slightly"] as const),
];

/** A language first, then script, region and so on. */
const LANGUAGE_TAG = /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i;

/**
 * A path, with no scheme and no host, or a picture in the URL itself. A browser skips control characters in
 * URLs, and takes a backslash for a slash.
 */
const SOURCE = /^(data:image\/|(?!\/\/| |[^/?#]*:)[^\\\p{Cc}]+$)/iu;

/** Throws unless `words` of a deck has texts by language and key. */
export function checkWords(words: Plain | undefined): void {
  for (const [tag, texts] of entriesOf(words, "words")) {
    if (!LANGUAGE_TAG.test(tag))
      throw flaw("deck", "words", `"${short(tag)}" is no language tag such as en or pt-BR`);
    for (const [key, text] of entriesOf(texts, `words.${tag}`)) {
      const path = `words.${tag}.${short(key)}`;
      if (!WORDS.includes(key as DeckWord))
        throw flaw("deck", path, `unknown: expected one of ${WORDS.join(", ")}`);
      if (typeof text !== "string") throw flaw("deck", path, `expected a string, found ${kindOf(text)}`);
    }
  }
}

/** Throws unless an archetype has a name. The wasm module checks the rest. */
export function checkArchetype(archetype: Fields, path: string): void {
  const { name, text, weights } = archetype;
  if (name === undefined || name === null) throw flaw("deck", `${path}.name`, "missing");
  expectText(name, "deck", `${path}.name`);
  expectText(text, "deck", `${path}.text`);
  // To the module a list is an object with other keys.
  if (Array.isArray(weights)) throw flaw("deck", `${path}.weights`, "expected an object, found a list");
}

/** Throws unless `image` is absent or a picture. On a candidate it needs its content in words. */
export function checkImage(image: Plain | undefined, path: string, needsAlt: boolean): void {
  if (image === undefined || image === null) return;
  if (!isObject(image)) throw flaw("deck", path, `expected an object, found ${kindOf(image)}`);
  for (const name of ["src", "alt", "width", "height"]) {
    const value = image[name];
    const expected = name === "src" || name === "alt" ? "string" : "number";
    if (value === undefined) throw flaw("deck", `${path}.${name}`, "missing");
    if (typeof value !== expected)
      throw flaw("deck", `${path}.${name}`, `expected a ${expected}, found ${kindOf(value)}`);
    if (expected === "number" && !((value as number) > 0 && (value as number) <= 1e100))
      throw flaw("deck", `${path}.${name}`, "expected a number above 0");
  }
  if (!SOURCE.test(image.src as string))
    throw flaw("deck", `${path}.src`, "expected a path relative to the deck, or data:image/…");
  if (needsAlt && !(image.alt as string).trim())
    throw flaw("deck", `${path}.alt`, "must not be empty: it stands for the picture in words");
}

/** A picture whose source is a URL, if `base`, the deck's place, is known. */
export function imageAt(image: DeckImage | null | undefined, base: string | undefined): DeckImage | null {
  if (!image) return null;
  const { src, alt, width, height } = image;
  return { src: base === undefined ? src : new URL(src, base).href, alt, width, height };
}

/** The place that pictures are relative to: the given one, or else the page. */
export function baseOf(base: string | undefined): string | undefined {
  const page = globalThis.document?.baseURI;
  if (base === undefined) return page;
  try {
    return new URL(base, page).href;
  } catch {
    throw flaw("options", "base", "expected a URL");
  }
}

/** The words in a language: those of its exact tag before those of its primary code. */
export function wordsIn(
  words: Record<string, Partial<Record<DeckWord, string>>> | null | undefined,
  language: string,
): Partial<Record<DeckWord, string>> {
  const find = (wanted: string) => {
    const isWanted = (tag: string) => tag.toLowerCase() === wanted.toLowerCase();
    return Object.entries(words ?? {}).find(([tag]) => isWanted(tag))?.[1];
  };
  return { ...find(language.split("-", 1)[0] ?? ""), ...find(language) };
}

function entriesOf(value: Plain | undefined, path: string): [string, Plain][] {
  if ((value === undefined || value === null) && path === "words") return [];
  if (!isObject(value)) throw flaw("deck", path, `expected an object, found ${kindOf(value)}`);
  return Object.entries(value);
}

function short(text: string): string {
  return text.slice(0, 100);
}
