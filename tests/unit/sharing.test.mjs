// Weights under local differential privacy: the noise against its closed form, and the records of two people who could
// not differ more.

import assert from "node:assert/strict";
import test from "node:test";
import { importSource } from "../../js/import-source.mjs";

const { below, bernoulliExp, discreteLaplace } = await importSource("sharing/discrete-laplace.ts");
const { BUDGET, onGrid, readEpsilon, shareable, spend, STEPS } = await importSource("sharing/shareable.ts");

/** A generator with a seed (SplitMix32), so that these tests come out the same each time. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

function counted(count, draw) {
  const counts = new Map();
  for (let i = 0; i < count; i++) {
    const drawn = draw();
    counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
  }
  return counts;
}

/** Pearson's statistic, and the bound that it stays below with a probability of about 0.9999 (Wilson & Hilferty 1931). */
function chiSquare(observed, expected) {
  const statistic = expected.reduce((sum, mean, i) => sum + (observed[i] - mean) ** 2 / mean, 0);
  const freedom = expected.length - 1;
  const spread = 2 / (9 * freedom);
  return [statistic, freedom * (1 - spread + 3.72 * Math.sqrt(spread)) ** 3];
}

/** The closed form: (1 − p) / (1 + p) p^|n| with p = exp(−s/t). */
const laplaceProbability = (n, s, t) => {
  const p = Math.exp(-s / t);
  return ((1 - p) / (1 + p)) * p ** Math.abs(n);
};

test("a number below a bound is uniform, and no remainder comes up more often", () => {
  assert.equal(
    below(3, () => 5),
    2,
  );
  // 2³² − 1 is the incomplete run of remainders of 3: it is drawn again.
  const drawn = [2 ** 32 - 1, 7];
  assert.equal(
    below(3, () => drawn.shift()),
    1,
  );
  const bits = seeded(1);
  const counts = counted(60_000, () => below(6, bits));
  const [statistic, bound] = chiSquare(
    [0, 1, 2, 3, 4, 5].map((n) => counts.get(n)),
    Array(6).fill(10_000),
  );
  assert.ok(statistic < bound, `${statistic}`);
});

test("a coin falls with probability exp(−a/b)", () => {
  for (const [a, b] of [
    [0, 1],
    [1, 1],
    [1, 2],
    [999, 1000],
    [1, 32_000],
  ]) {
    const bits = seeded(a + b);
    const [count, p] = [100_000, Math.exp(-a / b)];
    const heads = counted(count, () => bernoulliExp(a, b, bits)).get(true) ?? 0;
    const sd = Math.sqrt(count * p * (1 - p));
    assert.ok(Math.abs(heads - count * p) <= 4 * sd, `${a}/${b}: ${heads}`);
  }
});

test("the coin follows the published algorithm bit by bit", () => {
  // γ = 1/2: below(2), below(4), below(6) … < 1 goes on; the parity of where it ends decides.
  assert.equal(
    bernoulliExp(1, 2, () => 1),
    true,
  );
  assert.equal(
    bernoulliExp(
      1,
      2,
      (
        (bits) => () =>
          bits.shift()
      )([0, 1]),
    ),
    false,
  );
  assert.equal(
    bernoulliExp(
      1,
      2,
      (
        (bits) => () =>
          bits.shift()
      )([0, 0, 5]),
    ),
    true,
  );
});

test("the noise has the distribution of its closed form", () => {
  for (const [s, t] of [
    [1000, 1000],
    [500, 1000],
    [2300, 1000],
    [3, 7],
    [1000, 8000],
  ]) {
    const bits = seeded(s * t);
    const count = 200_000;
    const counts = counted(count, () => discreteLaplace(s, t, bits));
    // Outcomes with at least five expected, and the two tails.
    let reach = 0;
    while (count * laplaceProbability(reach + 1, s, t) >= 20) reach++;
    const range = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
    const inside = range.map((n) => count * laplaceProbability(n, s, t));
    const observed = range.map((n) => counts.get(n) ?? 0);
    const tail = (list) => count - list.reduce((sum, one) => sum + one, 0);
    const [statistic, bound] = chiSquare([...observed, tail(observed)], [...inside, tail(inside)]);
    assert.ok(statistic < bound, `${s}/${t}: ${statistic} against ${bound}`);
  }
});

test("a weight is rounded to the grid without bias, and never lies outside", () => {
  const bits = seeded(3);
  for (const weight of [Number.NaN, Number.POSITIVE_INFINITY, -1e308, 2, -2.0000001]) {
    assert.ok(Math.abs(onGrid(weight, bits)) <= STEPS, `${weight}`);
  }
  let sum = 0;
  for (let i = 0; i < 100_000; i++) sum += onGrid(0.3, bits);
  assert.ok(Math.abs(sum / 100_000 - (0.3 / 2) * STEPS) < 0.01, `${sum}`);
});

