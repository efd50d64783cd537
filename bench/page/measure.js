// Measures the package in a page. Every measurement runs in a page of its own, so that none finds the memory or the
// compiled code of another. Times are in milliseconds.

import { deckOfPairs, deckOfTexts, differencesOf, logText, makeDeck, makePerson } from "./decks.js";
import { plainPass, unrolledPass } from "./plain.js";

const DEMO_DECK = "/decks/assistant-style-en.json";
/** Clocks of browsers are coarse, so a time is that of repeats that take at least this long together. */
const LONG_ENOUGH = 50;
/** Compilers of browsers need a while until they make their best code. */
const WARM_UP = 200;
/** Questions in turn, of which the median counts. */
const TURNS = 10;
const MANY_QUESTIONS = { stop: { questions: 1_000_000 } };

let memory;
/** The module's memory. The package does not show it, so that the instance is noted when it is made. */
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (...given) => {
  const result = await instantiate(...given);
  memory = (result.instance ?? result).exports.memory;
  return result;
};
const instantiateStreaming = WebAssembly.instantiateStreaming;
WebAssembly.instantiateStreaming = async (...given) => {
  const result = await instantiateStreaming(...given);
  memory = result.instance.exports.memory;
  return result;
};

const { init, Leaning } = await import("/pkg/element-slim.js");
await init("/pkg/leaning.wasm");

/** The measurements by name, each a function of its options. */
const measurements = { clock, question, limits, answering, ranking, log, deck, texts, asking, mounting };

/** Runs a measurement. The result has the module's memory in bytes afterwards. */
window.measure = async (name, options) => ({
  ...(await measurements[name](options)),
  memory: memory?.buffer.byteLength ?? null,
});

/** Chromium updates the size of the heap every 50 ms. */
const HEAP_AGE = 100;
const COLLECTIONS = 8;

/** Bytes of JavaScript objects that something holds. Browsers do not tell unless they are started so. */
async function heap() {
  if (!window.gc) return null;
  // Objects that elements and scripts hold of each other go only after several collections, and in a task of their own:
  // within a task, whatever its stack seems to refer to is kept.
  for (let round = 0; round < COLLECTIONS; round++) {
    await gc({ type: "major", execution: "async" });
    await new Promise((resolve) => setTimeout(resolve, HEAP_AGE));
  }
  return performance.memory.usedJSHeapSize;
}

/** The step of the clock. */
function clock() {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 20; tries++) {
    const start = performance.now();
    let now = start;
    while (now === start) now = performance.now();
    least = Math.min(least, now - start);
  }
  return { step: least, isolated: window.crossOriginIsolated };
}

/** The time of one call of `act`, each call after one of `prepare`, which is not timed. */
async function timeOf(act, { prepare, longEnough = LONG_ENOUGH } = {}) {
  let [total, count] = [0, 0];
  while (total < longEnough) {
    await prepare?.();
    const start = performance.now();
    await act();
    total += performance.now() - start;
    count++;
  }
  return total / count;
}

/** As `timeOf` without `prepare`. The clock is read once for many calls. */
function timeOfMany(act, longEnough = LONG_ENOUGH) {
  const start = performance.now();
  let count = 0;
  let passed = 0;
  for (let turns = 1; passed < longEnough; turns *= 2) {
    for (let turn = 0; turn < turns; turn++) act();
    count += turns;
    passed = performance.now() - start;
  }
  return passed / count;
}

function median(numbers) {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}

/** The medians of several rounds of measurements, which take turns so that a busy machine slows down all alike. */
async function inRounds(rounds, acts) {
  const times = Object.fromEntries(Object.keys(acts).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, act] of Object.entries(acts)) times[name].push(await act());
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

async function answerSome(interview, person, count) {
  for (let place = 0; place < count; place++) await interview.answer(person(interview.next()));
}

/**
 * The next question after some answers, with the inference already done, beside the plain passes: the median of some
 * questions in turn, each after another answer, and the time of asking for one again.
 */
