// Decks as safetensors files. The scores are a tensor with a row for each candidate, and the rest is
// metadata.

import { LeaningError } from "./error.js";
import type { Plain } from "./plain.js";

interface Header {
  scores: { dtype: string; shape: [rows: number, columns: number]; data_offsets: [from: number, to: number] };
  __metadata__: { deck: string };
}

interface Content {
  prompts: { candidates: { scores: number[] }[] }[];
}

/** The bytes of a number, by the type of the tensor. */
const SIZES = new Map([
  ["F32", 4],
  ["F64", 8],
]);

/** Reads the deck from the bytes of such a file, which begins with the length of its header. */
export function unpack(deck: Uint8Array): Plain {
  const view = new DataView(deck.buffer, deck.byteOffset, deck.byteLength);
  try {
    const start = 8 + view.getUint32(0, true);
    const text = new TextDecoder().decode(deck.subarray(8, start));
    const { scores, __metadata__ } = JSON.parse(text) as Header;
    const content = JSON.parse(__metadata__.deck) as Content;
    const size = SIZES.get(scores.dtype);
    if (!size) throw new Error("expected the scores to be F32 or F64");
    const [, length] = scores.shape;
    if (!Number.isInteger(length)) throw new Error("expected a table of scores");
    const [from, to] = scores.data_offsets;
    let offset = start + from;
    const next = (): number => {
      const number = size === 4 ? view.getFloat32(offset, true) : view.getFloat64(offset, true);
      offset += size;
      return number;
    };
    // Number by number: the file may claim more than it has, and ends with an error then.
    const row = (): number[] => {
      const numbers: number[] = [];
      while (numbers.length < length) numbers.push(next());
      return numbers;
    };
    for (const { candidates } of content.prompts) {
      for (const candidate of candidates) candidate.scores = row();
    }
    if (offset !== start + to) throw new Error("expected a row for each candidate");
    return content as unknown as Plain;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "";
    throw new LeaningError("deck", `deck: not usable as safetensors: ${reason}`, undefined, { cause });
  }
}
