// Tests of the package as built: whatever a page hands over, a method works or refuses it by a LeaningError, and the
// interview goes on.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { callsOf, HOSTILE, tryAll } from "./hostile.mjs";
import {
  DECK,
  drafts,
  init,
  interviewWorks,
  Leaning,
  LeaningError,
  markdown,
  open,
  score,
  style,
} from "./package.mjs";

before(async () => {
  await init();
  await style.init();
});

const refused = (code, path) => (error) => {
  assert.ok(error instanceof LeaningError, String(error));
  assert.deepEqual([error.code, error.path], [code, path], error.message);
  return true;
};

test("every method with every hostile value works or refuses it, and the interview goes on", async () => {
  const calls = callsOf({ Leaning, deck: DECK, drafts, style, score, markdown, init });
  const complaints = await tryAll({ calls, open, works: interviewWorks, LeaningError });
  assert.deepEqual(complaints, []);
});

test("any number of refused calls do no harm", async () => {
  const rounds = process.env.LEANING_THOROUGH === "1" ? 100_000 : 3_000;
  const interview = await open();
  const values = ["a revoked list", "ownKeys that throws", "an item that throws", "a length that throws"];
  let refusals = 0;
  for (let round = 0; round < rounds; round++) {
    const value = HOSTILE[values[round % values.length]]();
    const calls = [
      () => interview.rank([value]),
      () => interview.compare(value),
      () => interview.observe(value, "tie"),
      () => interview.configure({ stop: value }),
      () => interview.importLog({ answers: value }),
      () => interview.answer({ order: value }),
    ];
    await (async () => calls[round % calls.length]())().catch(() => refusals++);
  }
  assert.ok(refusals > rounds / 2);
  assert.ok(await interviewWorks(interview));
  interview.free();
});

test("a refusal names the place that was wrong", async () => {
  const interview = await open();
  const revoked = HOSTILE["a revoked object"]();
  const [first, ...others] = drafts();
  const long = "x".repeat(1_000_001);
  const open_ = (options) => () => Leaning.open({ deck: DECK, storage: "memory", ...options });
  for (const [call, code, path] of [
    [() => interview.rank([first, { ...first, scores: revoked }]), "candidates", "[1].scores"],
    [() => interview.rank([{ ...first, scores: [0, revoked] }]), "candidates", "[0].scores[1]"],
    [() => interview.rank([{ ...first, text: long }]), "candidates", "[0].text"],
    [() => interview.rank(others, { atLeast: revoked }), "options", "atLeast"],
    [() => interview.compare([first, revoked]), "candidates", "[1]"],
    [
      () => interview.observe([first, { ...first, scores: [Number.NaN] }], "tie"),
      "candidates",
      "[1].scores[0]",
    ],
    [() => interview.answer({ order: [0, [1, revoked]] }), "answer", "order[1][1]"],
    [() => interview.setWeight(long, 1), "answer", "dimension"],
    [() => interview.retract(long), "answer", "id"],
    [() => interview.setWeight("brevity", 1e6), "answer", "weight"],
    [() => interview.words(5), "options", "language"],
    [() => interview.summary(5), "options", undefined],
    [() => interview.summary({ language: 5 }), "options", "language"],
    [() => interview.instructions({ language: [] }), "options", "language"],
    [() => interview.importLog({ answers: [{ id: revoked }] }), "log", "answers[0].id"],
    [() => interview.configure({ stop: { regret: revoked } }), "options", "stop.regret"],
    [open_({ base: revoked }), "options", "base"],
    [open_({ base: 5 }), "options", "base"],
    [
      open_({ deck: { ...DECK, prompts: [{ id: "p", candidates: revoked }] } }),
      "deck",
      "prompts[0].candidates",
    ],
    [() => Leaning.open(new Uint8Array(1)), "options", undefined],
    [() => style.scoreStyle(["a", 5]), "candidates", "[1]"],
    [() => style.scoreStyle(["a"], undefined), "deck", "basis"],
    [() => markdown(5), "options", "text"],
    [() => markdown(revoked), "options", "text"],
    [() => markdown(long), "options", "text"],
    [open_({ retention: 0 }), "options", "retention"],
    [open_({ retention: "90" }), "options", "retention"],
    [open_({ retention: 90n }), "options", "retention"],
    [open_({ retention: revoked }), "options", "retention"],
  ]) {
    await assert.rejects(async () => call(), refused(code, path), String(call));
  }
  interview.free();
});

test("an encrypted storage where no key can be kept stores nothing, and says so from the start", async () => {
  const interview = await open({ storage: "encrypted" });
  assert.equal(interview.status().stored, false);
  assert.ok(await interviewWorks(interview));
  assert.equal(interview.status().stored, false);
  await interview.forget();
  interview.free();
});

test("a rating in a deck that asks for something else is refused by what this deck takes", async () => {
  const interview = await open();
  interview.next();
  for (const answer of [{ rating: 4 }, { rating: 4, of: 5 }]) {
    await assert.rejects(interview.answer(answer), (error) => {
      refused("answer", undefined)(error);
      assert.match(error.message, /the question takes \{ chose, grade \}, tie, neither, skip$/);
      return true;
    });
  }
  await assert.rejects(interview.observe(drafts().slice(0, 1), { rating: 4 }), refused("answer", "of"));
  interview.free();
});

