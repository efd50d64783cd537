// Tests of the JavaScript layer with a stand-in for the wasm module: the arguments that it passes to the
// module, and the objects that it builds from the results.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import vm from "node:vm";
import { build } from "esbuild";
import { calls, prepare } from "./fake-module.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const DECK = {
  format: "leaning-deck/1",
  id: "tea",
  language: "en",
  dimensions: [{ id: "warmth", label: "Warmth", low: "cool", high: "warm" }, { id: "length" }],
  prompts: [
    {
      id: "p",
      text: "Tea?",
      candidates: [
        { id: "a", text: "Yes.", scores: [1, 0] },
        { id: "b", scores: [0, 1] },
      ],
    },
    {
      id: "q",
      candidates: [
        { id: "a", text: "No.", scores: [0, 0] },
        { id: "b", text: "Why?", scores: [1, 1] },
      ],
    },
  ],
};
const STATUS = {
  asked: 1,
  answered: 1,
  observed: 0,
  remaining: 2,
  entries: 1,
  done: false,
  stored: true,
  mayEndEarly: false,
  undoable: true,
};

let Leaning;
let LeaningError;
let init;
/** Whether the element's wait for the module was over before the page loaded it, and after. */
const waits = [];

before(async () => {
  const outfile = path("../../target/unit/core.mjs");
  await build({
    entryPoints: [path("../../js/core.ts")],
    outfile,
    bundle: true,
    format: "esm",
    target: "es2022",
    // External, so that the tests and the bundle share the stand-in.
    plugins: [
      {
        name: "fake",
        setup({ onResolve }) {
          const fake = { path: new URL("fake-module.mjs", import.meta.url).href, external: true };
          onResolve({ filter: /^leaning-wasm$/ }, () => fake);
        },
      },
    ],
  });
  const core = await import(pathToFileURL(outfile));
  ({ Leaning, LeaningError, init } = core);
  let over = false;
  const waiting = core.initialized().then(() => {
    over = true;
  });
  await assert.rejects(Leaning.open({ deck: DECK }), { code: "not-ready", message: /init\(\)/ });
  await assert.rejects(init(), { code: "not-ready", message: /await init\(url\)/ });
  waits.push(over);
  await init(new Uint8Array());
  await waiting;
  waits.push(over);
});

/** An interview whose module gives these results. */
async function open(results, options = {}) {
  const leaning = await Leaning.open({ deck: DECK, storage: "memory", ...options });
  prepare(results);
  return leaning;
}

/** Checks that an error is a LeaningError with that code and path. */
const refused = (code, place) => (error) => {
  assert.ok(error instanceof LeaningError && error instanceof Error, String(error));
  assert.deepEqual([error.code, error.path], [code, place], error.message);
  assert.ok(!error.message.includes("\n"), error.message);
  return true;
};

test("an element without a module waits until the page loads it", () => {
  assert.deepEqual(waits, [false, true]);
});

test("a question gets its words from the deck", async () => {
  const question = {
    prompt: 0,
    candidates: [1, 0],
    kind: "choice",
    offered: ["choice", "tie"],
    strategy: "decision",
    score: 0.5,
  };
  const leaning = await open({ question: () => question });
  assert.deepEqual(leaning.next(), {
    prompt: { id: "p", text: "Tea?", image: null },
    candidates: [
      { name: "p/b", index: 1, text: "", image: null, scores: [0, 1] },
      { name: "p/a", index: 0, text: "Yes.", image: null, scores: [1, 0] },
    ],
    kind: "choice",
    of: null,
    offered: ["choice", "tie"],
    strategy: "decision",
    score: 0.5,
  });
  leaning.next().candidates[0].scores[0] = 9;
  assert.deepEqual(leaning.next().candidates[0].scores, [0, 1], "callers get copies of the deck");
});

test("a question about candidates from outside gets its words from the caller", async () => {
  const question = { candidates: [2, 0, 1], offered: ["choice"], strategy: "information-gain", score: 1 };
  const leaning = await open({ compare: question });
  const { prompt, candidates } = leaning.compare([
    { name: "x/y", id: "a", scores: [1, 2], text: "One" },
    { id: "b", prompt: "chat-7", scores: new Float32Array([3, 4]) },
    { scores: [5, 6], text: null },
  ]);
  assert.equal(prompt, null);
  assert.deepEqual(candidates, [
    { name: null, index: 2, text: "", image: null, scores: [5, 6] },
    { name: "x/y", index: 0, text: "One", image: null, scores: [1, 2] },
    { name: "chat-7/b", index: 1, text: "", image: null, scores: [3, 4] },
  ]);
});

