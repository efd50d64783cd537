// The draft of the deck studio: what is deleted comes back as it was.

import assert from "node:assert/strict";
import { test } from "node:test";
import { blankDeck, Draft } from "../../www/studio/draft.js";

/** A deck of two dimensions with everything that depends on them. */
const deck = () => ({
  format: "leaning-deck/1",
  id: "d",
  dimensions: [{ id: "x" }, { id: "y" }],
  prior: {
    mean: [0, 1],
    covariance: [
      [1, 0.5],
      [0.5, 1],
    ],
  },
  basis: {
    features: ["x", "y"],
    mean: [0, 0],
    scale: [1, 1],
    head: [
      [1, 0],
      [0, 1],
    ],
  },
  prompts: ["p", "q"].map((id) => ({
    id,
    candidates: ["a", "b"].map((name, k) => ({ id: name, text: name, scores: [k, -k] })),
  })),
});

test("deletions are brought back in turn, and the deck is as it was", () => {
  const draft = new Draft(deck());
  draft.deleteCandidate(1, 0);
  draft.deleteDimension(0);
  draft.deletePrompt(0);
  draft.addPrompt();
  assert.equal(draft.deletion, "prompt p");
  assert.deepEqual(draft.deck.prompts[0].candidates, [{ id: "b", text: "b", scores: [-1] }]);
  assert.deepEqual(draft.deck.basis.head, [[0, 1]]);
  draft.deletePrompt(1);
  for (let deletions = 0; deletions < 4; deletions++) draft.undo();
  assert.equal(draft.deletion, undefined);
  draft.deck.prompts.pop();
  assert.deepEqual(draft.deck, deck());
});

test("what comes back fits what was added meanwhile", () => {
  const draft = new Draft(deck());
  draft.deleteDimension(1);
  draft.addCandidate(0);
  draft.undo();
  const scores = draft.deck.prompts.map(({ candidates }) => candidates.map(({ scores }) => scores));
  const [a, b] = deck().prompts[0].candidates.map(({ scores }) => scores);
  assert.deepEqual(scores, [
    [a, b, [0, 0]],
    [a, b],
  ]);
  draft.deleteCandidate(0, 1);
  draft.addDimension();
  draft.undo();
  assert.deepEqual(draft.deck.prompts[0].candidates[1].scores, [...b, 0]);
});

test("a dimension that is added has a score for every candidate, and a place in the basis", () => {
  const draft = new Draft(deck());
  draft.addDimension();
  assert.ok(
    draft.deck.prompts.flatMap(({ candidates }) => candidates).every(({ scores }) => scores.length === 3),
  );
  assert.deepEqual(draft.deck.basis.head.at(-1), [0, 0]);
  assert.equal(draft.deck.prior, undefined);
});

test("new ids are free, and empty texts are left out", () => {
  const draft = new Draft(blankDeck());
  draft.addPrompt();
  draft.deletePrompt(0);
  draft.addPrompt();
  assert.deepEqual(
    draft.deck.prompts.map(({ id }) => id),
    ["p2", "p3"],
  );
  draft.set(["title"], "T");
  draft.set(["title"], "");
  assert.equal("title" in draft.deck, false);
});

test("another deck takes the place of the one before, which can be brought back", () => {
  const draft = new Draft(deck());
  draft.replace(blankDeck());
  assert.equal(draft.deletion, "the deck before");
  draft.undo();
  assert.deepEqual(draft.deck, deck());
});
