// Takes from an interview what the author of a survey or experiment asks for.

import type { Leaning } from "leaning";

export type Share = "done" | "instructions" | "weights" | "answers";

export interface Shared {
  done?: true;
  /** The person's taste in words, as for an assistant; absent if nothing is clear. */
  instructions?: string;
  /** The mean and the standard deviation of each dimension's weight. */
  weights?: Record<string, { mean: number; sd: number }>;
  /** The log, of the format `leaning-answers/1`. */
  answers?: object;
}

export async function collect(interview: Leaning, shares: readonly Share[]): Promise<Shared> {
  const shared: Shared = {};
  if (shares.includes("done")) shared.done = true;
  const instructions = shares.includes("instructions") && (await interview.instructions());
  if (instructions) shared.instructions = instructions;
  if (shares.includes("weights")) {
    const weights = interview.profile().dimensions.map(({ id, mean, sd }) => [id, { mean, sd }]);
    shared.weights = Object.fromEntries(weights);
  }
  if (shares.includes("answers")) shared.answers = JSON.parse(interview.exportLog());
  return shared;
}
