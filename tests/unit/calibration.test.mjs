// The parts of the page on which a reader tests a profile.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DECK, init, Leaning } from "./package.mjs";

const www = (file) => import(new URL(`../../www/${file}`, import.meta.url));
const { chooseQuestions, testDeck } = await www("calibration/questions.js");
const { meanSigmoid, predict } = await www("calibration/predict.js");
const { binsOf, expectedRange, scoresOf, wilson } = await www("calibration/scores.js");
const { personOf, priorOf } = await www("lab/people.js");
const { randomOf } = await www("lab/random.js");

await init();

const near = (found, expected, within) =>
  assert.ok(Math.abs(found - expected) < within, `${found}, expected ${expected}`);
const open = (options) => Leaning.open({ deck: DECK, storage: "memory", ...options });
const nameOf = ({ prompt, candidates }) => [prompt.id, ...candidates.map(({ id }) => id).sort()].join("/");

test("questions are pairs that were not asked, about new prompts as long as there are any", async () => {
  const interview = await open({ seed: 1, stop: { questions: 28 } });
  for (let k = 0; k < 28; k++) {
    interview.next();
    await interview.answer({ chose: 0, grade: "much" });
  }
  const asked = interview.entries();
  const prompts = new Set(asked.map(({ prompt }) => prompt.id));
  const questions = chooseQuestions(DECK, asked, 10);
  assert.equal(questions.length, 10);
  const isNew = ({ prompt }) => !prompts.has(prompt.id);
  assert.equal(questions.filter(isNew).length, Math.min(10, DECK.prompts.length - prompts.size));
  assert.equal(new Set(questions.map(({ prompt }) => prompt.id)).size, 10, "no prompt twice");
  const seen = new Set(asked.map(nameOf));
  assert.ok(questions.every((question) => !seen.has(nameOf(question))));
});

test("questions run out where all pairs were asked", () => {
  const deck = { ...DECK, prompts: DECK.prompts.slice(0, 2) };
  const all = chooseQuestions(deck, [], 100);
  assert.equal(new Set(all.map(nameOf)).size, 12);
  assert.deepEqual(chooseQuestions(deck, all, 10), []);
  assert.equal(chooseQuestions(deck, all.slice(0, 9), 10).length, 3);
});

test("the test asks for plain choices between the two, each once", async () => {
  const questions = chooseQuestions(DECK, [], 5);
  const interview = await Leaning.open({
    ...{ deck: testDeck(DECK, questions), storage: "memory", strategy: "random", stop: { questions: 5 } },
  });
  const asked = [];
  for (let question; (question = interview.next()); ) {
    assert.equal(question.kind, "choice");
    assert.ok(!question.offered.includes("tie"));
    const { candidates } = questions[Number(question.prompt.id)];
    assert.deepEqual(
      question.candidates.map(({ text }) => text).sort(),
      candidates.map(({ text }) => text).sort(),
    );
    asked.push(question.prompt.id);
    await interview.answer({ chose: 1 });
  }
  assert.deepEqual(asked.sort(), ["0", "1", "2", "3", "4"]);
});

test("the mean of a sigmoid over a normal distribution is that of the closed forms", () => {
  near(meanSigmoid(0.7, 0), 1 / (1 + Math.exp(-0.7)), 1e-12);
  near(meanSigmoid(0, 3), 0.5, 1e-12);
  near(meanSigmoid(1.2, 2) + meanSigmoid(-1.2, 2), 1, 1e-12);
  // Integrated with 40 digits.
  near(meanSigmoid(1, 1), 0.696734670143683, 1e-9);
});

test("the profile's probabilities are right about simulated people", async () => {
  const approximation = (await open()).laplaceApproximation();
  const prior = priorOf(DECK, approximation);
  const chosen = [];
  const { uniform } = randomOf(4);
  for (let index = 0; index < 150; index++) {
    const person = personOf(DECK, prior, "prior", 3, index);
    const interview = await open({ seed: index });
    for (let k = 0; k < 8; k++) await interview.answer(person.answer(interview.next(), k));
    for (const [place, { candidates }] of chooseQuestions(DECK, interview.entries(), 10, uniform).entries()) {
      const question = { kind: "choice", candidates, offered: ["choice"] };
      const { chose } = person.answer(question, 100 + place);
      chosen.push(predict(interview, DECK, candidates)[chose]);
    }
    interview.free();
  }
  const { count, right, expectedRight, brier, expectedBrier } = scoresOf(chosen);
  assert.ok(right / count > 0.68, `${right / count}`);
  near(right / count, expectedRight / count, 0.035);
  near(brier, expectedBrier, 0.015);
  for (const { expected, share } of binsOf(chosen)) near(share, expected, 0.07);
});

test("intervals and expectations are those of the textbooks", () => {
  const [low, high] = wilson(8, 10);
  near(low, 0.4902, 5e-4);
  near(high, 0.9433, 5e-4);
  // 10 tries with 0.8: P(≤ 4) = .006, P(≤ 5) = .033, P(10) = .107.
  assert.deepEqual(expectedRange(Array(10).fill(0.8)), [5, 10]);
  assert.deepEqual(expectedRange([1, 1, 1]), [3, 3]);
  const scores = scoresOf([0.8, 0.8, 0.8, 0.2]);
  assert.equal(scores.right, 3);
  near(scores.expectedRight, 3.2, 1e-12);
  near(scores.brier, (3 * 0.04 + 0.64) / 4, 1e-12);
  near(scores.expectedBrier, 0.16, 1e-12);
  near(scores.surprise, (3 * Math.log2(1 / 0.8) + Math.log2(1 / 0.2)) / 4, 1e-12);
  near(scores.expectedSurprise, 0.7219, 1e-4);
  assert.equal(scoresOf([0.5, 0.9]).right, 1.5, "a prediction that takes no side is half right");
  // Two that were sure by .9 and wrong: 2 · .9 · .8 / √(2 · .8² · .09).
  near(scoresOf([0.1, 0.1]).excess, 1.44 / Math.sqrt(0.1152), 1e-12);
  assert.ok(scoresOf([0.9, 0.9]).excess < 0, "and right");
  assert.equal(scoresOf([0.5]).excess, 0);
  assert.deepEqual(
    binsOf([0.55, 0.3, 0.9, 0.95]).map(({ count, right }) => [count, right]),
    [
      [1, 1],
      [1, 0],
      [2, 2],
    ],
  );
});
