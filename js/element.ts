// The elements with the wasm module inside: there is nothing to configure.

import { setDefaultSource } from "./core.js";
import { inlinedModule } from "./inlined.js";

setDefaultSource(inlinedModule);

export * from "./element-slim.js";