test("a profile has the names of the deck's dimensions, or those that they have by default", async () => {
  const estimate = {
    mean: 1,
    sd: 1,
    interval: [0, 2],
    probabilityOfDirection: 0.9,
    rmsDifference: 1,
    confidence: "moderate",
  };
  const dimensions = [
    { ...estimate, direction: "low" },
    {
      ...estimate,
      direction: "high",
      middle: { probability: 0.9, ideal: 0.3 },
      statement: { id: "k", weight: 2 },
    },
  ];
  const leaning = await open({ profile: { dimensions, answers: 3, axisLimit: 2, personFit: [] } });
  const profile = leaning.profile();
  assert.deepEqual(profile.dimensions, [
    {
      id: "warmth",
      label: "Warmth",
      low: "cool",
      high: "warm",
      description: null,
      end: "cool",
      ...dimensions[0],
      middle: null,
      statement: null,
    },
    {
      id: "length",
      label: "length",
      low: "low",
      high: "high",
      description: null,
      end: "high",
      ...dimensions[1],
    },
  ]);
  assert.equal(profile.axisLimit, 2);
});

test("a ranking has the caller's ids and the names of the ends", async () => {
  const ranked = {
    reward: 1,
    sd: 1,
    probabilityBest: 0.7,
    probabilityBetter: 0.8,
    populationPick: false,
    contributions: [1, 0],
  };
  const reasons = [{ dimension: 0, direction: "high", middle: false, contribution: 1 }];
  const leaning = await open({
    rank: [
      { ...ranked, index: 1, reasons },
      { ...ranked, index: 0, reasons: [], softmaxProbability: 0.5 },
    ],
  });
  const [best, other] = leaning.rank([{ id: "a", scores: [0, 0] }, { scores: [1, 0] }]);
  assert.deepEqual([best.id, best.softmaxProbability], [null, null]);
  const reason = { dimension: "warmth", direction: "high", end: "warm", middle: false, contribution: 1 };
  assert.deepEqual(best.reasons, [reason]);
  assert.deepEqual([other.id, other.softmaxProbability], ["a", 0.5]);
  assert.deepEqual([best.probabilityBetter, best.populationPick], [0.8, false]);
});

test("entries name the prompt and the candidates, where the deck has them, or the dimension", async () => {
  const leaning = await open({
    entries: [
      { id: "k1", kind: "answer", prompt: 1, candidates: [1, 0], answer: { chose: 0 }, shift: [1, 0] },
      { id: "k2", kind: "answer", answer: { verdict: "tie" }, shift: [0, 0] },
      { id: "k4", kind: "answer", answer: { ranks: [1, 0, 1] }, shift: [0, 0] },
      { id: "k3", kind: "statement", dimension: 1, weight: 2, sd: 0.5, shift: [0, 1] },
    ],
  });
  assert.deepEqual(leaning.entries(), [
    {
      kind: "answer",
      id: "k1",
      answer: { chose: 0 },
      prompt: { id: "q", text: "", image: null },
      candidates: [
        { id: "b", text: "Why?", image: null },
        { id: "a", text: "No.", image: null },
      ],
      shift: [1, 0],
    },
    { kind: "answer", id: "k2", answer: "tie", prompt: null, candidates: null, shift: [0, 0] },
    {
      kind: "answer",
      id: "k4",
      answer: { order: [1, [0, 2]] },
      prompt: null,
      candidates: null,
      shift: [0, 0],
    },
    { kind: "statement", id: "k3", dimension: "length", weight: 2, sd: 0.5, shift: [0, 1] },
  ]);
});

