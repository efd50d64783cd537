// Sequences of calls in any order, with good and hostile values, re-entrant, and over a storage that fails, against a
// model: the list of answers and statements that hold. LEANING_THOROUGH=1 makes many more; SEED chooses others.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { HOSTILE } from "./hostile.mjs";
import { DECK, drafts, init, Leaning, LeaningError } from "./package.mjs";

const THOROUGH = process.env.LEANING_THOROUGH === "1";
const INTERVIEWS = THOROUGH ? 2000 : 40;
const CALLS = 40;

let state = Number(process.env.SEED ?? 1) >>> 0;
/** A number from 0 to 1, by mulberry32. */
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const below = (count) => Math.floor(random() * count);
const pick = (list) => list[below(list.length)];

// The large ones take long, and are no different in a sequence.
const WILD = Object.entries(HOSTILE)
  .filter(([kind]) => !/long|many|lists of lists|billion/.test(kind))
  .map(([, make]) => make);

const kept = new Map();
let failing = new Set();
const storage = {
  getItem: (key) => failsOr("getItem", () => kept.get(key) ?? null),
  setItem: (key, value) => failsOr("setItem", () => void kept.set(key, value)),
  removeItem: (key) => failsOr("removeItem", () => void kept.delete(key)),
};
function failsOr(name, work) {
  if (failing.has(name)) throw new Error("the storage fails");
  return work();
}

const prototype = Object.getPrototypeOf(globalThis);
before(async () => {
  await init();
  class Window {}
  Object.assign(globalThis, { Window, localStorage: storage });
  Object.setPrototypeOf(globalThis, Window.prototype);
});
after(() => {
  Object.setPrototypeOf(globalThis, prototype);
  delete globalThis.Window;
  delete globalThis.localStorage;
});

/** Candidates, one of which calls the interview while it is read. */
function reentrant(interview) {
  const list = drafts(below(5));
  const { scores } = list[0];
  Object.defineProperty(list[0], "scores", {
    enumerable: true,
    get() {
      pick([() => interview.next(), () => interview.status(), () => interview.profile()])();
      return scores;
    },
  });
  return list;
}

const number = () => pick([0, 1, -1, 0.3, -0.7, 1e3, 1e10, Number.NaN]);
const candidates = (interview) =>
  pick([
    () => drafts(below(5)),
    () => drafts(0).slice(0, 2),
    () => reentrant(interview),
    () => pick(WILD)(),
  ])();
const answer = () => pick([{ chose: 0 }, { chose: 1 }, "tie", "skip", { chose: 7 }, pick(WILD)()]);

/** The calls: each with what it does to the model if it succeeds. */
const CALLS_OF = {
  next: (interview) => [() => interview.next()],
  answer: (interview) => [() => interview.answer(answer()), (model) => model.more(1)],
  observe: (interview) => [
    () => interview.observe(candidates(interview), answer()),
    (model) => model.more(1),
  ],
  setWeight: (interview) => {
    const dimension = pick(["brevity", "warmth", "nothing"]);
    return [() => interview.setWeight(dimension, number()), (model) => model.say(dimension)];
  },
  undo: (interview) => [
    () => interview.undo(),
    (model, did) => {
      assert.equal(did, model.holds.length > 0);
      model.holds.pop();
    },
  ],
  retract: (interview) => {
    const id = random() < 0.5 ? pick([...interview.entries(), { id: "none" }]).id : pick(WILD)();
    return [
      () => interview.retract(id),
      (model, did) => {
        const place = model.ids.indexOf(id);
        assert.equal(did, place >= 0);
        if (place >= 0) model.holds.splice(place, 1);
      },
    ];
  },
  forget: (interview) => [
    () => interview.forget(),
    (model) => {
      model.holds.length = 0;
      // It is deleted if it says so: no text is left, whatever the storage refuses.
      if (model.isStored) assert.deepEqual([...kept.values()].filter(Boolean), []);
    },
  ],
  rank: (interview) => [
    () => interview.rank(candidates(interview), pick([undefined, { atLeast: 0.9 }, pick(WILD)()])),
  ],
  compare: (interview) => [() => interview.compare(candidates(interview))],
  whatIf: (interview) => [() => interview.whatIf(pick(["brevity", "x"]), number())],
  profile: (interview) => [() => interview.profile()],
  archetype: (interview) => [() => interview.archetype()],
  expectedRegret: (interview) => [() => interview.expectedRegret()],
  summary: (interview) => [() => interview.summary(pick([undefined, { language: "de" }, pick(WILD)()]))],
  configure: (interview) => [
    () => interview.configure({ stop: { questions: 1000 }, halfLife: pick([undefined, 5, pick(WILD)()]) }),
  ],
  importLog: (interview) => [() => interview.importLog(pick([interview.exportLog(), pick(WILD)()]))],
};

/** What holds, oldest first: "answer", or the dimension of a statement. */
class Model {
  holds = [];
  ids = [];
  more() {
    this.holds.push("answer");
  }
  say(dimension) {
    this.holds = this.holds.filter((one) => one !== dimension);
    this.holds.push(dimension);
  }
}

test("calls in any order agree with a list of answers, and an error changes nothing", async () => {
  let [succeeded, refused] = [0, 0];
  for (let round = 0; round < INTERVIEWS; round++) {
    kept.clear();
    failing = new Set();
    const options = { seed: round, stop: { questions: 1000 }, storage: pick(["local", "memory"]) };
    const interview = await Leaning.open({ deck: DECK, ...options });
    const model = new Model();
    model.isStored = options.storage === "local";
    const trail = [];
    for (let call = 0; call < CALLS; call++) {
      if (random() < 0.05) failing = new Set(Object.keys(storage).filter(() => random() < 0.5));
      const before = interview.exportLog();
      model.ids = interview.entries().map(({ id }) => id);
      const name = pick(Object.keys(CALLS_OF));
      trail.push(name);
      const about = `seed ${process.env.SEED ?? 1}, interview ${round}: ${trail.join(", ")}`;
      const [work, effect] = CALLS_OF[name](interview);
      let outcome;
      try {
        outcome = { result: await work() };
        succeeded++;
      } catch (error) {
        refused++;
        const isRight = error instanceof LeaningError && error.code !== "internal";
        assert.ok(isRight, `${about}: ${error?.stack ?? error}`);
        assert.equal(interview.exportLog(), before, about);
      }
      if (outcome) effect?.(model, outcome.result);
      const found = interview
        .entries()
        .map((entry) => (entry.kind === "answer" ? "answer" : entry.dimension));
      assert.deepEqual(found, model.holds, about);
    }
    // The log gives the same belief again, bit for bit.
    const again = await Leaning.open({ deck: DECK, storage: "memory" });
    await again.importLog(interview.exportLog());
    await interview.configure({});
    assert.deepEqual(again.laplaceApproximation(), interview.laplaceApproximation());
    again.free();
    interview.free();
  }
  assert.ok(succeeded > refused && refused > INTERVIEWS, `${succeeded} and ${refused}`);
});
