import type { Basis } from "./types.js";

export type { Basis } from "./types.js";
export { LeaningError } from "./index.js";

/** Loads the module, once however often it is called; without an argument the one that is inlined. */
export function init(source?: URL | string | Response | BufferSource | WebAssembly.Module): Promise<void>;

/** A feature that is measured in the text, and what a deck calls the dimension made of it. */
export interface StyleFeature {
  /** Such as `style:words`. */
  name: string;
  /** The dimension's id, such as `brevity`. */
  dimension: string;
  /** −1 where the dimension points the other way. */
  sign: 1 | -1;
  label: string;
  low: string;
  high: string;
  description: string;
}

/** The features in the order in which `scoreStyle` gives them. docs/style.md has their formulas and sources. */
export const STYLE: readonly StyleFeature[];

/**
 * The style of each text: its features as in `STYLE`, or with the `basis` of a deck made by `leaning build --style` its
 * scores, ready for `rank`. The same bits as natively.
 */
export function scoreStyle(texts: string[], basis?: Basis): number[][];