const gaussian = (mean, sd) => ({
  mean,
  covariance: mean.map((_, row) => mean.map((_, column) => (row === column ? sd ** 2 : 0))),
  components: [1],
});
const deckOf = (...ids) => ({ id: "tea", version: "1", dimensions: ids.map((id) => ({ id })), prompts: [] });

test("no record is more than e^ε times as probable for one person as for another, and hardly less where it matters", () => {
  const epsilon = 1;
  const deck = deckOf("warmth");
  const prior = gaussian([0], 1);
  const count = 300_000;
  const recordsOf = (weight, seed) => {
    const bits = seeded(seed);
    const person = gaussian([weight], 0);
    return counted(count, () => shareable(deck, prior, person, 1000 * epsilon, bits).values[0]);
  };
  const [low, high] = [recordsOf(-50, 5), recordsOf(50, 6)];
  let largest = 0;
  for (const [value, one] of low) {
    const other = high.get(value) ?? 0;
    if (one + other < 2000) continue;
    // Four standard deviations of the logarithm of the ratio.
    const slack = 4 * Math.sqrt(1 / one + 1 / other);
    const ratio = Math.abs(Math.log(one / other));
    assert.ok(ratio <= epsilon + slack, `${value}: ${ratio}`);
    largest = Math.max(largest, ratio);
  }
  assert.ok(largest > 0.8 * epsilon, "the noise is no larger than it has to be");
});

test("which two dimensions a record has is chosen at random, whatever the person", () => {
  const deck = deckOf("a", "b", "c");
  const bits = seeded(7);
  const records = Array.from({ length: 3000 }, (_, i) =>
    shareable(deck, gaussian([0, 0, 0], 1), gaussian([i, -i, 0], 0.1), 2000, bits),
  );
  const counts = counted(3000, () => records.pop().dimensions.join());
  const [statistic, bound] = chiSquare([...counts.values()], [1000, 1000, 1000]);
  assert.deepEqual([...counts.keys()].sort(), ["a,b", "a,c", "b,c"]);
  assert.ok(statistic < bound, `${statistic}`);
});

test("records are right on average, and their noise is what ε says", () => {
  const bits = seeded(11);
  const deck = deckOf("a", "b");
  const [epsilon, count] = [4, 40_000];
  const values = Array.from(
    { length: count },
    () => shareable(deck, gaussian([1, 0], 0.5), gaussian([1.5, -0.25], 0), 1000 * epsilon, bits).values,
  );
  // One standard deviation above the prior's mean, and half of one below.
  for (const [place, expected] of [STEPS / 2, -STEPS / 4].entries()) {
    const mean = values.reduce((sum, one) => sum + one[place], 0) / count;
    const variance = values.reduce((sum, one) => sum + (one[place] - mean) ** 2, 0) / count;
    const p = Math.exp(-epsilon / (4 * STEPS));
    const noise = (2 * p) / (1 - p) ** 2;
    assert.ok(Math.abs(mean - expected) < 4 * Math.sqrt(noise / count), `${mean}`);
    assert.ok(Math.abs(variance / noise - 1) < 0.1, `${variance} against ${noise}`);
  }
});

test("ε is a number from a thousandth to the budget", () => {
  for (const wrong of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, BUDGET + 1, "1", null, undefined, 1n])
    assert.throws(() => readEpsilon(wrong), { code: "options", path: "epsilon" });
  assert.equal(readEpsilon(0.1 + 0.2), 300);
  assert.equal(readEpsilon(1.2345), 1234);
});

test("what was spent adds up, and nothing is shared beyond the budget or without a storage", async () => {
  const stored = new Map();
  const storage = {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, text) => stored.set(key, text),
  };
  globalThis.localStorage = storage;
  await spend("tea", 5000);
  await spend("coffee", 8000);
  await assert.rejects(spend("tea", 3001), { code: "options", message: /only 3 is left/ });
  await spend("tea", 3000);
  await assert.rejects(spend("tea", 1), { code: "options" });
  for (const other of ["oops", "", " ", "-5"]) {
    stored.set("leaning-shared:milk", other);
    await assert.rejects(spend("milk", 1), { code: "options" }, other);
  }
  const full = () => {
    throw new Error("full");
  };
  globalThis.localStorage = { ...storage, setItem: full };
  await assert.rejects(spend("cocoa", 1), { code: "options", message: /full/ });
  globalThis.localStorage = { ...storage, setItem: () => {} };
  await assert.rejects(spend("cocoa", 1), { code: "options", message: /full/ }, "it drops what it takes");
  delete globalThis.localStorage;
  await assert.rejects(spend("cocoa", 1), { code: "options", message: /storage/ });
});
