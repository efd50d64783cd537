// The wasm module, of which a page has one.

import start, { __wbg_reset_state as startAgain } from "leaning-wasm";
import { LeaningError } from "./error.js";
import { type GivenSource, moduleLoader } from "./loader.js";
import type { InitOptions } from "./types.js";

let defaultSource: (() => GivenSource) | undefined;
let defaultOptions: InitOptions | undefined;
let started = false;

let announce: () => void;
/** Resolves once there is a source for the module. */
const announced = new Promise<void>((resolve) => {
  announce = resolve;
});

const load = moduleLoader(start, () => defaultSource?.());

/** Sets the source for calls of `init()` without one. Only the first call counts. */
export function setDefaultSource(source: () => GivenSource, options?: InitOptions): void {
  if (!defaultSource) {
    defaultSource = source;
    defaultOptions = options;
  }
  announce();
}

/**
 * Loads the module. Later calls wait for the first and load nothing. `leaning` and `leaning/element` have the
 * module inside, while `leaning/slim` and `leaning/element-slim` need a source.
 */
export async function init(source?: GivenSource, options?: InitOptions): Promise<void> {
  // An element that is added after a failure tries the same source again, with the same hashes.
  if (source) setDefaultSource(() => source, options);
  await load(source, source ? options : defaultOptions);
  started = true;
}

/** Resolves once the module is loaded. Without a source it waits until the page calls `init(url)`. */
export async function initialized(): Promise<void> {
  await announced;
  await init();
}

/** Counts the crashes of the module. */
export let crashes = 0;

/** Replaces the module after a crash, which leaves its memory in any state. All interviews have to be opened again. */
export function replaceModule(): void {
  crashes++;
  startAgain();
}

/** Throws unless the module is loaded. */
export function requireModule(): void {
  if (!started) throw new LeaningError("not-ready", "call `await init()` before anything else");
}
