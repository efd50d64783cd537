// Whether a browser can run the wasm modules.

import { bytes } from "./bytes.js";

/**
 * A module that does nothing, by the features of wasm that ours need: several results, bulk memory, reference types, sign
 * extension and conversions that do not trap. tests/unit/browsers.test.mjs compares it with ours.
 */
const SMALLEST = "AGFzbQEAAAABBgFgAAJ/bwMCAQAFAwEAAAobARkAQQBBAEEA/AsARAAAAAAAAAAA/ALA0G8L";

/** False in a browser that is too old, or in which WebAssembly is turned off, as by the Lockdown Mode of Apple's devices. */
export function isSupported(): boolean {
  return typeof WebAssembly === "object" && WebAssembly.validate(bytes(SMALLEST));
}
