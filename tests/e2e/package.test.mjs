// The package outside a browser: what a server, a test runner or a script makes of it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { init as initSlim, Leaning as SlimLeaning } from "../../pkg/slim.js";
import { init, Leaning, LeaningError } from "../../pkg/index.js";

const file = (path) => readFileSync(new URL(path, import.meta.url));
const deck = file("../../www/decks/assistant-style-en.json").toString();

test("importing any entry on a server does no harm", async () => {
  const { LeaningQuiz } = await import("../../pkg/element.js");
  assert.equal(typeof LeaningQuiz, "function");
});

test("before init every call says what to do", async () => {
  await assert.rejects(Leaning.open({ deck }), (error) => {
    assert.ok(error instanceof LeaningError && error instanceof Error);
    assert.equal(error.code, "not-ready");
    assert.match(error.message, /init\(\)/);
    return true;
  });
});

test("the inlined module needs no configuration, and all entries share it", async () => {
  await Promise.all([init(), init()]);
  await initSlim();
  const leaning = await SlimLeaning.open({ deck, storage: "memory" });
  assert.ok(leaning instanceof Leaning);
});

test("errors are LeaningErrors with code and path", async () => {
  await init();
  const broken = JSON.parse(deck);
  broken.prompts[3].candidates[1].scores.pop();
  await assert.rejects(Leaning.open({ deck: broken }), (error) => {
    assert.ok(error instanceof LeaningError);
    assert.equal(error.code, "deck");
    assert.equal(error.path, "prompts[3].candidates[1].scores");
    assert.match(error.message, /expected 6 numbers, found 5/);
    return true;
  });
  const leaning = await Leaning.open({ deck });
  assert.throws(() => leaning.rank([{ scores: [1] }]), { code: "candidates", path: "[0].scores" });
  await assert.rejects(leaning.import("nonsense"), { code: "log" });
  await assert.rejects(Leaning.open({}), { code: "options", path: "deck" });
  await assert.rejects(Leaning.open(), { code: "options" });
});

test("a deck comes as an object, a text or bytes, and there is storage only where there is a browser", async () => {
  await init();
  for (const form of [deck, JSON.parse(deck), file("../../www/decks/assistant-style-en.json"), new TextEncoder().encode(deck).buffer]) {
    const leaning = await Leaning.open({ deck: form });
    assert.equal(leaning.status().stored, false);
    assert.ok(leaning.next());
    await leaning.free();
  }
  for (const broken of [new Uint8Array([34, 255, 34]), new ArrayBuffer(3), new Uint8Array()]) {
    await assert.rejects(Leaning.open({ deck: broken }), { code: "json" });
  }
});

test("interviews that were freed leave no memory behind", async () => {
  await init();
  const round = async () => {
    const leaning = await Leaning.open({ deck, storage: "memory" });
    leaning.next();
    await leaning.answer("tie");
    await leaning.free();
  };
  for (let warm = 0; warm < 20; warm++) await round();
  // The module's memory counts as external. One interview takes some 170 kB of it.
  const before = process.memoryUsage().external;
  for (let times = 0; times < 100; times++) await round();
  assert.ok(process.memoryUsage().external - before < 2_000_000);
});
