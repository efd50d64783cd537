// How sure it is where a person stands on a dimension.

import type { DimensionEstimate } from "./types.js";

/** The probability from which on a liking for the middle is sure, as for a direction. */
const SURE = 0.95;

/** Whether it is sure where a person stands, for a standing that is not open. */
export function isSure({ standing, confidence, middle }: DimensionEstimate): boolean {
  return standing === "leans" ? confidence === "high" : (middle?.probability ?? 1) >= SURE;
}
