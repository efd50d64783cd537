// Misspelt names of options, which would otherwise have no effect and no word.

import { flaw } from "./error.js";
import { guard } from "./plain.js";

/** Names are alike from this share of common pairs of letters on. */
const ALIKE = 0.5;
/** Characters of an unknown name in a message. */
const MAX_NAME = 40;

/** The names of all fields of a type. */
export function namesOf<Options>(names: { [Name in keyof Required<Options>]: 1 }): string[] {
  return Object.keys(names);
}

/**
 * Throws if options have a field of another name than these. Other values than objects pass, and so do lists, whose
 * places may be many millions: whoever reads them refuses them.
 */
export function checkNames(options: unknown, known: readonly string[], path = ""): void {
  if (typeof options !== "object" || options === null) return;
  const name = guard("options", path, () => {
    const isList = Array.isArray(options) || ArrayBuffer.isView(options);
    return isList ? undefined : Object.keys(options).find((name) => !known.includes(name));
  });
  if (name === undefined) return;
  const short = shortened(name);
  const message = `unknown option${didYouMean(short, known)}; known: ${known.join(", ")}`;
  throw flaw("options", path ? `${path}.${short}` : short, message);
}

/** The beginning of a name of any length, for a message. */
export function shortened(name: string): string {
  return name.slice(0, MAX_NAME);
}

/** A question for the known name that is most like `name`, or nothing if none is like it. */
export function didYouMean(name: string, known: readonly string[]): string {
  let best = ALIKE;
  let guess = "";
  for (const other of known) {
    const similarity = likeness(name, other);
    if (similarity < best) continue;
    best = similarity;
    guess = ` (did you mean ${other}?)`;
  }
  return guess;
}

/** The share of pairs of letters that two names have in common, from 0 to 1 (Dice 1945). */
function likeness(one: string, other: string): number {
  const [pairs, others] = [pairsOf(one), pairsOf(other)];
  const common = [...pairs].filter((pair) => others.has(pair)).length;
  return (2 * common) / (pairs.size + others.size);
}

function pairsOf(name: string): Set<string> {
  const letters = name.toLowerCase();
  return new Set([...letters].map((_, place) => letters.slice(place, place + 2)));
}