test("whatIf names the example, and status the language", async () => {
  const leaning = await open({
    whatIf: () => ({ prompts: 2, changed: 1, example: { prompt: 1, current: 0, alternative: 1 } }),
    status: STATUS,
  });
  assert.deepEqual(leaning.whatIf("length"), {
    prompts: 2,
    changed: 1,
    example: {
      prompt: { id: "q", text: "", image: null },
      current: { id: "a", text: "No.", image: null },
      alternative: { id: "b", text: "Why?", image: null },
    },
  });
  assert.deepEqual(leaning.status(), { ...STATUS, reason: null, language: "en" });
  prepare({ whatIf: { prompts: 2, changed: 0 } });
  assert.deepEqual(leaning.whatIf("length"), { prompts: 2, changed: 0, example: null });
});

test("a text of another type is refused by its place before anything is opened", async () => {
  for (const [place, change] of [
    ["title", (deck) => (deck.title = 5)],
    ["language", (deck) => (deck.language = ["en"])],
    ["dimensions[1].label", (deck) => (deck.dimensions[1].label = true)],
    ["dimensions[0].low", (deck) => (deck.dimensions[0].low = {})],
    ["dimensions[0].description", (deck) => (deck.dimensions[0].description = 1)],
    ["prompts[1].text", (deck) => (deck.prompts[1].text = 5)],
    ["prompts[0].candidates[1].text", (deck) => (deck.prompts[0].candidates[1].text = [])],
  ]) {
    const deck = structuredClone(DECK);
    change(deck);
    prepare();
    await assert.rejects(Leaning.open({ deck }), refused("deck", place));
    await assert.rejects(Leaning.open({ deck: JSON.stringify(deck) }), refused("deck", place));
    assert.deepEqual(calls, []);
  }
  const deck = structuredClone(DECK);
  deck.title = deck.prompts[0].text = deck.dimensions[0].label = null;
  await Leaning.open({ deck });
});

test("a deck may be an object, a text or bytes, even bytes from another frame", async () => {
  const text = JSON.stringify(DECK);
  const bytes = new TextEncoder().encode(text);
  const elsewhere = vm.runInNewContext("Uint8Array.from(bytes).buffer", { bytes: [...bytes] });
  const view = new DataView(bytes.buffer, 0, bytes.length);
  for (const deck of [DECK, text, bytes, bytes.buffer, view, elsewhere, new Proxy(DECK, {})]) {
    prepare();
    await Leaning.open({ deck, seed: 3 });
    assert.deepEqual(calls, [["open", DECK, { seed: 3 }]]);
  }
});

test("a safetensors file becomes the deck whose scores it holds", async () => {
  prepare();
  await Leaning.open({ deck: readFileSync(path("../style/deck.safetensors")) });
  const expected = JSON.parse(readFileSync(path("../style/deck.json"), "utf8"));
  const [[, { prompts }]] = calls;
  assert.equal(prompts.length, expected.prompts.length);
  for (const [index, { candidates }] of expected.prompts.entries()) {
    for (const [place, { scores }] of candidates.entries()) {
      const found = prompts[index].candidates[place].scores;
      assert.ok(
        scores.every((score, j) => Math.abs(score - found[j]) <= 1e-6 * Math.abs(score)),
        `${index}, ${place}`,
      );
    }
  }
  const broken = Buffer.from(readFileSync(path("../style/deck.safetensors")).subarray(0, -4));
  await assert.rejects(Leaning.open({ deck: broken }), refused("deck", undefined));
});

test("anything that is no deck is refused", async () => {
  const knot = { ...DECK };
  knot.extra = { knot };
  for (const [deck, code, place] of [
    [undefined, "options", "deck"],
    [null, "options", "deck"],
    [5, "deck"],
    [[], "deck"],
    ["[]", "deck"],
    [() => {}, "deck"],
    ["<!doctype html>\n<title>404</title>", "json"],
    [new Uint8Array([34, 255, 34]), "json"],
    [new ArrayBuffer(0), "json"],
    [knot, "deck", "extra"],
    [{ ...DECK, answers: [0.02, 0.5] }, "deck", "answers"],
  ]) {
    await assert.rejects(Leaning.open({ deck }), refused(code, place));
  }
  const message = /^not usable as JSON: .* \(fetch the file, and give what is in it\)$/;
  await assert.rejects(Leaning.open({ deck: "decks/deck.json" }), { code: "json", message });
  for (const options of [undefined, null, 5, "deck"])
    await assert.rejects(Leaning.open(options), refused("options"));
});

