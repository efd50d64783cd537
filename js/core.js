// The idiomatic layer over the wasm module: promises, LeaningErrors, and one module for all who use it on a page.

import start, { Leaning as Core } from "leaning-wasm";
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

/** The bytes of a buffer, though it came from another frame, whose ArrayBuffer is not ours; undefined for all else. */
function bytes(value) {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]" ? new Uint8Array(value) : undefined;
}

/** The deck as the module takes it: an object or a text. What only a safetensors file needs is loaded for one. */
async function readable(given) {
  const deck = bytes(given);
  if (!deck) return given;
  // After the length of the header in eight bytes its brace; text has no zero byte.
  if (!deck[7] && deck[8] === 123) return (await import("./safetensors.js")).unpacked(deck);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(deck);
  } catch {
    throw new LeaningError("json", "the bytes are not UTF-8");
  }
}

// Servers have had EventTarget for long; the fallback is for stranger places.
const Target = globalThis.EventTarget ?? class {};

/** An interview. Whatever changes what was said, it sends itself the event `change`. */
export class Leaning extends Target {
  #core;

  /** Use `Leaning.open`. */
  constructor(core) {
    super();
    this.#core = core;
  }

  /** Does what changes what was said. */
  #change(work) {
    const result = call(work);
    this.dispatchEvent(new Event("change"));
    return result;
  }

  static async open(options) {
    // Without the module the call below says so.
    const deck = started ? await readable(options?.deck) : undefined;
    return call(() => new Leaning(Core.open({ ...options, deck })));
  }
  next() {
    return call(() => this.#core.next());
  }
  foresee(answer) {
    return call(() => this.#core.foresee(answer));
  }
  async answer(answer) {
    await this.note(answer);
    return this.status();
  }
  async note(answer) {
    this.#change(() => this.#core.answer(answer));
  }
  prepare() {
    return call(() => this.#core.prepare());
  }
  async undo() {
    return this.#change(() => this.#core.undo());
  }
  async retract(id) {
    return this.#change(() => this.#core.retract(id));
  }
  async state(dimension, weight) {
    return this.#change(() => this.#core.state(dimension, weight));
  }
  answers(last) {
    return call(() => this.#core.answers(last));
  }
  whatIf(dimension) {
    return call(() => this.#core.whatIf(dimension));
  }
  status(brief = false) {
    return call(() => this.#core.status(brief));
  }
  rank(candidates, options) {
    return call(() => this.#core.rank(candidates, options));
  }
  compare(candidates) {
    return call(() => this.#core.compare(candidates));
  }
  async observe(candidates, answer) {
    return this.#change(() => this.#core.observe(candidates, answer));
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
    return this.#change(() => this.#core.import(log));
  }
  async forget() {
    return this.#change(() => this.#core.forget());
  }
  async configure(options) {
    return this.#change(() => this.#core.configure(options ?? {}));
  }
  async free() {
    this.#core.free();
  }
}

export { LeaningError };
