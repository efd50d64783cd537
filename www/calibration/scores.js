// How good predictions were. A prediction is the probability that was given to what the person then chose.

const Z95 = 1.96;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const isRight = (probability) => (probability > 0.5 ? 1 : probability === 0.5 ? 0.5 : 0);
const sureness = (probability) => Math.max(probability, 1 - probability);
const bits = (probability) => -Math.log2(probability);

/** Wilson's 95% interval of a share. */
export function wilson(right, count) {
  const share = right / count;
  const scale = 1 + Z95 ** 2 / count;
  const middle = (share + Z95 ** 2 / (2 * count)) / scale;
  const half = (Z95 * Math.sqrt((share * (1 - share)) / count + Z95 ** 2 / (4 * count ** 2))) / scale;
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** The smallest and the largest number of hits, each tail below them having at most 2.5%, if each has its own probability. */
export function expectedRange(probabilities) {
  let counts = [1];
  for (const p of probabilities)
    counts = [...counts, 0].map((chance, hits) => chance * (1 - p) + (hits > 0 ? counts[hits - 1] * p : 0));
  const beyond = (chances) => {
    let sum = 0;
    return chances.findIndex((chance) => (sum += chance) > 0.025);
  };
  return [beyond(counts), probabilities.length - beyond([...counts].reverse())];
}

/**
 * How much worse the Brier score is than the probabilities promise, in standard deviations: the z of Spiegelhalter (1986), from
 * how sure each prediction was and whether it was right. Beyond ±1.96 it is hardly chance.
 */
function spiegelhalter(chosen) {
  const terms = chosen.map((probability) => {
    const sure = sureness(probability);
    return {
      off: (isRight(probability) - sure) * (1 - 2 * sure),
      variance: (1 - 2 * sure) ** 2 * sure * (1 - sure),
    };
  });
  const sum = (name) => terms.reduce((total, term) => total + term[name], 0);
  const variance = sum("variance");
  return variance > 0 ? sum("off") / Math.sqrt(variance) : 0;
}

/** All scores of the probabilities given to what was chosen, beside what these probabilities promise. */
export function scoresOf(chosen) {
  const count = chosen.length;
  const sure = chosen.map(sureness);
  const right = chosen.reduce((sum, probability) => sum + isRight(probability), 0);
  return {
    count,
    right,
    interval: wilson(right, count),
    expectedRight: sure.reduce((sum, probability) => sum + probability, 0),
    range: expectedRange(sure),
    excess: spiegelhalter(chosen),
    brier: mean(chosen.map((probability) => (1 - probability) ** 2)),
    expectedBrier: mean(sure.map((probability) => probability * (1 - probability))),
    surprise: mean(chosen.map(bits)),
    expectedSurprise: mean(sure.map((p) => p * bits(p) + (1 - p) * (p < 1 ? bits(1 - p) : 0))),
  };
}

/** The bins of the picture: how sure, in words, and from which probability on. */
const BINS = [
  ["unsure", 0.5],
  ["fairly sure", 0.65],
  ["sure", 0.8],
];

/** Predictions by how sure they were: the number, their mean probability, and the share that was right. */
export function binsOf(chosen) {
  return BINS.map(([name, from], place) => {
    const to = BINS[place + 1]?.[1] ?? 1;
    const inside = chosen.filter((probability) => {
      const sure = sureness(probability);
      return sure >= from && (sure < to || to === 1);
    });
    const right = inside.reduce((sum, probability) => sum + isRight(probability), 0);
    const count = inside.length;
    if (count === 0) return { name, from, to, count };
    return {
      ...{ name, from, to, count, right },
      expected: mean(inside.map(sureness)),
      share: right / count,
      interval: wilson(right, count),
    };
  });
}
