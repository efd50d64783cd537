// Nothing in the elements' events depends on what was answered. Every way to answer six questions is tried, and the events
// are the same for all. An interview that may end early tells something by its end alone.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, serve, until } from "./harness.mjs";
import { DECK } from "./states.mjs";

const QUESTIONS = 6;
const SMALL_DECK = {
  format: "leaning-deck/1",
  id: "small",
  dimensions: [{ id: "brevity" }, { id: "warmth" }],
  prompts: Array.from({ length: 8 }, (_, place) => ({
    id: `p${place}`,
    candidates: [
      { id: "a", text: "One", scores: [1 - place / 10, 0.2 * place - 0.9] },
      { id: "b", text: "Another", scores: [-0.7, 0.8 - place / 7] },
      { id: "c", text: "A third", scores: [0.1 * place, 0.4] },
    ],
  })),
};

const CASES = [
  { deck: DECK, answers: ["first", "second"], rule: "" },
  { deck: DECK, answers: ["first", "second"], rule: 'stop-regret="0.3"' },
  { deck: DECK, answers: ["first", "second"], rule: 'stop-gain="0.25"' },
  { deck: "small.json", answers: ["first", "second", "skip"], rule: "" },
  { deck: "small.json", answers: ["first", "second", "skip"], rule: 'stop-regret="0.2"' },
  { deck: "small.json", answers: ["first", "second", "tie"], rule: 'stop-gain="0.3"' },
];

const page = ({
  deck,
  rule,
}) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title></head><body>
<leaning-quiz deck="${deck}" storage="memory" seed="1" max-questions="12" ${rule}></leaning-quiz>
<script type="module" src="pkg/element.js"></script></body></html>`;

/** A log whose only answer is about a candidate that was not shown, and that no text but an answer has. */
const CHOSEN = "p0/chosen-by-the-person";
const BROKEN_LOG = JSON.stringify({
  format: "leaning-answers/1",
  deck: { id: "small", dimensions: ["brevity", "warmth"] },
  answers: [
    {
      id: "k1",
      shown: ["p0/a", "p0/b"],
      scores: SMALL_DECK.prompts[0].candidates.slice(0, 2).map(({ scores }) => scores),
      chose: CHOSEN,
    },
  ],
});
const BROKEN = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title><script>
localStorage.setItem("leaning:small", ${JSON.stringify(BROKEN_LOG)});
window.told = [];
const { error } = console;
console.error = (...given) => { told.push(given.map((one) => one.stack ?? String(one)).join(" ")); error(...given); };
</script></head><body><leaning-quiz deck="small.json"></leaning-quiz><script type="module">
const quiz = document.querySelector("leaning-quiz");
for (const type of ["ready", "error"]) {
  quiz.addEventListener("leaning-" + type, ({ type, detail }) => {
    told.push(JSON.stringify([type, detail]));
    window.isOver = true;
  });
}
import { Leaning } from "/pkg/element.js";
window.load = async () => {
  const deck = await (await fetch("/small.json")).text();
  await (await Leaning.open({ deck, storage: "memory" })).importLog(localStorage.getItem("leaning:small:damaged"));
};
</script></body></html>`;

/** In the page: the events and the counts after each answer, for every sequence of answers. */
const ENUMERATE = `
const [names, questions, done] = arguments;
const quiz = document.querySelector("leaning-quiz");
const { interview } = quiz;
const ANSWERS = { first: { chose: 0 }, second: { chose: 1 }, tie: "tie", skip: "skip" };
let heard;
for (const type of ["ready", "answer", "done", "error"])
  quiz.addEventListener("leaning-" + type, (event) => heard.push([event.type, event.detail]));
const ways = [];
async function walk(way, events, counts) {
  if (way.length === questions || !interview.next()) {
    const { done } = interview.status();
    ways.push({ length: way.length, done, events: JSON.stringify(events), counts: JSON.stringify(counts) });
    return;
  }
  for (const name of names) {
    heard = [];
    interview.next();
    await interview.answer(ANSWERS[name]);
    const { asked, answered, remaining } = interview.status();
    await walk([...way, name], [...events, heard], [...counts, { asked, answered, remaining }]);
    await interview.undo();
  }
}
walk([], [], []).then(() => done(ways), (error) => done(String(error)));`;

/** The bits that a property of a way tells about it, if each answer is as likely as the others. */
function bits(ways, answers, property) {
  const shares = new Map();
  for (const way of ways) {
    const key = property(way);
    shares.set(key, (shares.get(key) ?? 0) + answers ** -way.length);
  }
  return -[...shares.values()].reduce((sum, share) => sum + share * Math.log2(share), 0);
}

describe("the events of a quiz", () => {
  let site;
  let driver;
  /** The ways to answer, by case. */
  const found = new Map();
  before(async () => {
    const pages = CASES.map((one, place) => [`/${place}.html`, page(one)]);
    site = await serve({
      ...Object.fromEntries(pages),
      "/small.json": JSON.stringify(SMALL_DECK),
      "/broken.html": BROKEN,
    });
    driver = await BROWSERS.chromium();
    await driver.manage().setTimeouts({ script: 300_000 });
    for (const [place, one] of CASES.entries()) {
      await driver.get(`${site.url}/${place}.html`);
      const ready = "return document.querySelector('leaning-quiz').interview !== undefined";
      await until(driver, () => driver.executeScript(ready), "the quiz");
      const ways = await driver.executeAsyncScript(ENUMERATE, one.answers, QUESTIONS);
      assert.ok(Array.isArray(ways), `${ways}`);
      found.set(one, ways);
    }
  });
  after(async () => {
    await driver?.quit();
    await site?.close();
  });

  /** When the interview ends, as far as six questions show. */
  const end = ({ length, done }) => `${length} ${done}`;

  test("tell nothing about the answers but that the interview has ended", (t) => {
    for (const [one, ways] of found) {
      assert.ok(ways.every(({ events }) => events.includes("leaning-answer")));
      const heard = new Set(ways.map(({ events }) => events));
      assert.equal(heard.size, new Set(ways.map(end)).size, JSON.stringify(one));
      if (!one.rule) assert.deepEqual([heard.size, ways.length], [1, one.answers.length ** QUESTIONS]);
      const ending = bits(ways, one.answers.length, end);
      t.diagnostic(`${one.deck} ${one.rule}: ${ways.length} ways, the end tells ${ending.toFixed(2)} bits`);
    }
  });

  test("would tell something with the numbers of answers and of questions left in them", (t) => {
    for (const [one, ways] of found) {
      const told = bits(ways, one.answers.length, (way) => way.counts) - bits(ways, one.answers.length, end);
      t.diagnostic(`${one.deck} ${one.rule}: the counts would tell ${told.toFixed(2)} bits`);
      if (one.rule || one.answers.includes("skip")) assert.ok(told > 0.5, `${JSON.stringify(one)}: ${told}`);
    }
  });

  test("quote no stored answer that cannot be read, nor does the console", async () => {
    await driver.get(`${site.url}/broken.html`);
    await until(driver, () => driver.executeScript("return window.isOver"), "an event");
    const told = await driver.executeScript("return told");
    assert.ok(told.length > 0 && !told.join().includes(CHOSEN), told.join());
  });

  test("would quote it with the message of the error", async () => {
    await driver.get(`${site.url}/broken.html`);
    await until(driver, () => driver.executeScript("return window.isOver"), "an event");
    const refusal = await driver.executeAsyncScript(
      "window.load().then(() => arguments[0]('loaded'), ({ message }) => arguments[0](message))",
    );
    assert.ok(refusal.includes(CHOSEN), refusal);
  });
});
