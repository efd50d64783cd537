// The library with its module inside: there is nothing to configure.

import { setDefaultSource } from "./core.js";
import { inlinedModule } from "./inlined.js";

setDefaultSource(inlinedModule);

export { score } from "./basis.js";
export { type ErrorCode, init, Leaning, LeaningError } from "./core.js";
export type * from "./types.js";
