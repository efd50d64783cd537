// The style scores. They have a wasm module of their own, which is inside, so there is nothing to configure.

import start, { Style } from "leaning-style-wasm";
import base64 from "leaning-style-wasm-binary";
import { at } from "./at.js";
import { project, readBasis } from "./basis.js";
import { bytes } from "./bytes.js";
import { flaw, LeaningError } from "./error.js";
import { type GivenSource, moduleLoader } from "./loader.js";
import { kindOf, plain } from "./plain.js";
import { STYLE as FEATURES } from "./style-features.js";
import type { Basis, InitOptions } from "./types.js";

export { type ErrorCode, LeaningError } from "./error.js";
export type { Basis, ModuleSource } from "./types.js";

/** A feature that is measured in the text, and the dimension that a deck makes of it. */
export interface StyleFeature {
  /** Such as `style:words`. */
  name: string;
  /** The id of the dimension, such as `brevity`. */
  dimension: string;
  /** −1 if the dimension points the other way. */
  sign: 1 | -1;
  label: string;
  low: string;
  high: string;
  description: string;
}

/** The features in the order of `scoreStyle`. docs/style.md has their formulas and sources. */
export const STYLE = FEATURES as readonly StyleFeature[];

const load = moduleLoader(start, () => bytes(base64));
let style: Style | undefined;

/** Loads the module. Later calls wait for the first and load nothing. */
export async function init(source?: GivenSource, options?: InitOptions): Promise<void> {
  await load(source, options);
  style ??= new Style();
}

/**
 * Measures the style of each text. Returns its features in the order of `STYLE`, or with the `basis` of a
 * deck its scores, ready for `rank`. The bits are those of the command line.
 */
export function scoreStyle(texts: readonly string[], ...of: [basis?: Basis]): number[][] {
  const [basis] = of;
  // The features themselves would pass for scores.
  if (of.length > 0 && basis === undefined)
    throw flaw("deck", "basis", "missing: `leaning build --style` makes decks with one");
  const lexicon = style;
  if (!lexicon) throw new LeaningError("not-ready", "call `await init()` before anything else");
  const project = basis ? projection(basis) : (features: Float64Array) => [...features];
  return readTexts(texts).map((text) => project(lexicon.measure(text)));
}

function readTexts(texts: unknown): string[] {
  const list = plain(texts, "candidates");
  if (!Array.isArray(list)) throw flaw("candidates", "", `expected a list of texts, found ${kindOf(list)}`);
  return list.map((text, index) => {
    if (typeof text === "string") return text;
    throw flaw("candidates", `[${index}]`, `expected a string, found ${kindOf(text)}`);
  });
}

/** The map from measured features to scores. */
function projection(given: Basis): (measured: Float64Array) => number[] {
  const basis = readBasis(given);
  const places = basis.features.map((name, k) => {
    const place = STYLE.findIndex((feature) => feature.name === name);
    if (place < 0) throw flaw("deck", `basis.features[${k}]`, `"${name}" is not measured in the text`);
    return place;
  });
  const chosen = (measured: Float64Array) => places.map((place) => at(measured, place));
  return (measured) => project(basis, chosen(measured));
}
