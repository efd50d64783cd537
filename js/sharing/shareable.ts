// The record that a person may give a site for its prior: two of their weights, with so much noise that nobody can tell much from it
// about this person. Randomised on the device, so that nobody needs to be trusted (local differential privacy).

import { flaw, LeaningError } from "../error.js";
import type { Deck, LaplaceApproximation, SharedWeights } from "../types.js";
import { type Bits, below, discreteLaplace, secureBits } from "./discrete-laplace.js";

/**
 * Weights count up to this many standard deviations of the deck's prior from its mean.
 */
export const BOUND = 2;
/** Steps of the grid from the mean to the bound. */
export const STEPS = 8;
/** Weights in a record. Two tell a covariance, and more would each need more noise. */
const SHARED = 2;
/** The parts that ε is a whole number of. */
const PARTS = 1000;
/** The most ε over all records of one person about one deck. */
export const BUDGET = 8;

/** ε in thousandths, rounded down. */
export function readEpsilon(epsilon: unknown): number {
  if (typeof epsilon !== "number" || !(epsilon >= 1 / PARTS && epsilon <= BUDGET))
    throw flaw("options", "epsilon", `expected a number from ${1 / PARTS} to ${BUDGET}`);
  return Math.floor(epsilon * PARTS + 1e-9);
}

/**
 * The record of one person. Which dimensions it has does not depend on the person. Any two sets of weights differ by at
 * most 2 × STEPS in each number, so by the Laplace mechanism the record is ε-differentially private.
 */
export function shareable(
  deck: Deck,
  prior: LaplaceApproximation,
  posterior: LaplaceApproximation,
  thousandths: number,
  bits: Bits = secureBits,
): SharedWeights {
  const count = deck.dimensions.length;
  if (prior.mean.length !== count)
    throw flaw("options", "deck", "weights of a deck with curved dimensions cannot be shared");
  const places = someOf(count, Math.min(SHARED, count), bits);
  const weights = drawFrom(posterior, bits);
  const sensitivity = 2 * STEPS * places.length;
  return {
    format: "leaning-shared/1",
    deck: { id: deck.id, version: deck.version ?? "1" },
    epsilon: thousandths / PARTS,
    bound: BOUND,
    steps: STEPS,
    dimensions: places.map((place) => deck.dimensions[place]?.id ?? ""),
    values: places.map((place) => {
      const mean = prior.mean[place] ?? 0;
      const sd = Math.sqrt(prior.covariance[place]?.[place] ?? 1);
      const step = onGrid(((weights[place] ?? mean) - mean) / sd, bits);
      return step + discreteLaplace(thousandths, PARTS * sensitivity, bits);
    }),
  };
}

/** The step of the grid, up or down at random so that it is right on average, whatever the number. */
export function onGrid(standardised: number, bits: Bits): number {
  const bounded = Math.max(-BOUND, Math.min(BOUND, Number.isNaN(standardised) ? 0 : standardised));
  const exact = (bounded / BOUND) * STEPS;
  const lower = Math.floor(exact);
  const isUp = uniform(bits) < exact - lower;
  return lower + (isUp ? 1 : 0);
}

/** Some of the places 0..count, in ascending order. */
function someOf(count: number, wanted: number, bits: Bits): number[] {
  const left = Array.from({ length: count }, (_, place) => place);
  const drawn = Array.from({ length: wanted }, () => left.splice(below(left.length, bits), 1));
  return drawn.flat().sort((a, b) => a - b);
}

/**
 * A draw from the Gaussian. Over many people, draws spread as the people do; posterior means would spread less, since
 * each leans to the prior.
 */
function drawFrom({ mean, covariance }: LaplaceApproximation, bits: Bits): number[] {
  const factor: number[][] = [];
  const normals = mean.map(() => normal(bits));
  return mean.map((centre, row) => {
    // A row of the Cholesky factor.
    const entries: number[] = [];
    factor.push(entries);
    for (let column = 0; column <= row; column++) {
      const other = factor[column] ?? [];
      let rest = covariance[row]?.[column] ?? 0;
      for (let k = 0; k < column; k++) rest -= (entries[k] ?? 0) * (other[k] ?? 0);
      entries.push(column === row ? Math.sqrt(Math.max(rest, 0)) : rest / (other[column] || 1));
    }
    return entries.reduce((sum, entry, k) => sum + entry * (normals[k] ?? 0), centre);
  });
}

function uniform(bits: Bits): number {
  return (bits() + 0.5) / 2 ** 32;
}

/** Standard normal, by the method of Box and Muller. */
function normal(bits: Bits): number {
  return Math.sqrt(-2 * Math.log(uniform(bits))) * Math.cos(2 * Math.PI * uniform(bits));
}

/**
 * Writes down that ε was spent, before anything is handed out. Records of one person add up, so all of them about a deck
 * share one budget. It outlives `forget()`: what was shared cannot be taken back.
 */
export async function spend(deckId: string, thousandths: number): Promise<void> {
  const key = `leaning-shared:${deckId}`;
  const write = () => {
    let storage: Storage;
    let spent: number;
    try {
      storage = localStorage;
      const text = storage.getItem(key) ?? "0";
      spent = text.trim() === "" ? Number.NaN : Number(text);
    } catch (cause) {
      throw new LeaningError("options", "without a storage nobody can count what was shared", "epsilon", {
        cause,
      });
    }
    // Something else has written there.
    if (!(spent >= 0)) spent = BUDGET * PARTS;
    if (spent + thousandths > BUDGET * PARTS) {
      const left = Math.max(0, BUDGET * PARTS - spent) / PARTS;
      throw flaw("options", "epsilon", `of the budget of ${BUDGET} only ${left} is left`);
    }
    const total = String(spent + thousandths);
    const full = "the storage is full: nobody can count what was shared";
    try {
      storage.setItem(key, total);
    } catch (cause) {
      throw new LeaningError("options", full, "epsilon", { cause });
    }
    // A page or an extension may have replaced it by one that takes texts and drops them.
    if (storage.getItem(key) !== total) throw new LeaningError("options", full, "epsilon");
  };
  // Two tabs must not spend the same. A frame without an origin has neither locks nor a storage.
  const { locks } = globalThis.navigator ?? {};
  if (locks && globalThis.origin !== "null") await locks.request(key, write);
  else write();
}
