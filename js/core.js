// The idiomatic layer over the wasm module: promises, LeaningErrors, and one module for all who use it on a page.

import start, { Leaning as Core, QuizView } from "leaning-wasm";
import { LeaningError, translate } from "./error.js";

let starting;
let started = false;
let defaultSource;

/** Where `init()` finds the module when it is not told. The first entry to say so decides. */
export function setDefaultSource(source) {
  defaultSource ??= source;
}

export function init(source) {
  starting ??= Promise.resolve(source ?? defaultSource?.())
    .then((found) => {
      if (!found) throw new LeaningError("not-ready", "init() needs the module: await init(url) with leaning.wasm");
      return start({ module_or_path: found });
    })
    .then(
      () => {
        started = true;
      },
      (error) => {
        // The next call may try again, with a better source or network.
        starting = undefined;
        throw error instanceof LeaningError ? error : new LeaningError("not-ready", `could not load: ${error.message}`);
      },
    );
  return starting;
}

function call(work) {
  if (!started) throw new LeaningError("not-ready", "call `await init()` before anything else");
  try {
    return work();
  } catch (error) {
    throw translate(error);
  }
}

/** The deck of a safetensors file: the scores are a tensor, a row a candidate; the rest stands in the metadata. */
function unpacked(deck) {
  if (!(deck instanceof ArrayBuffer || deck instanceof Uint8Array)) return deck;
  const view = new DataView(deck.buffer ?? deck, deck.byteOffset, deck.byteLength);
  // After the header's length in eight bytes its brace; text has no zero byte.
  if (view.byteLength < 9 || view.getUint8(7) || view.getUint8(8) !== 123) return deck;
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

export class Leaning {
  #core;

  /** Use `Leaning.open`. */
  constructor(core) {
    this.#core = core;
  }

  static async open(options) {
    return call(() => new Leaning(Core.open({ ...options, deck: unpacked(options?.deck) })));
  }
  next() {
    return call(() => this.#core.next());
  }
  async answer(answer) {
    return call(() => this.#core.answer(answer));
  }
  async undo() {
    return call(() => this.#core.undo());
  }
  status() {
    return call(() => this.#core.status());
  }
  rank(candidates, options) {
    return call(() => this.#core.rank(candidates, options));
  }
  compare(candidates) {
    return call(() => this.#core.compare(candidates));
  }
  async observe(candidates, answer) {
    return call(() => this.#core.observe(candidates, answer));
  }
  profile() {
    return call(() => this.#core.profile());
  }
  belief() {
    return call(() => this.#core.belief());
  }
  export() {
    return call(() => this.#core.export());
  }
  async import(log) {
    return call(() => this.#core.import(log));
  }
  async forget() {
    return call(() => this.#core.forget());
  }
  async free() {
    this.#core.free();
  }

  /** What the elements draw with; not part of the API. */
  static view(leaning, root) {
    return call(() => new QuizView(leaning.#core, root));
  }
}

export { LeaningError };
