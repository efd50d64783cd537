// The library without its module: the caller says where leaning.wasm is.

export { init, Leaning, LeaningError } from "./core.js";
