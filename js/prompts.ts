// The prompts of a deck, for the wasm module, in three lists. Each value that crosses to the module by itself costs more
// than reading it, and a deck may have a million of them.

import { type Fields, isObject, type Plain } from "./plain.js";
import type { Deck } from "./types.js";

/** As `src/web/prompts.rs` takes them. */
export interface PackedPrompts {
  /** The id of each prompt, followed by those of its candidates, joined by "/". */
  ids: string;
  /** The number of candidates of each prompt. */
  counts: Uint32Array;
  /** The scores of all candidates, a number for each dimension. */
  scores: Float64Array;
}

/**
 * The prompts of a deck without their texts. Undefined if anything about them is not as the format has it: the module
 * then reads the deck itself, and names the place.
 */
export function packPrompts(deck: Deck): PackedPrompts | undefined {
  const { dimensions, prompts } = deck as unknown as Fields;
  if (!Array.isArray(dimensions) || !Array.isArray(prompts)) return undefined;
  const ids: string[] = [];
  const counts: number[] = [];
  const rows: Plain[][] = [];
  for (const prompt of prompts) {
    if (!hasId(prompt) || !Array.isArray(prompt.candidates)) return undefined;
    ids.push(prompt.id);
    counts.push(prompt.candidates.length);
    for (const candidate of prompt.candidates) {
      if (!hasId(candidate) || !Array.isArray(candidate.scores)) return undefined;
      if (candidate.scores.length !== dimensions.length) return undefined;
      ids.push(candidate.id);
      rows.push(candidate.scores);
    }
  }
  const scores = new Float64Array(rows.length * dimensions.length);
  let place = 0;
  for (const row of rows) {
    for (const score of row) {
      if (typeof score !== "number") return undefined;
      // As everywhere in the formats, −0 is 0.
      scores[place++] = score + 0;
    }
  }
  return { ids: ids.join("/"), counts: Uint32Array.from(counts), scores };
}

function hasId(item: Plain): item is Fields & { id: string } {
  return isObject(item) && typeof item.id === "string" && !item.id.includes("/");
}
