// Tests of crashes of the wasm module, which are planted here: its memory is overwritten before a call.

import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { DECK, drafts, init, interviewWorks, Leaning, LeaningError, open } from "./package.mjs";

/** The exports that crash when they are called next, by name. */
const planted = new Set();

/** An instance whose exports crash where planted. */
function fragile({ exports }) {
  const crashing = (name, work) => {
    return (...given) => {
      if (!planted.delete(name)) return work(...given);
      new Uint8Array(exports.memory.buffer).fill(0xff);
      work(...given);
      throw new WebAssembly.RuntimeError("unreachable");
    };
  };
  const wrapped = Object.entries(exports).map(([name, value]) => [
    name,
    name.startsWith("session_") ? crashing(name, value) : value,
  ]);
  return { exports: Object.fromEntries(wrapped) };
}

const { instantiate, Instance } = WebAssembly;

before(async () => {
  WebAssembly.instantiate = async (...given) => {
    const result = await instantiate(...given);
    // Node's own modules come without bytes.
    return "instance" in result ? { ...result, instance: fragile(result.instance) } : result;
  };
  WebAssembly.Instance = class {
    constructor(...given) {
      // biome-ignore lint/correctness/noConstructorReturn: it stands for the class of the engine
      return fragile(new Instance(...given));
    }
  };
  await init();
});

beforeEach(() => planted.clear());

/** A crash of the module, as it is told. */
const isCrash = (error) => {
  assert.ok(error instanceof LeaningError, String(error));
  assert.equal(error.code, "internal");
  assert.match(error.message, /^internal: the module crashed and is started again: /);
  return true;
};

/** Crashes the module in this method. */
async function crash(name, call) {
  planted.add(`session_${name}`);
  await assert.rejects(async () => call(), isCrash);
  assert.equal(planted.size, 0);
}

async function answered(count, options) {
  const interview = await open(options);
  for (let place = 0; place < count; place++) {
    interview.next();
    await interview.answer({ chose: place % 2 });
  }
  await interview.setWeight("brevity", 0.5);
  await interview.undo();
  return interview;
}

test("after a crash an interview in memory goes on from its log, and so do all others", async () => {
  const interview = await answered(4);
  const other = await answered(2);
  const before = [interview, other].map((one) => [one.exportLog(), one.laplaceApproximation()]);
  const told = [];
  interview.addEventListener("restart", ({ detail }) => told.push(["crashed", detail.code]));
  other.addEventListener("restart", ({ detail }) => told.push(["other", detail.code]));
  await crash("profile", () => interview.profile());
  assert.deepEqual(told, [["crashed", "internal"]]);
  assert.deepEqual(
    [interview, other].map((one) => [one.exportLog(), one.laplaceApproximation()]),
    before,
  );
  assert.deepEqual(told, [
    ["crashed", "internal"],
    ["other", "internal"],
  ]);
  assert.ok((await interviewWorks(interview)) && (await interviewWorks(other)));
  assert.equal(told.length, 2);
});

test("each method may crash, any number of times, and the last answer stays", async () => {
  const interview = await answered(1, { stop: { questions: 100 } });
  const calls = {
    question: () => interview.next(),
    status: () => interview.status(),
    profile: () => interview.profile(),
    rank: () => interview.rank(drafts()),
    compare: () => interview.compare(drafts()),
    whatIf: () => interview.whatIf("brevity"),
    entries: () => interview.entries(),
    archetype: () => interview.archetype(),
    expectedRegret: () => interview.expectedRegret(),
    laplaceApproximation: () => interview.laplaceApproximation(),
    exportLog: () => interview.exportLog(),
    answer: () => interview.answer({ chose: 0 }),
    observe: () => interview.observe(drafts(), { chose: 0 }),
    setWeight: () => interview.setWeight("warmth", 1),
    undo: () => interview.undo(),
    retract: () => interview.retract("x"),
    importLog: () => interview.importLog("{}"),
    configure: () => interview.configure({ stop: { questions: 1 } }),
    forget: () => interview.forget(),
  };
  for (const [name, call] of Object.entries(calls)) {
    const log = interview.exportLog();
    interview.next();
    await crash(name, call);
    assert.equal(interview.exportLog(), log, name);
    interview.next();
    await interview.answer({ chose: 0 });
  }
  assert.ok(await interviewWorks(interview));
});

test("after a crash the question has to be asked for again, and the options stay", async () => {
  const interview = await open({ stop: { questions: 2 } });
  await interview.configure({ stop: { questions: 5 }, seed: 1 });
  const question = interview.next();
  await crash("status", () => interview.status());
  await assert.rejects(interview.answer({ chose: 0 }), { code: "answer", message: /ask for the next one/ });
  assert.deepEqual(interview.next(), question);
  await interview.answer({ chose: 0 });
  assert.equal(interview.status().answered, 1);
  assert.equal(interview.status().remaining, 4);
});

test("a crash while an interview is opened leaves the others alone, and it can be opened again", async () => {
  const interview = await answered(2);
  const log = interview.exportLog();
  await crash("open", () => open());
  assert.equal(interview.exportLog(), log);
  assert.ok(await interviewWorks(await open()));
});

test("what was freed or forgotten before a crash stays so", async () => {
  const [freed, forgotten] = [await answered(2), await answered(3)];
  freed.free();
  await forgotten.forget();
  forgotten.next();
  await forgotten.answer({ chose: 1 });
  await crash("profile", () => forgotten.profile());
  assert.equal(JSON.parse(forgotten.exportLog()).answers.length, 1);
  assert.throws(() => freed.status(), { code: "not-ready" });
  const crashed = await answered(1);
  await crash("profile", () => forgotten.profile());
  crashed.free();
  crashed.free();
  assert.ok(await interviewWorks(forgotten));
});

test("an interview that is stored is read from the storage again", async () => {
  const kept = new Map();
  class Window {}
  class Storage {
    getItem = (key) => kept.get(key) ?? null;
    setItem = (key, value) => void kept.set(key, value);
    removeItem = (key) => void kept.delete(key);
  }
  const original = Object.getPrototypeOf(globalThis);
  Object.assign(globalThis, { Window, Storage, localStorage: new Storage() });
  Object.setPrototypeOf(globalThis, Window.prototype);
  try {
    const stored = { storage: "local", deck: DECK };
    const interview = await answered(3, { ...stored, startOver: true });
    const log = interview.exportLog();
    await crash("profile", () => interview.profile());
    assert.equal(interview.exportLog(), log);
    assert.ok(interview.status().stored);
    // The storage is full: the page keeps the log itself.
    localStorage.setItem = () => {
      throw new Error("full");
    };
    interview.next();
    await interview.answer({ chose: 0 });
    const longer = interview.exportLog();
    assert.ok(longer.length > log.length);
    await crash("profile", () => interview.profile());
    assert.equal(interview.exportLog(), longer);
    // What is stored cannot be read.
    const [[key]] = kept;
    kept.set(key, "oops");
    await crash("profile", () => interview.profile());
    assert.equal(interview.exportLog(), longer);
    assert.ok(await interviewWorks(await Leaning.open({ ...stored })));
  } finally {
    Object.setPrototypeOf(globalThis, original);
    for (const name of ["Window", "Storage", "localStorage"]) delete globalThis[name];
  }
});
