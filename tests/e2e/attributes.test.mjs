// Attributes with values that they cannot have, in a simulated document.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { JSDOM } from "jsdom";

const deck = JSON.parse(readFileSync(new URL("../../www/decks/assistant-style-en.json", import.meta.url)));
const own = console.error;
const logged = [];
let document;

before(async () => {
  const { window } = new JSDOM('<!doctype html><html lang="en"><body></body></html>', {
    url: "https://example.org/",
  });
  for (const name of Object.getOwnPropertyNames(window))
    if (!(name in globalThis)) globalThis[name] = window[name];
  for (const name of ["Event", "CustomEvent", "EventTarget"]) globalThis[name] = window[name];
  ({ document } = window);
  // The roots of the elements are closed.
  const { prototype } = window.Element;
  const { attachShadow } = prototype;
  prototype.attachShadow = function (options) {
    return attachShadow.call(this, { ...options, mode: "open" });
  };
  console.error = (...words) => logged.push(words.map(String).join(" "));
  await import("../../pkg/element.js");
});

after(() => {
  console.error = own;
});

/** The events of an element with these attributes and properties, up to an error and whether it is ready, and what it shows. */
async function shown(tag, attributes, properties = {}) {
  logged.length = 0;
  const element = Object.assign(document.createElement(tag), { deck, ...properties });
  for (const [name, value] of Object.entries({ storage: "memory", ...attributes }))
    element.setAttribute(name, value);
  const events = [];
  let settled;
  const told = new Promise((resolve) => {
    settled = resolve;
  });
  element.addEventListener("leaning-ready", () => {
    events.push("ready");
    // What it has to say follows at once.
    setTimeout(settled);
  });
  element.addEventListener("leaning-error", ({ detail }) => {
    events.push(detail);
    if (!events.includes("ready")) settled();
  });
  document.body.append(element);
  await told;
  // The words of an error are loaded by its language.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const text = element.shadowRoot?.textContent.trim() ?? "";
  element.remove();
  return { events, text, logged: [...logged] };
}

for (const [tag, attribute, value] of [
  ["leaning-quiz", "candidates-per-question", "three"],
  ["leaning-quiz", "stop-regret", "x"],
  ["leaning-quiz", "stop-gain", "0,5"],
  ["leaning-quiz", "max-questions", ""],
  ["leaning-quiz", "seed", "today"],
  ["leaning-profile", "retention", "30 days"],
]) {
  test(`${attribute}="${value}" is told as no number`, async () => {
    const { events, text, logged } = await shown(tag, { [attribute]: value });
    const message = `options: ${attribute}: expected a number, found "${value}"`;
    assert.deepEqual(events, [{ code: "options", path: attribute, message }]);
    assert.ok(
      logged.some((line) => line.includes(message)),
      `${logged}`,
    );
    assert.notEqual(text, "");
  });
}

for (const [attribute, value, expected] of [
  ["picture", "sometimes", "expected end, live, none"],
  ["theme", "blue", "expected light, dark"],
  ["reveal", "guesses", "expected guess"],
  ["answers", "choice ties", "tie, neither, skip"],
]) {
  test(`${attribute}="${value}" is told, and the quiz shows all the same`, async () => {
    const { events, text, logged } = await shown("leaning-quiz", { [attribute]: value });
    const [ready, error, ...others] = events;
    assert.deepEqual([ready, error?.code, error?.path, others], ["ready", "options", attribute, []]);
    const found = value.split(" ").at(-1);
    assert.ok(
      error.message.includes(expected) && error.message.endsWith(`, found "${found}"`),
      error.message,
    );
    assert.ok(
      logged.some((line) => line.includes(error.message)),
      `${logged}`,
    );
    assert.ok(text.includes("Question 1"), text);
  });
}

for (const [tag, attribute, guess] of [
  ["leaning-quiz", "max-question", "max-questions"],
  ["leaning-quiz", "maxquestions", "max-questions"],
  ["leaning-profile", "storagekey", "storage-key"],
  ["leaning-compare", "retentions", "retention"],
]) {
  test(`the attribute ${attribute} is told with a guess, and others are the page's own`, async () => {
    const others = {
      class: "wide",
      style: "color: red",
      title: "x",
      dir: "ltr",
      "data-deck": "x",
      part: "x",
    };
    const { events } = await shown(tag, { [attribute]: "5", theme: "dark", ...others });
    const message = `options: ${attribute}: unknown attribute (did you mean ${guess}?)`;
    assert.deepEqual(events, ["ready", { code: "options", path: attribute, message }]);
  });
}

test("texts under unknown keys are told, each with a guess, and the others are used", async () => {
  const messages = { chose_: "x", skipp: "Next!", Undo: "Back", skip: "Next", colour: "red" };
  const { events, text } = await shown("leaning-quiz", {}, { messages });
  const [ready, ...errors] = events;
  assert.equal(ready, "ready");
  const guesses = errors.map(({ code, path, message }) => [
    code,
    path,
    /\(did you mean (\w+)\?\)/.exec(message)?.[1],
  ]);
  assert.deepEqual(guesses, [
    ["options", "messages.chose_", "chose"],
    ["options", "messages.skipp", "skip"],
    ["options", "messages.Undo", "undo"],
    ["options", "messages.colour", undefined],
  ]);
  assert.ok(text.includes("Next") && !text.includes("Next!"), text);
});

for (const [attribute, value] of [
  ["storage", "cloud"],
  ["strategy", "best"],
  ["per", "letter"],
]) {
  test(`${attribute}="${value}" is told with what was found`, async () => {
    const { events, text } = await shown("leaning-quiz", { [attribute]: value });
    assert.deepEqual([events[0]?.code, events[0]?.path, events.length], ["options", attribute, 1]);
    assert.ok(events[0].message.endsWith(`found "${value}"`), events[0].message);
    assert.notEqual(text, "");
  });
}

test("a draft without a text is refused: nobody can choose between what they do not see", async () => {
  const element = Object.assign(document.createElement("leaning-compare"), { deck, storage: "memory" });
  const ready = new Promise((resolve) => element.addEventListener("leaning-ready", resolve));
  document.body.append(element);
  await ready;
  const [first, second] = structuredClone(deck.prompts[0].candidates);
  for (const text of ["", " \n", undefined]) {
    await assert.rejects(element.ask([first, { ...second, text }]), { code: "candidates", path: "[1].text" });
  }
  const told = new Promise((resolve) => element.addEventListener("leaning-error", resolve, { once: true }));
  element.candidates = [{ ...first, text: "" }, second];
  assert.equal((await told).detail.path, "[0].text");
  await assert.rejects(element.ask([first, second], { mesage: "Hi" }), { code: "options", path: "mesage" });
  element.remove();
});