async function question({ pairs, dimensions, answers, rounds }) {
  const deck = deckOfPairs(pairs, dimensions);
  const options = { seed: 1, ...MANY_QUESTIONS };
  const interview = await Leaning.open({ deck: JSON.stringify(deck), storage: "memory", ...options });
  const person = makePerson(dimensions);
  await answerSome(interview, person, answers);
  const { mean, covariance } = interview.laplaceApproximation();
  const differences = differencesOf(deck);
  const given = [differences, Float64Array.from(mean), Float64Array.from(covariance.flat())];
  const plain = () => plainPass(...given);
  const unrolled = () => unrolledPass(...given);
  for (const pass of [plain, unrolled]) timeOfMany(pass, WARM_UP);
  // An interview keeps its question until something changes.
  const prepare = async () => {
    await interview.configure(options);
    interview.laplaceApproximation();
  };
  const again = () => timeOf(() => interview.next(), { prepare });
  await again();
  const times = await inRounds(rounds, {
    again,
    plain: () => timeOfMany(plain),
    unrolled: () => timeOfMany(unrolled),
  });
  const inTurn = [];
  for (let turn = 0; turn < TURNS; turn++) {
    await answerSome(interview, person, 1);
    interview.laplaceApproximation();
    const start = performance.now();
    interview.next();
    inTurn.push(performance.now() - start);
  }
  return { ...times, leaning: median(inTurn) };
}

/** What the machine can do at most in wasm: multiply-adds and bytes a second. */
async function limits({ sums, streamed, rounds }) {
  const { instance } = await instantiate(await (await fetch("/bench/limits.wasm")).arrayBuffer());
  const { memory: bytes, scalar, vector, stream } = instance.exports;
  // Memory that nobody has written to may all be one page of zeros.
  new Float64Array(bytes.buffer).fill(1);
  const turns = 200_000;
  const acts = {
    scalar: () => timeOfMany(() => scalar(turns, 0.5)),
    vector: () => timeOfMany(() => vector(turns, 0.5)),
    stream: () => timeOfMany(stream),
  };
  for (const act of Object.values(acts)) act();
  const times = await inRounds(rounds, acts);
  const perSecond = (count, time) => (count / time) * 1000;
  return {
    scalar: perSecond(turns * sums, times.scalar),
    vector: perSecond(turns * sums * 2, times.vector),
    stream: perSecond(streamed, times.stream),
  };
}

async function demoDeck() {
  return (await fetch(DEMO_DECK)).json();
}

/** Answers of the demo's quiz, and what follows until the next question can be shown. */
async function answering({ answers }) {
  localStorage.clear();
  const interview = await Leaning.open({ deck: await demoDeck(), seed: 1, ...MANY_QUESTIONS });
  const parts = { answer: [], infer: [], next: [], status: [], all: [] };
  const person = makePerson(interview.dimensions.length);
  let question = interview.next();
  for (let place = 0; place < answers; place++) {
    const given = person(question);
    const clocks = [performance.now()];
    await interview.answer(given);
    clocks.push(performance.now());
    interview.laplaceApproximation();
    clocks.push(performance.now());
    question = interview.next();
    clocks.push(performance.now());
    interview.status();
    clocks.push(performance.now());
    Object.keys(parts).forEach((part, i) => {
      parts[part].push(part === "all" ? clocks.at(-1) - clocks[0] : clocks[i + 1] - clocks[i]);
    });
  }
  localStorage.clear();
  return Object.fromEntries(Object.entries(parts).map(([part, all]) => [part, typical(all)]));
}

/** Median and mean: with a clock of whole milliseconds only the mean tells anything. */
function typical(times) {
  return { median: median(times), mean: times.reduce((sum, time) => sum + time, 0) / times.length };
}

