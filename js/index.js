// The whole library in one file: the module is inlined, so there is nothing to configure.

import module from "leaning-wasm-binary";
import { setDefaultSource } from "./core.js";

setDefaultSource(() => module);

export { init, Leaning, LeaningError } from "./core.js";
