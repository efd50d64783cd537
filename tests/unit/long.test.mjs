// Long logs in the package: the times for loading them and for listing their entries, which are printed and not asserted,
// since they depend on the machine.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DECK, init, open } from "./package.mjs";

await init();

const COUNTS = [200, 2000, 20_000];

/** The text of a log with so many answers about pairs of the deck. */
function logOf(interview, count) {
  const log = JSON.parse(interview.exportLog());
  for (let place = 0; place < count; place++) {
    const prompt = DECK.prompts[place % DECK.prompts.length];
    const first = place % prompt.candidates.length;
    const shown = [first, (first + 1 + (place % 2)) % prompt.candidates.length].map(
      (k) => prompt.candidates[k],
    );
    const names = shown.map(({ id }) => `${prompt.id}/${id}`);
    log.answers.push({
      id: place.toString(36),
      shown: names,
      scores: shown.map(({ scores }) => scores),
      chose: names[place % 3 ? 0 : 1],
    });
  }
  return JSON.stringify(log);
}

async function time(act) {
  const start = performance.now();
  const result = await act();
  return [performance.now() - start, result];
}

test("logs of 200, 2,000 and 20,000 answers are loaded once, and their entries are listed", async (context) => {
  let [before, loadedBefore, listedBefore] = [];
  for (const count of COUNTS) {
    const interview = await open();
    const text = logOf(interview, count);
    const [loaded] = await time(() => interview.importLog(text));
    const [again] = await time(() => interview.importLog(text));
    const [listed, entries] = await time(() => interview.entries());
    const { answered, summedUp } = interview.status();
    assert.equal(answered, count);
    assert.equal(entries.length, count - summedUp);
    const ratio = (now, then) => (before ? ` (${(now / then).toFixed(1)} times that of ${before})` : "");
    context.diagnostic(
      `${count} answers: loaded in ${loaded.toFixed(0)} ms${ratio(loaded, loadedBefore)}, the same again in ${again.toFixed(0)} ms; ${entries.length} entries in ${listed.toFixed(0)} ms${ratio(listed, listedBefore)}`,
    );
    [before, loadedBefore, listedBefore] = [count, loaded, listed];
    interview.free();
  }
});
