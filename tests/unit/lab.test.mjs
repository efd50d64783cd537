// The lab of the site: its simulated people against those of `leaning simulate`, and the parts that it is made of.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { DECK, init, Leaning } from "./package.mjs";

const www = (file) => import(new URL(`../../www/lab/${file}`, import.meta.url));
const { prepare, check } = await www("interviews.js");
const { MEASURES, measure, measureProfile } = await www("measures.js");
const { outcomesOf } = await www("outcomes.js");
const { answerModel, KINDS, personOf, priorOf } = await www("people.js");
const { randomOf } = await www("random.js");
const { Results, estimate } = await www("results.js");
const { toCsv } = await www("csv.js");

await init();

const read = (file) => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"));
/** Figures of the command that each of them names, each a mean and its standard error. */
const RECORDED = read("tests/fixtures/simulate.json");
const deckNamed = (name) => read(`www/decks/${name}.json`);
/** People that the lab interviews here. */
const PEOPLE = 120;
const STRATEGIES = ["information-gain", "random"];
const settings = {
  profile: false,
  people: "prior",
  strategies: STRATEGIES,
  answers: 10,
  seed: 1,
  holdsOut: false,
};

async function run(deck, others = {}, count = PEOPLE) {
  const given = { ...settings, ...others };
  const interview = await prepare(Leaning, deck, given);
  const results = new Results({ ...given, deck: deck.id, on: "all", count });
  for (let index = 0; index < count; index++) results.add(index, [await interview(index)]);
  return results;
}

describe("simulated people of the lab", () => {
  for (const { command, deck, people, profile = false, after, curves } of RECORDED) {
    test(`${people} people agree with \`${command}\``, async () => {
      const results = await run(deckNamed(deck), { people, profile });
      assert.deepEqual(results.after, after);
      const squares = [];
      for (const [place, strategy] of STRATEGIES.entries()) {
        const { strategy: _, ...recorded } = curves.find((curve) => curve.strategy === strategy);
        for (const [name, expected] of Object.entries(recorded)) {
          const { points } = results.curves(name)[place];
          for (const [k, [mean, error]] of expected.entries()) {
            const apart = points[k].mean - mean;
            // Before the first answer nobody's pick is worse than everybody's, and every trait is open.
            if (points[k].error === 0) assert.equal(apart, 0);
            else squares.push(apart ** 2 / (points[k].error ** 2 + error ** 2));
            const said = `${strategy}, ${name} after ${after[k]}: ${points[k].mean} ± ${points[k].error}, expected ${mean}`;
            assert.ok((squares.at(-1) ?? 0) < 4 ** 2, said);
          }
        }
      }
      // They would be about 1 if the figures were independent.
      const meanSquare = squares.reduce((sum, square) => sum + square, 0) / squares.length;
      assert.ok(meanSquare < 3, `${meanSquare}`);
    });
  }

  test("people who slip are told apart from others, so the agreement means something", async () => {
    const [careful, noisy] = [await run(DECK), await run(DECK, { people: "noisy" })];
    const last = (results) => results.curves("regret")[0].points.at(-1);
    assert.ok(last(noisy).low > last(careful).high);
  });

  test("are the same whoever else is interviewed, and whatever else they are asked", async () => {
    const interview = await prepare(Leaning, DECK, { ...settings, strategies: ["random"] });
    const both = await prepare(Leaning, DECK, settings);
    const [seventh] = await interview(7);
    assert.deepEqual((await both(7))[1], seventh);
    assert.deepEqual((await interview(7))[0], seventh);
    const other = await prepare(Leaning, DECK, { ...settings, strategies: ["random"], seed: 2 });
    assert.notDeepEqual((await other(7))[0], seventh);
  });

  test("have the tastes that their kind says", async () => {
    const whole = await Leaning.open({ deck: DECK, storage: "memory" });
    const prior = priorOf(DECK, whole.laplaceApproximation());
    whole.free();
    const people = (kind) =>
      Array.from({ length: 4000 }, (_, index) => personOf(DECK, prior, kind, 1, index));
    for (const [j, sd] of prior.sds.entries()) {
      const { mean, error } = estimate(people("prior").map(({ weights }) => weights[j] ** 2));
      assert.ok(Math.abs(mean - sd ** 2) < 4 * error, `${j}: ${mean}, expected ${sd ** 2}`);
    }
    const [[one], [drawn], [sharp]] = ["one", "prior", "sharp"].map(people);
    assert.equal(one.weights.filter(Boolean).length, 1);
    assert.deepEqual(
      sharp.weights,
      drawn.weights.map((weight) => 2 * weight),
    );
    assert.ok(people("none")[0].weights.every((weight) => weight === 0));
  });

  test("draw from a mixture by its shares", () => {
    const identity = DECK.dimensions.map((_, i) => DECK.dimensions.map((_, j) => (i === j ? 1e-6 : 0)));
    const component = (weight, mean) => ({
      weight,
      mean: DECK.dimensions.map(() => mean),
      covariance: identity,
    });
    const deck = { ...DECK, prior: { components: [component(3, -1), component(1, 1)] } };
    const prior = priorOf(deck, component(1, 0));
    const { mean } = estimate(
      Array.from({ length: 4000 }, (_, index) =>
        Number(personOf(deck, prior, "prior", 1, index).weights[0] > 0),
      ),
    );
    assert.ok(Math.abs(mean - 0.25) < 0.03, `${mean}`);
  });

  test("without a taste have nothing to regret, but a profile that may be wrong", async () => {
    const results = await run(DECK, { people: "none", answers: 5, profile: true }, 6);
    for (const [name, { ofProfile = false }] of Object.entries(MEASURES)) {
      for (const { points } of results.curves(name)) {
        for (const { mean } of points) assert.equal(mean !== undefined, ofProfile, name);
      }
    }
  });

  test("have wrong profiles only where a lean is shown that is not theirs", () => {
    const dimension = (standing, direction) => ({ standing, direction });
    const dimensions = [
      ...[dimension("leans", "high"), dimension("leans", "low"), dimension("leans", "high")],
      ...[dimension("open", "high"), dimension("indifferent", "low")],
    ];
    assert.deepEqual(measureProfile({ dimensions }, [1, 1, 0, -1, 1]), [1 / 5, 2 / 5]);
  });
});