test("what is too large is refused by its length", async () => {
  const interview = await open();
  const many = (count, item) => new Array(count).fill(item);
  const [draft] = drafts();
  const log = (answers) => ({ ...JSON.parse(interview.exportLog()), answers });
  for (const [call, code, path] of [
    [() => interview.rank(many(10_001, draft)), "candidates"],
    [() => interview.compare(many(1001, draft)), "candidates"],
    [() => interview.observe(many(1001, draft), { chose: 0 }), "candidates"],
    [() => interview.rank([{ scores: new Float64Array(100_001) }]), "candidates", "[0].scores"],
    [() => interview.rank([{ scores: new Array(4e9) }]), "candidates", "[0].scores"],
    [() => interview.importLog(log(many(100_001, {}))), "log", "answers"],
    [() => interview.importLog(" ".repeat(64_000_001)), "log"],
    [() => interview.configure({ sample: many(100_001, []) }), "options", "sample"],
    [() => interview.configure({ sample: many(100, many(20_000, 0)) }), "options", "sample[49]"],
    [() => Leaning.open({ deck: " ".repeat(64_000_001) }), "deck"],
    [() => Leaning.open({ deck: new Uint8Array(64_000_001) }), "deck"],
    [() => Leaning.open({ deck: { ...DECK, prompts: many(100_001, {}) } }), "deck", "prompts"],
    [() => Leaning.open({ deck: JSON.stringify({ ...DECK, prompts: many(100_001, 0) }) }), "deck", "prompts"],
  ]) {
    await assert.rejects(async () => call(), refused(code, path), String(call));
  }
  // As many as allowed.
  const distinct = (count) => Array.from({ length: count }, (_, k) => ({ ...draft, id: `${k}` }));
  assert.equal(interview.rank(distinct(10_000)).length, 10_000);
  interview.compare(distinct(1000));
  await interview.observe(distinct(1000), { chose: 0 });
  assert.ok(await interviewWorks(interview));
  interview.free();
});

test("a deck and a prior of the largest size are opened, and larger ones refused", async () => {
  const deck = (candidates, more = {}) => ({
    format: "leaning-deck/1",
    id: "large",
    dimensions: [{ id: "d" }],
    prompts: [
      {
        id: "p",
        candidates: Array.from({ length: candidates }, (_, k) => ({ id: `${k}`, scores: [k / candidates] })),
      },
    ],
    ...more,
  });
  const ratings = { answers: { kind: "rating" } };
  await assert.rejects(Leaning.open({ deck: deck(1415) }), refused("deck", "prompts"));
  await assert.rejects(
    Leaning.open({ deck: deck(10_001, ratings) }),
    refused("deck", "prompts[0].candidates"),
  );
  const interview = await Leaning.open({ deck: deck(10_000, ratings), storage: "memory" });
  assert.ok(interview.next());
  interview.free();
});

test("code of the page that runs while a value is read may call anything", async () => {
  const interview = await open();
  const calls = {
    next: () => interview.next(),
    answer: () => interview.answer({ chose: 0 }),
    undo: () => interview.undo(),
    profile: () => interview.profile(),
    rank: () => interview.rank(drafts()),
    configure: () => interview.configure({ stop: { questions: 1000 } }),
    forget: () => interview.forget(),
    exportLog: () => interview.exportLog(),
  };
  const inside = [];
  for (const [name, call] of Object.entries(calls)) {
    const list = drafts();
    Object.defineProperty(list[0], "scores", {
      enumerable: true,
      get() {
        interview.next();
        inside.push(call());
        return [1, 2, 3, 4, 5, 6];
      },
    });
    assert.equal(interview.rank(list).length, list.length, name);
    await interview.observe(list, { chose: 1 });
  }
  await Promise.all(inside);
  await interview.configure({ stop: { questions: 1000 } });
  assert.ok(await interviewWorks(interview));
  interview.free();
});

test("a listener of `change` may call anything, and so may a storage that the page has replaced", async () => {
  const kept = new Map();
  const refusals = [];
  let call = () => {};
  const within = (result) => {
    try {
      call();
    } catch (error) {
      refusals.push(error.code);
    }
    return result;
  };
  class Storage {
    getItem = (key) => within(kept.get(key) ?? null);
    setItem = (key, value) => within(void kept.set(key, value));
    removeItem = (key) => within(void kept.delete(key));
  }
  // The module looks for these names in a window.
  class Window {}
  Object.assign(globalThis, { Window, Storage, localStorage: new Storage() });
  const hadPrototype = Object.getPrototypeOf(globalThis);
  Object.setPrototypeOf(globalThis, Window.prototype);
  try {
    const interview = await Leaning.open({ deck: DECK, seed: 1 });
    const other = await open();
    for (const one of [
      () => interview.status(),
      () => interview.next(),
      () => other.profile(),
      () => interview.exportLog(),
    ]) {
      call = one;
      assert.ok(await interviewWorks(interview));
    }
    assert.ok(refusals.length > 0, "the storage was asked");
    assert.deepEqual([...new Set(refusals)], ["not-ready"]);
    call = () => {};
    let changes = 0;
    interview.addEventListener("change", () => {
      changes++;
      interview.next();
      interview.profile();
    });
    assert.ok(await interviewWorks(interview));
    assert.ok(changes > 0);
    // Freed by its own storage, it is freed once that has answered.
    call = () => interview.free();
    interview.next();
    assert.throws(() => interview.next(), refused("not-ready"));
    call = () => {};
    assert.ok(await interviewWorks(other));
  } finally {
    Object.setPrototypeOf(globalThis, hadPrototype);
    for (const name of ["Window", "Storage", "localStorage"]) delete globalThis[name];
  }
});
