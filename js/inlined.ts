// The wasm module inside a bundle, for the entries that need no configuration.

import base64 from "leaning-wasm-binary";
import { bytes } from "./bytes.js";

/** The bytes of the wasm module. */
export const inlinedModule = (): Uint8Array<ArrayBuffer> => bytes(base64);
