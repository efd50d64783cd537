// The elements with leaning.wasm beside this module.

import { setDefaultSource } from "./core.js";

setDefaultSource(() => new URL("./leaning.wasm", import.meta.url));

export * from "./element-slim.js";
