// The style scores outside a browser. Their bits are those on record, as on the native side (style/tests/generated.rs,
// cli/tests/commands/build.rs).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { init as initLibrary, Leaning, LeaningError as LibraryError } from "../../pkg/index.js";
import { init, LeaningError, STYLE, scoreStyle } from "../../pkg/style.js";

const file = (path) => readFileSync(new URL(path, import.meta.url));
const texts = JSON.parse(file("../style/texts.json")).map(
  (text) => text.repeat?.repeat?.(text.times) ?? text,
);
const deck = JSON.parse(file("../style/deck.json"));

/** The bits of a double, in the notation of the record. */
function bits(number) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}

test("scoreStyle before init says what to do", () => {
  assert.throws(
    () => scoreStyle(["text"]),
    (error) => {
      assert.ok(error instanceof LeaningError && error instanceof LibraryError);
      assert.equal(error.code, "not-ready");
      assert.match(error.message, /init\(\)/);
      return true;
    },
  );
});

test("init can be called again, also while it runs, and fetches nothing", async (context) => {
  const fetched = context.mock.method(globalThis, "fetch", () => assert.fail("something was fetched"));
  await Promise.all([init(), init()]);
  await init();
  assert.equal(fetched.mock.callCount(), 0);
});

test("a module that cannot be loaded is an error, and the next call may succeed", async () => {
  const again = await import("../../pkg/style.js?again");
  await assert.rejects(again.init(new Uint8Array([1, 2, 3])), { code: "not-ready" });
  await again.init();
  assert.equal(again.scoreStyle(["text"]).length, 1);
});

test("every text has the bits on record", async () => {
  await init();
  const expected = file("../style/bits.txt").toString().trimEnd().split("\n");
  assert.equal(texts.length, expected.length);
  scoreStyle(texts).forEach((features, place) => {
    assert.equal(features.length, STYLE.length);
    assert.equal(
      features.map(bits).join(" "),
      expected[place],
      `text ${place}: ${texts[place].slice(0, 60)}`,
    );
  });
});

test("a basis gives the scores of the deck that was built with it, bit for bit", async () => {
  await init();
  for (const { id, candidates } of deck.prompts) {
    const scores = scoreStyle(
      candidates.map((candidate) => candidate.text),
      deck.basis,
    );
    candidates.forEach((candidate, place) => {
      assert.deepEqual(scores[place].map(bits), candidate.scores.map(bits), `${id}/${candidate.id}`);
    });
  }
});

test("the scores of scoreStyle can be ranked", async () => {
  await Promise.all([init(), initLibrary()]);
  const leaning = await Leaning.open({ deck, storage: "memory" });
  const brevity = deck.dimensions.findIndex(({ id }) => id === "brevity");
  for (let question; (question = leaning.next()); ) {
    const [a, b] = question.candidates.map(({ scores }) => scores[brevity]);
    await leaning.answer({ chose: a > b ? 0 : 1 });
  }
  const drafts = [
    "A few words.",
    "Rather a lot of words, one after the other, that could have been said in fewer. ".repeat(9),
  ];
  const [best] = leaning.rank(scoreStyle(drafts, deck.basis).map((scores) => ({ scores })));
  assert.equal(best.index, 0);
});

test("an error names the argument that does not fit", async () => {
  await init();
  assert.throws(() => scoreStyle(["a", 1]), { code: "candidates", path: "[1]" });
  const basis = { features: ["style:words", "price"], mean: [0, 0], scale: [1, 1], head: [[1, 1]] };
  assert.throws(() => scoreStyle([], basis), { code: "deck", path: "basis.features[1]" });
  assert.throws(() => scoreStyle([], { ...basis, mean: [0] }), { code: "deck", path: "basis.mean" });
  assert.throws(() => scoreStyle([], {}), { code: "deck", path: "basis.features" });
});

test("a text with lone surrogates is measured all the same", async () => {
  await init();
  assert.deepEqual(scoreStyle(["a \ud800 b"]), scoreStyle(["a \ufffd b"]));
});

test("a deck as safetensors gives the same approximation as the deck in JSON, bit for bit", async () => {
  await initLibrary();
  const bytes = new Uint8Array(file("../style/deck.safetensors"));
  // The bytes lie in the middle of a buffer, and in a buffer of their own.
  const within = new Uint8Array(bytes.length + 16);
  within.set(bytes, 3);
  const forms = [deck, bytes, bytes.buffer.slice(0), within.subarray(3, 3 + bytes.length)];
  const approximations = [];
  for (const form of forms) {
    const leaning = await Leaning.open({ deck: form, storage: "memory", seed: 1, stop: { questions: 5 } });
    for (let question; (question = leaning.next()); ) await leaning.answer({ chose: 0 });
    const { mean, covariance } = leaning.laplaceApproximation();
    approximations.push([...mean, ...covariance.flat()].map(bits));
    leaning.free();
  }
  for (const approximation of approximations) assert.deepEqual(approximation, approximations[0]);
});

/** A safetensors file with this header and these numbers. */
function safetensors(header, numbers) {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + numbers.byteLength);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 8);
  bytes.set(new Uint8Array(numbers.buffer), 8 + text.length);
  return bytes;
}

test("scores of single precision are read, and broken files are LeaningErrors", async () => {
  await initLibrary();
  const content = {
    format: "leaning-deck/1",
    id: "d",
    dimensions: [{ id: "x" }],
    prompts: [{ id: "p", candidates: [{ id: "a" }, { id: "b" }] }],
  };
  const scores = { dtype: "F32", shape: [2, 1], data_offsets: [0, 8] };
  const header = { __metadata__: { deck: JSON.stringify(content) }, scores };
  const numbers = new Float32Array([0.1, -2]);
  const leaning = await Leaning.open({ deck: safetensors(header, numbers), storage: "memory" });
  const shown = leaning.next().candidates;
  assert.deepEqual(shown.map((candidate) => candidate.scores[0]).sort(), [-2, Math.fround(0.1)]);

  const broken = [
    safetensors("{not json", numbers),
    safetensors({ ...header, __metadata__: {} }, numbers),
    safetensors({ __metadata__: header.__metadata__ }, numbers),
    safetensors({ ...header, scores: { ...scores, dtype: "F16" } }, numbers),
    safetensors({ ...header, scores: { ...scores, shape: [2] } }, numbers),
    safetensors({ ...header, scores: { ...scores, shape: [2, 1e9] } }, numbers),
    safetensors(
      { ...header, scores: { ...scores, shape: [3, 1], data_offsets: [0, 12] } },
      new Float32Array(3),
    ),
    safetensors(header, numbers).subarray(0, 40),
    safetensors(header, numbers.subarray(0, 1).slice()),
  ];
  for (const [place, deck] of broken.entries())
    await assert.rejects(
      Leaning.open({ deck }),
      { name: "LeaningError", code: "deck" },
      `broken file ${place}`,
    );
  const infinite = safetensors(header, new Float32Array([1, Infinity]));
  await assert.rejects(Leaning.open({ deck: infinite }), {
    code: "deck",
    path: "prompts[0].candidates[1].scores[0]",
  });
});