test("a misspelt option is refused, with the names that there are and a guess", async () => {
  const leaning = await open({});
  const open_ = (options) => () => Leaning.open({ deck: DECK, storage: "memory", ...options });
  for (const [call, place, guess] of [
    [open_({ retentionDays: 30 }), "retentionDays", "retention"],
    [open_({ storagekey: "mine" }), "storagekey", "storageKey"],
    [open_({ stop: { question: 5 } }), "stop.question", "questions"],
    [open_({ words: [[1]] }), "words", null],
    [open_({ choose: 3 }), "choose", null],
    [() => leaning.configure({ retention: 30 }), "retention", null],
    [() => leaning.configure({ half_life: 5 }), "half_life", "halfLife"],
    [() => leaning.configure({ stop: { regrets: 0.1 } }), "stop.regrets", "regret"],
    [() => leaning.rank([], { atleast: 0.9 }), "atleast", "atLeast"],
    [() => leaning.summary({ lang: "de" }), "lang", "language"],
    [() => leaning.instructions({ locale: "de" }), "locale", null],
    [() => leaning.shareable({ epsylon: 1 }), "epsylon", "epsilon"],
    [() => init(new Uint8Array(), { integrities: "sha384-x" }), "integrities", "integrity"],
    [() => init(new Uint8Array(), { ["x".repeat(1e6)]: 1 }), "x".repeat(40), null],
  ]) {
    await assert.rejects(
      async () => call(),
      (error) => {
        refused("options", place)(error);
        const guessed = /\(did you mean (\w+)\?\)/.exec(error.message)?.[1] ?? null;
        assert.equal(guessed, guess, error.message);
        assert.match(error.message, /unknown option.*; known: \w/);
        return true;
      },
    );
  }
  assert.equal(calls.length, 0);
});

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const thrower = (name) =>
  Object.defineProperty({}, name, { enumerable: true, get: () => assert.fail("the caller's own") });
const trap = (name) => new Proxy({}, { [name]: () => assert.fail("the caller's own") });

test("a list in place of options is refused without a look at the names of its places, which may be millions", async () => {
  const interview = await open();
  let looks = 0;
  const list = new Proxy([1, 2, 3], {
    ownKeys(target) {
      looks += 1;
      return Reflect.ownKeys(target);
    },
  });
  await interview.configure(list);
  assert.equal(looks, 0);
});

test("an argument that throws while it is read is refused, and the module is not called", async () => {
  const leaning = await open();
  for (const wild of [
    revoked(),
    trap("ownKeys"),
    trap("get"),
    thrower("scores"),
    thrower("chose"),
    [thrower("scores")],
    [revoked()],
  ]) {
    const outcomes = [
      ["rank", () => leaning.rank(wild), "candidates"],
      ["compare", () => leaning.compare(wild), "candidates"],
      ["observe", () => leaning.observe(wild, "tie"), "candidates"],
      ["importLog", () => leaning.importLog({ wild }), "log"],
      ["configure", () => leaning.configure({ sample: wild }), "options"],
      ["open", () => Leaning.open({ deck: DECK, stop: wild }), "options"],
      ["deck", () => Leaning.open({ deck: { ...DECK, prompts: [wild] } }), "deck"],
      ["retract", () => leaning.retract(wild), "answer"],
      ["setWeight", () => leaning.setWeight(wild, 1), "answer"],
      ["whatIf", () => leaning.whatIf(wild), "answer"],
      ["entries", () => leaning.entries(wild), "options"],
    ];
    for (const [name, work, code] of outcomes) {
      prepare({ rank: [] });
      const error = await (async () => work())().then(
        () => undefined,
        (thrown) => thrown,
      );
      // A method that never springs the trap calls the module once.
      if (error) assert.ok(error instanceof LeaningError && error.code === code, `${name}: ${error}`);
      assert.equal(calls.length, error ? 0 : 1, name);
    }
  }
  assert.throws(
    () => leaning.rank([{ scores: [1, 2] }, thrower("scores")]),
    refused("candidates", "[1].scores"),
  );
  assert.throws(() => leaning.rank([{ scores: [1, 2], text: 5 }]), refused("candidates", "[0].text"));
  assert.throws(
    () =>
      leaning.rank([], {
        get temperature() {
          return assert.fail();
        },
      }),
    refused("options", "temperature"),
  );
  await assert.rejects(leaning.answer(thrower("chose")), refused("answer", "chose"));
});

