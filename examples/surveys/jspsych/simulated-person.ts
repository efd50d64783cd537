// A person with weights drawn at random, who answers as the model says.

import type { JsPsych } from "jspsych";
import type { Answer, Leaning, Question } from "leaning";

/** Answers all questions of an interview, with a pause before each. */
export async function answerAll(interview: Leaning, { randomization }: JsPsych, pause?: () => Promise<void>) {
  const { dimensions } = interview;
  // A deck's scores differ by about 1, and typical rewards then by about 2.
  const weights = dimensions.map(() => randomization.sampleNormal(0, 2 / Math.sqrt(dimensions.length)));
  for (let question = interview.next(); question; question = interview.next()) {
    await pause?.();
    await interview.answer(answer(question, weights));
  }
}

/** The best of rewards with Gumbel noise has the probabilities of the softmax. */
function answer({ kind, of, candidates }: Question, weights: readonly number[]): Answer {
  const rewards = candidates.map(({ scores }) =>
    scores.reduce((sum, score, place) => sum + score * weights[place]!, -Math.log(-Math.log(Math.random()))),
  );
  const order = [...rewards.keys()].sort((one, other) => rewards[other]! - rewards[one]!);
  const best = order[0]!;
  if (kind === "rating") return { rating: 1 + Math.floor((of ?? 5) / (1 + Math.exp(-rewards[0]!))) };
  if (kind === "best-worst") return { best, worst: order.at(-1)! };
  return kind === "order" ? { order } : { chose: best };
}
