// Tests of the package as built: the prompts of a deck cross to the wasm module in a few lists, and nobody can tell.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { init, Leaning, LeaningError } from "./package.mjs";

const read = (name) => readFileSync(new URL(`../bad/${name}.json`, import.meta.url), "utf8");
/** A sound deck, as a text. */
const DECK = read("deck");

before(() => init());

test("every bad deck is refused with its code, its place and in one line", async () => {
  const rows = JSON.parse(read("inputs")).filter(({ kind }) => kind === "deck");
  assert.ok(rows.length > 100);
  const complaints = [];
  for (const { name, text, value, web, ...natively } of rows) {
    const opened = Leaning.open({ deck: text ?? JSON.stringify(value), storage: "memory" });
    const error = await opened.catch((error) => error);
    const isAs = ({ code, path, says }) =>
      error.code === code &&
      (path === undefined || (error.path ?? "") === (path ?? "")) &&
      error.message.includes(says ?? "");
    // The page finds some flaws before the module could, and says what is told natively.
    const isExpected = isAs(natively) || (web && isAs(web));
    if (!(error instanceof LeaningError && isExpected && !error.message.includes("\n")))
      complaints.push(`${name}: ${error.code} ${error.path} ${error.message}`);
  }
  assert.deepEqual(complaints, []);
});

test("a score of −0 is 0 in the log", async () => {
  const deck = JSON.parse(DECK);
  for (const { candidates } of deck.prompts) candidates[0].scores[0] = -0;
  const leaning = await Leaning.open({ deck, storage: "memory", seed: 1 });
  leaning.next();
  await leaning.answer({ chose: 0 });
  const { answers } = JSON.parse(leaning.exportLog());
  const scores = answers.flatMap(({ scores }) => scores.flat());
  assert.ok(scores.includes(0) && scores.every((score) => !Object.is(score, -0)));
  leaning.free();
});
