// Tests of the sealed frame's options, in a simulated document: whatever a page hands over, a frame is created or the
// page is told what is wrong.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { JSDOM } from "jsdom";
import { HOSTILE } from "./hostile.mjs";

const deck = JSON.parse(readFileSync(new URL("../../www/decks/weekend.json", import.meta.url)));
const [first, ...others] = deck.prompts[0].candidates.map(({ id, text, scores }) => ({ id, text, scores }));
const right = { src: "https://example.net/frame.html", deck, candidates: [first, ...others] };
let createFrame;
let LeaningError;

before(async () => {
  const { window } = new JSDOM('<!doctype html><html lang="en"><body></body></html>', {
    url: "https://example.org/",
  });
  globalThis.document = window.document;
  globalThis.location = window.location;
  ({ createFrame, LeaningError } = await import("../../pkg/frame.js"));
});

const OPTIONS = [
  ...["src", "deck", "candidates", "storage", "maxQuestions", "retention"],
  ...["language", "theme", "height", "title"],
];

const CALLS = {
  "the options": (value) => value,
  ...Object.fromEntries(OPTIONS.map((name) => [name, (value) => ({ ...right, [name]: value })])),
  "a candidate": (value) => ({ ...right, candidates: [value] }),
  "an id": (value) => ({ ...right, candidates: [{ ...first, id: value }] }),
  "a text": (value) => ({ ...right, candidates: [{ ...first, text: value }] }),
  "the scores": (value) => ({ ...right, candidates: [{ ...first, scores: value }] }),
  "a score": (value) => ({
    ...right,
    candidates: [{ ...first, scores: [value, ...first.scores.slice(1)] }],
  }),
  "the title of the deck": (value) => ({ ...right, deck: { ...deck, title: value } }),
};

test("every option with every hostile value makes a frame or is refused", () => {
  const complaints = [];
  const values = Object.entries(HOSTILE).map(([kind, make]) => [kind, make()]);
  for (const [name, optionsOf] of Object.entries(CALLS)) {
    for (const [kind, value] of values) {
      try {
        createFrame(optionsOf(value));
      } catch (error) {
        const isRefusal = error instanceof LeaningError && error.code !== "internal";
        if (!isRefusal || /[\n\r]/.test(error.message)) complaints.push(`${name}, ${kind}: ${String(error)}`);
      }
    }
  }
  assert.deepEqual(complaints, []);
});

test("candidates in no list, or without what the frame needs, are not passed over", () => {
  for (const candidates of [5, "x", { ...first }, [null], [{ ...first, text: 5 }]])
    assert.throws(() => createFrame({ ...right, candidates }), { code: "options", path: "candidates" });
  for (const [field, value] of [
    ["id", 5],
    ["scores", "12"],
    ["scores", first.scores.slice(1)],
    ["scores", first.scores.map(() => Number.NaN)],
  ]) {
    const candidates = [{ ...first, [field]: value }];
    assert.throws(() => createFrame({ ...right, candidates }), { code: "candidates", path: `[0].${field}` });
  }
  for (const wrong of ["deck.json", 5, undefined, []])
    assert.throws(() => createFrame({ ...right, deck: wrong }), { message: /a deck, or its JSON text/ });
  const mark = "\ufeff";
  for (const given of [deck, mark + JSON.stringify(deck)])
    assert.equal(createFrame({ ...right, deck: given }).element.title, deck.title);
});
