// A simulated document, as tests of a page run it: it has no style sheets, no layout and no frames.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { JSDOM } from "jsdom";

const deck = JSON.parse(readFileSync(new URL("../../www/decks/assistant-style-en.json", import.meta.url)));
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

async function until(condition, what) {
  for (let tries = 0; tries < 200; tries++) {
    if (condition()) return;
    await pause(20);
  }
  assert.fail(`waited in vain: ${what}`);
}

test("in jsdom all three elements are defined and made, and show the interview, without an exception", async () => {
  const { window } = new JSDOM('<!doctype html><html lang="en"><body></body></html>', {
    url: "https://example.org/",
  });
  // As test runners do it: the window's names, where Node.js has none of its own, and its events.
  for (const name of Object.getOwnPropertyNames(window))
    if (!(name in globalThis)) globalThis[name] = window[name];
  for (const name of ["Event", "CustomEvent", "EventTarget"]) globalThis[name] = window[name];
  const uncaught = [];
  window.addEventListener("error", ({ message }) => uncaught.push(message));
  process.on("unhandledRejection", (error) => uncaught.push(error));

  await import("../../pkg/element.js");
  const events = [];
  const elements = ["leaning-quiz", "leaning-compare", "leaning-profile"].map((tag) => {
    const element = window.document.createElement(tag);
    for (const name of ["ready", "answer", "done", "error"])
      element.addEventListener(`leaning-${name}`, () => events.push(name));
    return Object.assign(element, { deck, storage: "memory" });
  });
  elements[0].maxQuestions = 2;
  window.document.body.append(...elements);
  await until(() => events.length === 3, "the elements");
  assert.deepEqual(events.splice(0), ["ready", "ready", "ready"]);
  const [quiz, compare] = elements;
  while (quiz.interview.next()) await quiz.interview.answer({ chose: 0 });
  await until(() => events.includes("done"), "the end");
  assert.ok(!events.includes("error"), `${events}`);
  const asked = compare.ask(deck.prompts[0].candidates);
  for (const element of elements) element.remove();
  assert.equal(await asked, null);
  await pause(150);
  assert.deepEqual(uncaught, []);
});