describe("answers of simulated people", () => {
  const candidates = (count) =>
    Array.from({ length: count }, (_, place) => ({ id: `${place}`, scores: [place] }));
  const deck = { prompts: [{ id: "p", candidates: candidates(3) }] };
  const model = answerModel({});
  const ask = (kind, count, offered, others = {}) =>
    outcomesOf(
      { kind, candidates: candidates(count), offered, prompt: { id: "p" }, of: 5, ...others },
      deck,
      {
        ...{ weights: [0.7], model, leniency: 0 },
      },
    );

  test("have probabilities that sum to 1, the first for whoever does not read", () => {
    const cases = [
      ["choice", 2, ["choice", "tie"], 3, { chose: 0 }],
      ["choice", 2, ["choice"], 2, { chose: 0 }],
      ["choice", 4, ["choice"], 4, { chose: 0 }],
      ["grades", 2, ["grades", "tie"], 5, { chose: 0, grade: "much" }],
      ["grades", 2, ["grades"], 4, { chose: 0, grade: "much" }],
      ["rating", 1, ["rating"], 5, { rating: 5, of: 5 }],
      ["best-worst", 3, ["best-worst"], 6, { best: 0, worst: 1 }],
      ["order", 3, ["order"], 6, { order: [0, 1, 2] }],
    ];
    for (const [kind, count, offered, number, first] of cases) {
      const outcomes = ask(kind, count, offered);
      const sum = outcomes.reduce((total, { probability }) => total + probability, 0);
      assert.ok(Math.abs(sum - 1) < 1e-12, `${kind}: ${sum}`);
      assert.equal(outcomes.length, number, kind);
      assert.deepEqual(outcomes[0].answer, first);
    }
  });

  test("are as probable as the formulas of the answer model say", () => {
    const near = (found, expected) =>
      assert.ok(Math.abs(found - expected) < 1e-12, `${found}, expected ${expected}`);
    const sigmoid = (u) => 1 / (1 + Math.exp(-u));
    const [first, tie, second] = ask("choice", 2, ["choice", "tie"]).map(({ probability }) => probability);
    near(first, sigmoid(-0.7 - 0.5));
    near(second, sigmoid(0.7 - 0.5));
    near(tie, (Math.exp(1) - 1) * sigmoid(-0.7 - 0.5) * sigmoid(0.7 - 0.5));
    const order = ask("order", 3, ["order"]).find(({ answer }) => answer.order.join() === "2,1,0");
    const rewards = [0, 0.7, 1.4].map(Math.exp);
    near(
      order.probability,
      (rewards[2] / (rewards[0] + rewards[1] + rewards[2])) * (rewards[1] / (rewards[0] + rewards[1])),
    );
    // The average candidate of the prompt has the score 1, and the middle level of five lies around it.
    const level = ask("rating", 1, ["rating"], { candidates: [{ scores: [1] }] });
    near(level[2].probability, sigmoid(1.4 * Math.log(3 / 2)) - sigmoid(1.4 * Math.log(2 / 3)));
  });

  test("are taken by the package for every kind of question", async () => {
    for (const [name, answers] of [
      ["rating", { kind: "rating" }],
      ["best-worst", { kind: "best-worst" }],
      ["order", { kind: "order" }],
    ]) {
      const { points } = (await run({ ...DECK, answers }, { answers: 8 }, 12)).curves("correlation")[0];
      assert.ok(points.at(-1).mean > 0.3, `${name}: ${points.at(-1).mean}`);
    }
  });
});

