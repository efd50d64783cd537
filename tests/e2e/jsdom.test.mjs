// A simulated document, as tests of a page run it: it has no style sheets, no layout and no frames.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { interview } from "../headless.mjs";

const deck = JSON.parse(readFileSync(new URL("../../www/decks/assistant-style-en.json", import.meta.url)));
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

/** The results of an interview in a process that has no window. */
function withoutWindow() {
  const source = `import * as leaning from "./pkg/index.js";
    import { interview } from "./tests/headless.mjs";
    console.log(JSON.stringify(await interview(leaning, ${JSON.stringify(deck)})));`;
  const cwd = new URL("../../", import.meta.url);
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-"], { input: source, cwd }));
}

async function until(condition, what) {
  for (let tries = 0; tries < 200; tries++) {
    if (condition()) return;
    await pause(20);
  }
  assert.fail(`waited in vain: ${what}`);
}

test("in jsdom an interview gives the same bits as without, and all three elements are made and show it, without an exception", async () => {
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

  assert.deepEqual(await interview(await import("../../pkg/index.js"), deck), withoutWindow());

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
