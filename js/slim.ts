// The library without its module: `init(url)` says where leaning.wasm is.

export { score } from "./basis.js";
export { type ErrorCode, init, Leaning, LeaningError } from "./core.js";
export type * from "./types.js";