test("strings, numbers and counts are checked here", async () => {
  const leaning = await open();
  for (const wild of [undefined, null, 5, {}, Symbol("x"), 1n]) {
    await assert.rejects(leaning.retract(wild), refused("answer", "id"));
    await assert.rejects(leaning.setWeight(wild, 1), refused("answer", "dimension"));
    assert.throws(() => leaning.whatIf(wild), refused("answer", "dimension"));
    if (wild !== 5 && wild !== undefined)
      assert.throws(() => leaning.whatIf("warmth", wild), refused("answer", "weight"));
    if (wild !== 5) await assert.rejects(leaning.setWeight("warmth", wild), refused("answer", "weight"));
    if (wild !== 5 && wild !== undefined)
      assert.throws(() => leaning.entries(wild), refused("options", "last"));
  }
  for (const last of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, "1"]) {
    assert.throws(() => leaning.entries(last), refused("options", "last"));
  }
  assert.deepEqual(calls, []);
});

test("the module gets plain copies of the fields that it knows", async () => {
  const leaning = await open({ rank: [] });
  const shared = { chose: 0, note: () => {} };
  const candidates = [
    { id: "a", scores: new Float64Array([1, 2]), text: "A", node: trap("ownKeys") },
    7,
    [undefined, Symbol("x"), 1n],
  ];
  leaning.rank(candidates, { temperature: 2, atLeast: 0.9 });
  await leaning.observe(new Proxy(candidates, {}), shared);
  await leaning.configure({ seed: 1, stop: { regret: 0.1, gain: undefined }, strategy: () => {} });
  const copies = [{ id: "a", scores: [1, 2], text: "A" }, 7, [null, null, null]];
  assert.deepEqual(calls, [
    ["rank", copies, { temperature: 2, atLeast: 0.9 }],
    ["observe", copies, { chose: 0 }],
    ["configure", { seed: 1, stop: { regret: 0.1 } }],
  ]);
});

test("an answer of every kind reaches the module, without what the caller keeps in it", async () => {
  const leaning = await open();
  const answers = [
    ["tie", { verdict: "tie" }],
    [{ chose: 1, grade: "much" }],
    [{ rating: 4 }],
    [{ rating: 2, of: 2 }],
    [{ best: 0, worst: 2 }],
    [{ order: [2, [0, 1]] }, { ranks: [1, 1, 0] }],
  ];
  for (const [answer, fields = answer] of answers) {
    prepare();
    const given = typeof answer === "string" ? answer : { ...answer, note: () => {} };
    await leaning.answer(given);
    await leaning.observe([{ scores: [1, 0] }], given);
    assert.deepEqual(calls, [
      ["answer", fields],
      ["observe", [{ scores: [1, 0] }], fields],
    ]);
  }
});

test("a field of an answer that throws is named, and so is one that the module refuses", async () => {
  const leaning = await open();
  for (const field of ["chose", "grade", "rating", "of", "best", "worst", "order"]) {
    prepare();
    await assert.rejects(leaning.answer(thrower(field)), refused("answer", field));
    assert.deepEqual(calls, []);
    const error = Object.assign(new Error(`answer: ${field}: wrong`), { code: "answer", path: field });
    prepare({
      observe: () => {
        throw error;
      },
    });
    await assert.rejects(leaning.observe([], { [field]: -1 }), refused("answer", field));
  }
  for (const [order, path] of [
    [2, "order"],
    [[0, 1, 1], "order[2]"],
    [[0, [1, 4], 2], "order[1]"],
    [[0, "1"], "order[1]"],
  ])
    await assert.rejects(leaning.answer({ order }), refused("answer", path));
  for (const answer of [undefined, null, 3, true, [0]])
    await assert.rejects(leaning.answer(answer), refused("answer"));
  await assert.rejects(
    leaning.answer({ order: [0, [thrower("x"), revoked()]] }),
    (error) => error.code === "answer" && error.path.startsWith("order[1]"),
  );
});

