// How well a person with known weights was understood. Regret, harm and
// correlation are those of the project's own simulation.

const dot = (a, b) => a.reduce((sum, value, j) => sum + value * b[j], 0);

/**
 * The measures in the order in which an interview returns them. `floor` is where the axis begins, unless a value is below.
 * Those `ofProfile` take most of the time, and are measured on demand.
 */
export const MEASURES = {
  regret: {
    name: "Regret of the pick",
    about:
      "What is lost by picking for people with the weights inferred so far, as a share of what blind picks lose. Less is better; above 1 the picks are worse than blind ones.",
    floor: 0,
  },
  pairs: {
    name: "Pairs put in the right order",
    about:
      "The share of pairs whose better candidate is known, among those that are not the same to a person. Half is chance.",
    floor: 0.5,
  },
  correlation: {
    name: "Correlation with the true weights",
    about:
      "1 where the inferred weights have the right proportions, 0 where they have nothing to do with the true ones.",
    floor: 0,
  },
  harm: {
    name: "Worse than everybody’s pick",
    about:
      "The share of prompts in which the personal pick is worse for the person than the pick for everybody: the best by the deck’s prior, or the first. Less is better.",
    floor: 0,
  },
  open: {
    name: "Traits left open",
    about: "The share of traits about which the profile says that it is too early to say anything.",
    floor: 0,
    ofProfile: true,
  },
  wrong: {
    name: "Leans that are wrong",
    about:
      "The share of traits on which the profile tells people that they lean to an end, and they do not: they lean to the other one, or to none.",
    floor: 0,
    ofProfile: true,
  },
};

/** The place of the highest reward, the first of equals. */
const best = (rewards) => rewards.indexOf(Math.max(...rewards));

/** The measures of a profile: the shares of its traits that are left open, and that are told to lean where they do not. */
export function measureProfile({ dimensions }, truth) {
  const share = (isSo) => dimensions.filter(isSo).length / dimensions.length;
  const sides = { high: 1, low: -1 };
  return [
    share(({ standing }) => standing === "open"),
    share(({ standing, direction }, j) => standing === "leans" && Math.sign(truth[j]) !== sides[direction]),
  ];
}

/**
 * The other measures, of inferred weights on some prompts, in the order of `MEASURES`; NaN where there is nothing to measure.
 * `everybody` are the prior's mean weights.
 */
export function measure(inferred, truth, everybody, prompts) {
  let [lost, atStake, right, pairs, worse] = [0, 0, 0, 0, 0];
  for (const { candidates } of prompts) {
    const by = (weights) => candidates.map(({ scores }) => dot(weights, scores));
    const [rewards, guessed] = [by(truth), by(inferred)];
    const most = Math.max(...rewards);
    const pick = rewards[best(guessed)];
    lost += most - pick;
    atStake += most - rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
    if (pick < rewards[best(by(everybody))]) worse++;
    for (const [i, reward] of rewards.entries()) {
      for (let j = 0; j < i; j++) {
        if (reward === rewards[j]) continue;
        pairs++;
        const agreement = (guessed[i] - guessed[j]) * (reward - rewards[j]);
        right += agreement > 0 ? 1 : agreement === 0 ? 0.5 : 0;
      }
    }
  }
  const scale = Math.sqrt(dot(inferred, inferred) * dot(truth, truth));
  const hasTaste = truth.some(Boolean);
  return [
    hasTaste ? (atStake > 0 ? lost / atStake : 0) : Number.NaN,
    right / pairs,
    hasTaste ? (scale > 0 ? dot(inferred, truth) / scale : 0) : Number.NaN,
    hasTaste ? worse / prompts.length : Number.NaN,
  ];
}
