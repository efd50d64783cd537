import { LeaningError } from "./error.js";

/** The item of a list at a place that the wasm module or checked data gave. */
export function at<Item>(list: ArrayLike<Item>, place: number | undefined): Item {
  const item = list[place ?? -1];
  if (item === undefined)
    throw new LeaningError("internal", `expected a place below ${list.length}, found ${place}`);
  return item;
}
