// Simulated people: a taste, and how they answer. The engine is not told which kind it meets.

import { outcomesOf } from "./outcomes.js";
import { randomOf } from "./random.js";

/** The uses of a seed, so that people stay the same whatever they are asked. */
const [TASTE, ANSWERS, LENIENCY] = [1, 2, 3];

/**
 * The kinds of people. `weights` makes the true weights of one person from weights that were drawn from the deck's prior.
 * `habits` change the deck's answer model, and `sideBias` is the probability of taking the first candidate unread. Nothing but
 * their profile can be measured of people who are `isIndifferent`.
 */
export const KINDS = {
  prior: {
    name: "As the deck expects",
    about: "Weights are drawn from the deck’s prior, and answers from its answer model.",
  },
  sharp: {
    name: "Sharp choosers",
    about: "Every weight is twice as large, so their choices are clearer, and they never slip.",
    weights: (drawn) => drawn.map((weight) => 2 * weight),
    habits: { lapse: 0 },
  },
  noisy: {
    name: "Noisy choosers",
    about: "One answer in five is given at random.",
    habits: { lapse: 0.2 },
  },
  side: {
    name: "Creatures of habit",
    about: "One time in five they take whatever stands first, without reading.",
    sideBias: 0.2,
  },
  one: {
    name: "One trait only",
    about:
      "All that counts for them is one trait, drawn at random. It weighs as much as all traits together do for others.",
    weights: (drawn, { sds, random }) => {
      const place = Math.floor(random.uniform() * drawn.length);
      const size = Math.sqrt(drawn.length) * sds[place] * (random.uniform() < 0.5 ? -1 : 1);
      return drawn.map((_, j) => (j === place ? size : 0));
    },
  },
  none: {
    name: "No taste at all",
    about: "Every candidate is the same to them. Only the profile can be right or wrong.",
    isIndifferent: true,
    weights: (drawn) => drawn.map(() => 0),
  },
};

/** How people answer where the deck does not say, as in the format of decks. */
const DEFAULTS = { lapse: 0.02, indifference: 0.5, spread: 1.4, leniency: 1 };

/** The answer model of a deck, complete. */
export function answerModel({ answers }) {
  const given = Object.entries(answers ?? {}).filter(([, value]) => value !== null);
  const model = { ...DEFAULTS, ...Object.fromEntries(given) };
  return { ...model, much: model.much ?? Math.max(2, 2 * model.indifference) };
}

/**
 * The prior of a deck as components of mean, lower Cholesky factor and share. `approximation` is the engine's, before any
 * answer: the default prior of a deck that has none.
 */
export function priorOf({ prior }, approximation) {
  const given = prior?.components ?? [{ weight: 1, ...approximation }];
  const total = given.reduce((sum, { weight }) => sum + weight, 0);
  const components = given.map(({ weight, mean, covariance }) => ({
    share: weight / total,
    mean,
    factor: cholesky(covariance),
  }));
  return { components, sds: approximation.covariance.map((row, j) => Math.sqrt(row[j])) };
}

/** L, lower triangular, with LLᵀ = covariance. */
function cholesky(covariance) {
  const factor = covariance.map(() => []);
  for (const [i, row] of covariance.entries()) {
    for (let j = 0; j <= i; j++) {
      let rest = row[j];
      for (let k = 0; k < j; k++) rest -= factor[i][k] * factor[j][k];
      factor[i][j] = i === j ? Math.sqrt(rest) : rest / factor[j][j];
    }
  }
  return factor;
}

function drawWeights({ components }, random) {
  let rest = random.uniform();
  const component = components.find(({ share }) => (rest -= share) < 0) ?? components.at(-1);
  const normals = component.mean.map(() => random.normal());
  return component.mean.map((mean, i) =>
    component.factor[i].reduce((sum, entry, j) => sum + entry * normals[j], mean),
  );
}

/** Person number `index` of a kind and a seed: their true weights, and their answer to a question after some others. */
export function personOf(deck, prior, kind, seed, index) {
  const { weights: ownWeights, habits, sideBias = 0 } = KINDS[kind];
  const random = randomOf(seed, index, TASTE);
  const drawn = drawWeights(prior, random);
  const weights = ownWeights ? ownWeights(drawn, { sds: prior.sds, random }) : drawn;
  const model = { ...answerModel(deck), ...habits };
  const leniency = model.leniency * randomOf(seed, index, LENIENCY).normal();
  const answer = (question, given) => {
    const draw = randomOf(seed, index, ANSWERS, given);
    const outcomes = outcomesOf(question, deck, { weights, model, leniency });
    if (draw.uniform() < sideBias) return outcomes[0].answer;
    let rest = draw.uniform();
    const slip = model.lapse / outcomes.length;
    const found = outcomes.find(({ probability }) => (rest -= (1 - model.lapse) * probability + slip) < 0);
    return (found ?? outcomes.at(-1)).answer;
  };
  return { weights, answer };
}
