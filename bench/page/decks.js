// Decks and logs to measure with: the same for the same numbers.

/** Candidates of a prompt: six pairs, or ten in a deck that would have more prompts than are allowed. */
const [CANDIDATES, MANY_CANDIDATES] = [4, 5];
const MOST_PROMPTS = 100_000;

/** Random numbers in [0, 1) from a seed: mulberry32. */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normal numbers from a seed, by the method of Box and Muller. */
function normalNumbers(seed) {
  const random = randomNumbers(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A deck without texts. Its scores are normal with a variance of ½, as in the native measurements, and have three decimals. */
export function makeDeck(prompts, candidates, dimensions, seed = 1) {
  const normal = normalNumbers(seed);
  const score = () => Math.round(normal() * Math.SQRT1_2 * 1000) / 1000;
  return {
    format: "leaning-deck/1",
    id: `measured-${prompts}-${candidates}-${dimensions}`,
    version: "1",
    dimensions: Array.from({ length: dimensions }, (_, j) => ({ id: `d${j}` })),
    prompts: Array.from({ length: prompts }, (_, p) => ({
      id: `p${p}`,
      candidates: Array.from({ length: candidates }, (_, k) => ({
        id: `c${k}`,
        scores: Array.from({ length: dimensions }, score),
      })),
    })),
  };
}

/** A deck with at least this many pairs. */
export function deckOfPairs(pairs, dimensions) {
  const prompts = (candidates) => Math.ceil(pairs / ((candidates * (candidates - 1)) / 2));
  const candidates = prompts(CANDIDATES) <= MOST_PROMPTS ? CANDIDATES : MANY_CANDIDATES;
  return makeDeck(prompts(candidates), candidates, dimensions);
}

/** A deck whose texts have about this many millions of characters: pairs of answers of a few sentences. */
export function deckOfTexts(millions) {
  const text = "An answer of a few words, and of some more. ".repeat(10);
  const deck = makeDeck(Math.round((millions * 1e6) / (3 * text.length)), 2, 6);
  for (const prompt of deck.prompts) for (const item of [prompt, ...prompt.candidates]) item.text = text;
  return deck;
}

/** z = φ₁ − φ₂ of all pairs of a deck, d numbers each. */
export function differencesOf({ dimensions, prompts }) {
  const rows = [];
  for (const { candidates } of prompts) {
    for (let one = 0; one < candidates.length; one++) {
      for (let other = one + 1; other < candidates.length; other++)
        rows.push([candidates[one].scores, candidates[other].scores]);
    }
  }
  const d = dimensions.length;
  const differences = new Float64Array(rows.length * d);
  rows.forEach(([one, other], row) => {
    for (let j = 0; j < d; j++) differences[row * d + j] = one[j] - other[j];
  });
  return differences;
}

/**
 * A person who answers questions by their scores. The weights' variances fall as e^(−0.3 j), utilities have a standard
 * deviation of 2, and answers are logistic, as in the native measurements.
 */
export function makePerson(dimensions, seed = 1) {
  const normal = normalNumbers(seed);
  const random = randomNumbers(seed + 1);
  const variances = Array.from({ length: dimensions }, (_, j) => Math.exp(-0.3 * j));
  const scale = 2 / Math.sqrt(variances.reduce((sum, variance) => sum + variance));
  const weights = variances.map((variance) => scale * Math.sqrt(variance) * normal());
  const liking = ({ scores }) => weights.reduce((sum, weight, j) => sum + weight * scores[j], 0);
  return ({ candidates: [one, other] }) => {
    const probability = 1 / (1 + Math.exp(liking(other) - liking(one)));
    return { chose: random() < probability ? 0 : 1 };
  };
}

/** The text of a log with this many choices about the deck's prompts. Two of three take the first candidate. */
export function logText(deck, answers) {
  const entries = Array.from({ length: answers }, (_, place) => {
    const prompt = deck.prompts[place % deck.prompts.length];
    const { length } = prompt.candidates;
    const first = place % length;
    const shown = [first, (first + 1 + (place % 2)) % length].map((k) => prompt.candidates[k]);
    const names = shown.map(({ id }) => `${prompt.id}/${id}`);
    return {
      id: `a${place}`,
      shown: names,
      scores: shown.map(({ scores }) => scores),
      chose: names[place % 3 ? 0 : 1],
    };
  });
  const { id, version, dimensions } = deck;
  return JSON.stringify({
    format: "leaning-answers/1",
    deck: { id, version, dimensions: dimensions.map((dimension) => dimension.id) },
    answers: entries,
  });
}
