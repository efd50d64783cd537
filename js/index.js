// The whole library in one file: the module is inlined, so there is nothing to configure.

import base64 from "leaning-wasm-binary";
import { bytes } from "./bytes.js";
import { setDefaultSource } from "./core.js";

setDefaultSource(() => bytes(base64));

export { init, Leaning, LeaningError } from "./core.js";
