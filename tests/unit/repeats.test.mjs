// How often a prompt comes again in the package, where people answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DECK, init, open } from "./package.mjs";

await init();

const PEOPLE = 20;
const QUESTIONS = 12;

/** The repeated prompts among the first questions to some people, who take the higher sum of scores under their weights. */
async function repeats(options) {
  let repeated = 0;
  for (let person = 0; person < PEOPLE; person++) {
    const interview = await open({ seed: person, strategy: "information-gain", ...options });
    const weights = DECK.dimensions.map((_, place) => 2 * Math.sin(1 + 3 * person + 5 * place));
    const reward = ({ scores }) => scores.reduce((sum, score, place) => sum + weights[place] * score, 0);
    const prompts = new Set();
    for (let k = 0; k < QUESTIONS; k++) {
      const { prompt, candidates } = interview.next();
      prompts.add(prompt.id);
      const [first, second] = candidates.map(reward);
      await interview.answer({ chose: first > second ? 0 : 1 });
    }
    repeated += QUESTIONS - prompts.size;
  }
  return repeated;
}

test("prompts seldom come again unless the publisher lets them", async () => {
  const [usual, byTheRule] = [await repeats({}), await repeats({ repeatWorth: 1 })];
  assert.ok(byTheRule > 0 && usual < 0.5 * byTheRule, `${usual} of ${byTheRule}`);
  assert.equal(await repeats({ repeatWorth: 0.9 }), usual);
});
