// The results of a run, by person, so that the same run gives the same figures in whatever order workers finish.

import { MEASURES } from "./measures.js";
import { measuredAfter } from "./schedule.js";
import { STRATEGIES } from "./strategies.js";

/** Standard errors on each side of the mean of a normal distribution within which 95% lie. */
const Z95 = 1.96;

/** The mean of some numbers and its standard error; null for fewer than two. */
export function estimate(values) {
  const count = values.length;
  if (count < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (count - 1) / count);
  return { mean, error, count, low: mean - Z95 * error, high: mean + Z95 * error };
}

export class Results {
  /** By person, strategy, number of answers and measure. */
  #people = [];
  done = 0;

  constructor(settings) {
    this.settings = settings;
    this.after = measuredAfter(settings.answers);
  }

  add(from, people) {
    for (const [place, person] of people.entries()) this.#people[from + place] = person;
    this.done += people.length;
  }

  /** A curve for each strategy: its name, and points of `answers` and an estimate. */
  curves(measure) {
    const place = Object.keys(MEASURES).indexOf(measure);
    return this.settings.strategies.map((strategy, s) => ({
      strategy,
      name: STRATEGIES[strategy].name,
      points: this.after.map((answers, k) => {
        const values = this.#people.map((person) => person[s][k]?.[place]);
        return { answers, ...estimate(values.filter((value) => Number.isFinite(value))) };
      }),
    }));
  }

  /** The last figure of each curve, as a sentence. */
  inWords(measure) {
    const ends = this.curves(measure).flatMap(({ name, points }) => {
      const { answers, mean } = points.filter((point) => point.mean !== undefined).at(-1) ?? {};
      return mean === undefined ? [] : `${name} ${mean.toFixed(2)} after ${answers} answers`;
    });
    return ends.length > 0
      ? `${MEASURES[measure].name}: ${ends.join(", ")}.`
      : "There is nothing to measure.";
  }
}