/** Ranking sixteen candidates of the demo's deck right after an answer, and once more. */
async function ranking({ answers }) {
  const deck = await demoDeck();
  const interview = await Leaning.open({ deck, storage: "memory", seed: 1, ...MANY_QUESTIONS });
  const candidates = deck.prompts.flatMap((prompt) => prompt.candidates.map(({ scores }) => ({ scores })));
  const drafts = candidates.slice(0, 16);
  const person = makePerson(deck.dimensions.length);
  const [first, again] = [[], []];
  for (let place = 0; place < answers; place++) {
    await answerSome(interview, person, 1);
    const start = performance.now();
    interview.rank(drafts);
    first.push(performance.now() - start);
    again.push(timeOfMany(() => interview.rank(drafts), LONG_ENOUGH / 5));
  }
  return { first: typical(first), again: typical(again) };
}

/** Opening the demo's deck with a stored log of this many answers. */
async function log({ answers, rounds }) {
  const deck = await demoDeck();
  const text = logText(deck, answers);
  let opened;
  const prepare = () => {
    opened?.free();
    localStorage.clear();
    localStorage.setItem(`leaning:${deck.id}`, text);
  };
  const act = async () => {
    opened = await Leaning.open({ deck, seed: 1 });
  };
  const result = await inRounds(rounds, { open: () => timeOf(act, { prepare }) });
  const { entries, summedUp } = opened.status();
  localStorage.clear();
  if (entries + summedUp !== answers) throw new Error(`${entries} and ${summedUp} of ${answers} answers`);
  return { ...result, characters: text.length };
}

/** From the bytes of a deck with long texts to its first question, once, as in a page that has just loaded. */
async function texts({ megabytes }) {
  const bytes = new TextEncoder().encode(JSON.stringify(deckOfTexts(megabytes)));
  const before = await heap();
  const start = performance.now();
  const interview = await Leaning.open({ deck: bytes, storage: "memory", seed: 1 });
  interview.next();
  const first = performance.now() - start;
  const objects = (await heap()) - before;
  const again = new TextDecoder().decode(bytes);
  const parsing = performance.now();
  JSON.parse(again);
  const parse = performance.now() - parsing;
  // Whoever frees it is still going to use it, so that the objects are held until here.
  interview.free();
  return { first, parse, characters: bytes.length, objects };
}

/** Answers this many questions about a large deck, with the memory that the module had on the way. */
async function asking({ questions }) {
  const interview = await Leaning.open({
    deck: deckOfPairs(20_000, 8),
    storage: "memory",
    seed: 1,
    ...MANY_QUESTIONS,
  });
  const person = makePerson(8);
  const memories = [];
  const objects = [];
  for (const until of [questions / 10, questions]) {
    while (interview.status().answered < until) await interview.answer(person(interview.next()));
    memories.push(memory?.buffer.byteLength ?? null);
    objects.push(await heap());
  }
  return { memories, objects };
}

/** Puts a quiz into the page and takes it out again, this many times. */
async function mounting({ mounts }) {
  const deck = await demoDeck();
  const memories = [];
  const objects = [];
  const mount = async () => {
    const quiz = document.createElement("leaning-quiz");
    quiz.deck = deck;
    quiz.storage = "memory";
    const ready = new Promise((resolve) => quiz.addEventListener("leaning-ready", resolve, { once: true }));
    document.body.append(quiz);
    await ready;
    quiz.remove();
  };
  let count = 0;
  for (const until of [mounts / 10, mounts]) {
    for (; count < until; count++) await mount();
    memories.push(memory?.buffer.byteLength ?? null);
    objects.push(await heap());
  }
  return { memories, objects };
}

/** Opening a deck from its text, beside `JSON.parse` of the same text. */
async function deck({ prompts, rounds }) {
  const text = JSON.stringify(makeDeck(prompts, 2, 6));
  let opened;
  const act = async () => {
    opened = await Leaning.open({ deck: text, storage: "memory", seed: 1 });
  };
  const times = await inRounds(rounds, {
    open: () => timeOf(act, { prepare: () => opened?.free() }),
    parse: () => timeOfMany(() => JSON.parse(text)),
  });
  return { ...times, characters: text.length };
}
