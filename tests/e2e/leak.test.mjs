// Elements that come and go leave nothing behind: no nodes, no listeners, no wasm memory.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, serve } from "./harness.mjs";
import { DECK } from "./states.mjs";

const ROUNDS = 20;
/** Rounds after which the caches of the browser and of the module have stopped growing. */
const WARM = 4;

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title></head><body>
<script type="module">
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (...given) => {
  const made = await instantiate(...given);
  window.memory = Object.values(made.instance.exports).find((value) => value instanceof WebAssembly.Memory);
  return made;
};
await import("./pkg/element.js");
const { prompts } = await (await fetch("decks/chat.json")).json();
window.kept = [];
window.round = async (keep) => {
  const elements = ["leaning-quiz", "leaning-compare", "leaning-profile"].map((tag) => document.createElement(tag));
  for (const element of elements) {
    element.deck = "${DECK}";
    element.storageKey = "leak";
    const ready = new Promise((resolve) => element.addEventListener("leaning-ready", resolve, { once: true }));
    document.body.append(element);
    await ready;
  }
  const [quiz, compare, profile] = elements;
  for (let i = 0; i < 3; i++) {
    quiz.interview.next();
    await quiz.interview.answer({ chose: i % 2 });
  }
  compare.ask(prompts[0].candidates);
  await profile.interview.setWeight("warmth", 0.5);
  await profile.forget();
  for (const element of elements) element.remove();
  if (keep) kept.push(...elements);
  await new Promise((resolve) => setTimeout(resolve, 20));
};
window.loaded = true;
</script></body></html>`;

describe("elements that come and go in chromium", () => {
  let site;
  let driver;
  before(async () => {
    site = await serve({ "/leak.html": PAGE });
    driver = await BROWSERS.chromium();
    await driver.get(`${site.url}/leak.html`);
    await driver.wait(() => driver.executeScript("return window.loaded === true"), 20_000, "the page");
  });
  after(async () => {
    await driver?.quit();
    await site?.close();
  });

  async function rounds(count, keep = false) {
    const script =
      "const [count, keep, done] = arguments; (async () => { for (let i = 0; i < count; i++) await round(keep); })().then(() => done(), (error) => done(String(error)))";
    assert.equal(await driver.executeAsyncScript(script, count, keep), null);
  }

  /** The nodes, listeners and bytes that are left after garbage collection. */
  async function alive() {
    // A callback that waits for a frame keeps its nodes alive, for a tenth of a second at most.
    await driver.sleep(300);
    for (let i = 0; i < 3; i++) await driver.sendAndGetDevToolsCommand("HeapProfiler.collectGarbage", {});
    const { nodes, jsEventListeners } = await driver.sendAndGetDevToolsCommand("Memory.getDOMCounters", {});
    return {
      nodes,
      listeners: jsEventListeners,
      memory: await driver.executeScript("return memory.buffer.byteLength"),
    };
  }

  test(`${WARM + ROUNDS} rounds leave no more than ${WARM} rounds`, async () => {
    await rounds(WARM);
    const before = await alive();
    await rounds(ROUNDS);
    const after = await alive();
    assert.equal(after.listeners, before.listeners);
    assert.equal(after.memory, before.memory);
    // The driver's own scripts keep a node or two.
    assert.ok(after.nodes <= before.nodes + 5, `${before.nodes} nodes, then ${after.nodes}`);
  });

  test("elements that a page keeps are counted", async () => {
    const before = await alive();
    await rounds(3, true);
    const after = await alive();
    assert.ok(
      after.nodes > before.nodes + 20 && after.listeners > before.listeners,
      JSON.stringify({ before, after }),
    );
  });
});
