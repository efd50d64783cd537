// A stand-in for the wasm module. It records calls and returns the results that a test has prepared.

/** The calls since the last `prepare`, each a name and its arguments. */
export const calls = [];
let results = {};

/** Sets what methods return, by their names. A function is called instead, and may throw. */
export function prepare(prepared = {}) {
  calls.length = 0;
  results = prepared;
}

function answer(name, given) {
  calls.push([name, ...given]);
  const result = results[name];
  return typeof result === "function" ? result(...given) : result;
}

export class Session {
  static open(...given) {
    answer("open", given);
    return new Session();
  }
  free() {
    answer("free", []);
  }
  /** The storage has everything. */
  unstored() {}
}

/** Nothing is left of a crash here. */
export function __wbg_reset_state() {}

for (const name of [
  ...[
    "question",
    "answer",
    "undo",
    "retract",
    "setWeight",
    "entries",
    "whatIf",
    "status",
    "expectedRegret",
    "rank",
  ],
  ...[
    "compare",
    "observe",
    "profile",
    "archetype",
    "laplaceApproximation",
    "exportLog",
    "importLog",
    "configure",
    "forget",
  ],
]) {
  Session.prototype[name] = (...given) => answer(name, given);
}

export default async function start(options) {
  answer("start", [options]);
}
