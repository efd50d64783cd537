// Decks as safetensors files: the scores are a tensor, a row a candidate; the rest stands in the metadata.

import { LeaningError } from "./error.js";

/** The deck of the bytes of such a file, which begins with the length of its header. */
export function unpacked(deck) {
  const view = new DataView(deck.buffer, deck.byteOffset, deck.byteLength);
  try {
    const start = 8 + view.getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + 8, start - 8)));
    const { dtype, shape: [, length], data_offsets: [from, to] } = header.scores;
    const content = JSON.parse(header.__metadata__.deck);
    const [read, size] = { F32: ["getFloat32", 4], F64: ["getFloat64", 8] }[dtype];
    let place = start + from - size;
    for (const prompt of content.prompts) {
      for (const candidate of prompt.candidates) {
        candidate.scores = Array.from({ length }, () => view[read]((place += size), true));
      }
    }
    if (place + size !== start + to) throw new Error("expected a row for each candidate");
    return content;
  } catch (error) {
    throw new LeaningError("deck", `deck: not usable as safetensors: ${error.message}`);
  }
}
