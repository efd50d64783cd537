// The probability of each choice by a profile.

/** The lapse rate where a deck has none, as in the format of decks. */
const DEFAULT_LAPSE = 0.02;
/** The reach and the step of the sum over the standard normal distribution, whose error is far below a thousandth. */
const [REACH, STEP] = [8, 0.125];

/** E[1 / (1 + e^−u)] with u ~ N(mean, sd²). */
export function meanSigmoid(mean, sd) {
  let [sum, total] = [0, 0];
  for (let z = -REACH; z <= REACH; z += STEP) {
    const density = Math.exp((-z * z) / 2);
    sum += density / (1 + Math.exp(-mean - sd * z));
    total += density;
  }
  return sum / total;
}

/**
 * The probabilities with which the person chooses each of two candidates, if they choose. The interview tells how much better
 * the first should be and how unsure that is, and the deck how often people slip.
 */
export function predict(interview, deck, candidates) {
  const ranked = interview.rank(candidates.map(({ scores }) => ({ scores })));
  const [first, second] = [0, 1].map((place) => ranked.find(({ index }) => index === place));
  // The deviation of each is about the average of the two, which is half of their difference.
  const meant = meanSigmoid(first.reward - second.reward, 2 * first.sd);
  const lapse = deck.answers?.lapse ?? DEFAULT_LAPSE;
  const probability = (1 - lapse) * meant + lapse / 2;
  return [probability, 1 - probability];
}