test("measures are those of a small example", () => {
  const prompts = [{ candidates: [{ scores: [0, 0] }, { scores: [1, 0] }, { scores: [0, 2] }] }];
  // True rewards 0, 1 and 2; guessed 0, 1 and −2; for everybody 0, −1 and 0, the first of which counts.
  const [regret, pairs, correlation, harm] = measure([1, -1], [1, 1], [-1, 0], prompts);
  assert.deepEqual([regret, pairs, correlation, harm], [1, 1 / 3, 0, 0]);
});

test("held-out prompts are never asked about, and keep the prior of the whole deck", async () => {
  const asked = new Set();
  let priorMean;
  const Spy = {
    open: async (options) => {
      const session = await Leaning.open(options);
      priorMean = options.deck.prior?.mean;
      return new Proxy(session, {
        get(target, name) {
          const value = Reflect.get(target, name);
          if (typeof value !== "function") return value;
          return (...given) => {
            const result = value.apply(target, given);
            if (name === "next" && result) asked.add(result.prompt.id);
            return result;
          };
        },
      });
    },
  };
  const interview = await prepare(Spy, DECK, { ...settings, answers: 30, holdsOut: true });
  for (let index = 0; index < 4; index++) await interview(index);
  const heldOut = DECK.prompts.filter((_, place) => place % 4 === 3);
  assert.ok(asked.size > 15);
  assert.ok(heldOut.every(({ id }) => !asked.has(id)));
  assert.equal(priorMean.length, DECK.dimensions.length);
});

test("decks that the lab cannot use are refused with a reason", async () => {
  assert.deepEqual(await check(Leaning, deckNamed("weekend")), {
    ...{ title: deckNamed("weekend").title, prompts: 8, dimensions: 4, canHoldOut: true },
  });
  await assert.rejects(check(Leaning, { format: "leaning-deck/1" }), /id|dimensions/);
  const curved = { ...DECK, dimensions: DECK.dimensions.map((one) => ({ ...one, curved: true })) };
  await assert.rejects(check(Leaning, curved), /curved/);
});

test("random numbers have the moments of their distributions", () => {
  const random = randomOf(1, 2, 3);
  const normals = Array.from({ length: 20_000 }, random.normal);
  assert.ok(Math.abs(estimate(normals).mean) < 0.03);
  assert.ok(Math.abs(estimate(normals.map((z) => z * z)).mean - 1) < 0.05);
  const first = Array.from({ length: 2000 }, (_, key) => randomOf(key).uniform());
  assert.ok(Math.abs(estimate(first).mean - 0.5) < 0.03, "of neighbouring seeds, too");
});

test("a mean has its 95% interval, and the file has every figure", async () => {
  const { mean, error, low, high } = estimate([1, 2, 3, 4]);
  assert.deepEqual([mean, error], [2.5, Math.sqrt(5 / 3 / 4)]);
  assert.deepEqual([low, high], [mean - 1.96 * error, mean + 1.96 * error]);
  assert.equal(estimate([1]), null);
  const results = await run(DECK, { answers: 2 }, 3);
  const [head, ...rows] = toCsv(results).trim().split("\r\n");
  assert.equal(rows.length, 4 * 2 * 3);
  for (const row of rows) assert.equal(row.split(",").length, head.split(",").length);
  const { mean: shown } = results.curves("regret")[1].points[2];
  assert.ok(rows.some((row) => row.includes(`random,regret,2,3,${shown},`)));
});

test("kinds of people have a name and a sentence", () => {
  for (const { name, about } of Object.values(KINDS)) assert.match(`${name}: ${about}`, /^[A-Z].*: .*\.$/);
});
