// Reading decks. The wasm module uses the ids and scores of a deck, and its texts stay in JavaScript.

import { flaw, LeaningError, messageOf } from "./error.js";
import { indexed } from "./indexed.js";
import { checkArchetype, checkImage, checkWords, imageAt } from "./look.js";
import {
  checkFile,
  expectText,
  type Fields,
  guard,
  isObject,
  isText,
  kindOf,
  MAX_LENGTH,
  type Plain,
  plain,
  withoutMark,
} from "./plain.js";
import type { Deck, DeckImage, DeckText, NamedDimension } from "./types.js";

/**
 * Reads a deck from an object, a JSON text, or the bytes of that text or of a safetensors file. It checks the
 * types of the texts, and the wasm module checks the rest.
 */
export async function readDeck(given: unknown): Promise<Deck> {
  if (given === undefined || given === null) throw flaw("options", "deck", "missing");
  const deck = await readContent(given);
  if (!isObject(deck)) throw flaw("deck", "", `expected an object, found ${kindOf(deck)}`);
  // To the module a list is an object without fields, and an answer model needs none. A log has a list of answers, and the
  // module tells it from a deck.
  if (Array.isArray(deck.answers) && !String(deck.format).startsWith("leaning-answers"))
    throw flaw("deck", "answers", "expected an object, found a list");
  checkTexts(deck);
  return deck as unknown as Deck;
}

/** The deck's dimensions with the default for each name that is missing. */
export function namedDimensions({ dimensions }: Deck): NamedDimension[] {
  return dimensions.map(({ id, label, low, high, description }) => ({
    id,
    label: label ?? id,
    low: low ?? "low",
    high: high ?? "high",
    description: description ?? null,
  }));
}

/** A prompt or candidate, as a deck has it. */
interface DeckItem {
  id: string;
  text?: string | null;
  image?: DeckImage | null;
}

/** The id, text and picture of a prompt or candidate. The picture's source is relative to `base`. */
export function textOf({ id, text, image }: DeckItem, base: string | undefined): DeckText {
  return { id, text: text ?? "", image: imageAt(image, base) };
}

/** All pictures of a deck in its order. */
export function imagesOf({ prompts }: Deck, base: string | undefined): DeckImage[] {
  const items = prompts.flatMap((prompt): DeckItem[] => [prompt, ...prompt.candidates]);
  return items.flatMap(({ image }) => imageAt(image, base) ?? []);
}

async function readContent(given: unknown): Promise<Plain | undefined> {
  if (typeof given === "string") return parse(given);
  const bytes = bytesOf(given);
  if (!bytes) return plain(given, "deck");
  checkFile(bytes.length, "deck");
  // A safetensors file begins with eight bytes for the length of its header, and a brace. The last of the
  // eight is zero, which no text contains.
  if (bytes[7] === 0 && bytes[8] === 0x7b) return (await import("./safetensors.js")).unpack(bytes);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new LeaningError("json", "the bytes are not UTF-8", undefined, { cause });
  }
  return parse(text);
}

function parse(text: string): Plain {
  checkFile(text.length, "deck");
  try {
    return JSON.parse(withoutMark(text));
  } catch (cause) {
    const reason = messageOf(cause).slice(0, 300);
    const hint = /\.json$/.test(text) ? " (fetch the file, and give what is in it)" : "";
    throw new LeaningError("json", `not usable as JSON: ${reason}${hint}`, undefined, { cause });
  }
}

function bytesOf(value: unknown): Uint8Array | undefined {
  return guard("deck", "", () => {
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    // Not `instanceof`: the buffer may come from another frame.
    const isBuffer = Object.prototype.toString.call(value) === "[object ArrayBuffer]";
    return isBuffer ? new Uint8Array(value as ArrayBuffer) : undefined;
  });
}

function checkTexts(deck: Fields): void {
  checkFields(deck, "", ["title", "language"]);
  forEachObject(deck.dimensions, "dimensions", (dimension, place) => {
    checkFields(dimension, `dimensions[${place}]`, ["label", "low", "high", "description"]);
  });
  checkWords(deck.words);
  forEachObject(deck.archetypes, "archetypes", (archetype, place) => {
    checkArchetype(archetype, `archetypes[${place}]`);
  });
  forEachObject(deck.prompts, "prompts", (prompt, place) => {
    const { candidates } = prompt;
    // Writing out the places of a large deck takes longer than looking at its texts.
    if (isUsual(prompt) && Array.isArray(candidates) && candidates.every(isUsual)) return;
    checkItem(prompt, `prompts[${place}]`, false);
    const path = `prompts[${place}].candidates`;
    forEachObject(candidates, path, (candidate, place) => checkItem(candidate, `${path}[${place}]`, true));
  });
}

/** Whether a prompt or candidate has a text alone, or nothing. */
function isUsual(item: Plain): boolean {
  return isObject(item) && isText(item.text) && (item.image === undefined || item.image === null);
}

/** Checks a prompt or a candidate, whose picture has its content in words. */
function checkItem(item: Fields, path: string, isCandidate: boolean): void {
  checkFields(item, path, ["text"]);
  checkImage(item.image, `${path}.image`, isCandidate);
}

function checkFields(object: Fields, path: string, names: string[]): void {
  for (const name of names) expectText(object[name], "deck", path ? `${path}.${name}` : name);
}

/** Skips other values, which the wasm module refuses. */
function forEachObject(
  list: Plain | undefined,
  path: string,
  work: (object: Fields, place: number) => void,
): void {
  if (!Array.isArray(list)) return;
  if (list.length > MAX_LENGTH)
    throw flaw("deck", path, `expected at most ${MAX_LENGTH} items, found ${list.length}`);
  for (const [place, item] of indexed(list)) {
    if (isObject(item)) work(item, place);
  }
}
