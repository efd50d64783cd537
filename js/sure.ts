// Where a person stands on a dimension, and how sure that is.

import type { DimensionEstimate } from "./types.js";

/** The probability from which on a liking for the middle is sure, as for a direction. */
const SURE = 0.95;

/** Whether it is sure where a person stands, for a standing that is not open. */
export function isSure({ standing, confidence, middle }: DimensionEstimate): boolean {
  return standing === "leans" ? confidence === "high" : (middle?.probability ?? 1) >= SURE;
}

/** The name of the end to which a weight does not lean. */
export function otherEnd({ direction, low, high }: DimensionEstimate): string {
  return direction === "low" ? high : low;
}