test("a rating says of how many levels, and other questions of none", async () => {
  const question = { prompt: 0, candidates: [1], strategy: "decision", score: 0.5 };
  const leaning = await open({
    question: () => ({ ...question, kind: "rating", of: 7, offered: ["rating", "skip"] }),
  });
  const { kind, of, candidates } = leaning.next();
  assert.deepEqual([kind, of, candidates.length], ["rating", 7, 1]);
  prepare({ question: { ...question, kind: "order", offered: ["order", "skip"] } });
  assert.equal(leaning.next().of, null);
});

test("a deck says what its questions ask for", async () => {
  for (const [answers, kind] of [
    [undefined, "choice"],
    [null, "choice"],
    [{ lapse: 0.1, grades: 2 }, "choice"],
    [{ grades: 4 }, "grades"],
    [{ kind: "choice", grades: 4 }, "grades"],
    [{ kind: "rating", ratings: 2 }, "rating"],
    [{ kind: "best-worst" }, "best-worst"],
    [{ kind: "order" }, "order"],
  ]) {
    const leaning = await Leaning.open({ deck: { ...DECK, answers } });
    assert.equal(leaning.questionKind, kind);
  }
});

test("a list of too many items is refused by its length alone", async () => {
  const leaning = await open();
  assert.throws(() => leaning.rank(new Array(4e9)), refused("candidates"));
  assert.throws(() => leaning.rank([{ scores: new Float32Array(2e6) }]), refused("candidates", "[0].scores"));
});

test("importLog takes a text or the parsed log", async () => {
  const leaning = await open();
  await leaning.importLog('{"a": 1}');
  await leaning.importLog({ a: 1 });
  await leaning.importLog(undefined);
  assert.deepEqual(calls, [
    ["importLog", '{"a": 1}'],
    ["importLog", '{"a":1}'],
    ["importLog", "null"],
  ]);
});

test("an error of the module keeps its code, and one without a code is internal", async () => {
  const known = Object.assign(new Error("log: answers[2]: missing"), { code: "log", path: "answers[2]" });
  const thrown = (error) => () => {
    throw error;
  };
  const leaning = await open({
    importLog: thrown(known),
    status: thrown(new WebAssembly.RuntimeError("unreachable")),
  });
  await assert.rejects(leaning.importLog("{}"), refused("log", "answers[2]"));
  assert.throws(() => leaning.status(), refused("internal"));
});

test("every change sends an event, and a failed one does not", async () => {
  const leaning = await open({ undo: true, retract: false, forget: () => assert.fail("no storage") });
  let changes = 0;
  leaning.addEventListener("change", () => changes++);
  await leaning.answer("tie");
  assert.equal(await leaning.undo(), true);
  assert.equal(await leaning.retract("k"), false);
  await leaning.setWeight("warmth", 1);
  await leaning.observe([], "tie");
  await leaning.importLog("{}");
  await leaning.configure();
  await assert.rejects(leaning.forget(), refused("internal"));
  assert.equal(changes, 7);
});

test("after free every call says so, and a second free does nothing", async () => {
  const leaning = await open();
  leaning.free();
  leaning.free();
  leaning[Symbol.dispose ?? "free"]();
  assert.deepEqual(calls, [["free"]]);
  const gone = refused("not-ready");
  for (const name of [
    "next",
    "entries",
    "status",
    "expectedRegret",
    "profile",
    "laplaceApproximation",
    "exportLog",
  ]) {
    assert.throws(() => leaning[name](), gone, name);
  }
  assert.throws(() => leaning.whatIf("warmth"), gone);
  assert.throws(() => leaning.rank([]), gone);
  assert.throws(() => leaning.compare([]), gone);
  for (const name of ["undo", "forget", "configure"]) await assert.rejects(leaning[name](), gone, name);
  await assert.rejects(leaning.answer("tie"), gone);
  await assert.rejects(leaning.retract("k"), gone);
  await assert.rejects(leaning.setWeight("warmth", 1), gone);
  await assert.rejects(leaning.observe([], "tie"), gone);
  await assert.rejects(leaning.importLog("{}"), gone);
});

test("an argument that frees the interview while it is read finds it freed", async () => {
  const leaning = await open();
  const candidates = [
    {
      get scores() {
        leaning.free();
        return [1, 2];
      },
    },
  ];
  assert.throws(() => leaning.rank(candidates), refused("not-ready"));
  assert.deepEqual(calls, [["free"]]);
});
