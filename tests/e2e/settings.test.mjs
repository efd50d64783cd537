// Properties that a page sets again, as frameworks do on every render, and elements that are moved. Nothing on the screen may
// change or be lost.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, serve, unhurried, until } from "./harness.mjs";
import { DECK } from "./states.mjs";

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title>
<style>/* A scroll bar that appears would resize everything. */ html { overflow-y: scroll }</style></head><body>
<script type="module">
import "./pkg/element.js";
const load = async (path) => (await fetch(path)).json();
window.deck = await load("${DECK}");
window.turns = (await load("decks/chat.json")).prompts.map(({ candidates }) => candidates);
window.again = (value) => JSON.parse(JSON.stringify(value));
/** Adds an element with these properties and waits until it is ready. Its later events are counted. */
let mounted = 0;
window.mount = async (tag, properties) => {
  // Answers in memory live as long as the page, under their key.
  const place = { storage: "memory", storageKey: "mounted-" + ++mounted };
  const element = Object.assign(document.createElement(tag), { deck, ...place }, properties);
  const ready = new Promise((resolve) => element.addEventListener("leaning-ready", resolve));
  document.body.replaceChildren(element);
  await ready;
  element.heard = 0;
  for (const type of ["ready", "answer", "done", "error"]) element.addEventListener("leaning-" + type, () => element.heard++);
  return element;
};
window.loaded = true;
</script></body></html>`;

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`properties set again, in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve({ "/settings.html": PAGE }, name);
      driver = await start();
      await driver.get(`${site.url}/settings.html`);
      await until(driver, () => driver.executeScript("return window.loaded"), "the page");
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    /** Runs the body of an async function in the page. */
    async function run(body, ...given) {
      const { error, value } = await driver.executeAsyncScript(
        `const done = arguments[arguments.length - 1];
        (async (...given) => { ${body} })(...arguments).then((value) => done({ value }), (error) => done({ error: String(error) }));`,
        ...given,
      );
      if (error) throw new Error(error);
      return value;
    }
    const mount = (tag, properties = "{}") =>
      run(`window.element = await mount("${tag}", ${properties}); return element`);
    const all = async (css) =>
      (await (await driver.findElement({ css: "body > *" })).getShadowRoot()).findElements({ css });
    const first = (css) => until(driver, async () => (await all(css))[0], css);
    const text = async (css) => (await first(css)).getText();
    async function click(element) {
      await unhurried(driver);
      await element.click();
    }
    const settled = () => driver.sleep(200);

    test("a move in the document and equal values change nothing", async () => {
      await mount(
        "leaning-quiz",
        "{ deck: new URL('./decks/assistant-style-en.json', location).pathname, messages: { choose: 'Take {place}' } }",
      );
      const choice = await first("button.choose");
      await (await first("summary")).click();
      await run(`
        window.before = element.interview;
        document.body.appendChild(document.createElement("aside")).append(element);
        document.body.append(element);
        for (const name of ["deck", "storage", "storageKey", "theme", "maxQuestions", "candidatesPerQuestion", "messages", "renderer"]) element[name] = element[name];
        element.messages = again(element.messages);
        element.setAttribute("deck", element.getAttribute("deck"));
        document.querySelector("aside").remove();`);
      await settled();
      assert.deepEqual(await run("return [element.heard, element.interview === before]"), [0, true]);
      assert.equal((await all("details[open]")).length, 1, "it stays open");
      await click(choice);
      await until(driver, async () => (await text(".count")) === "Question 2 of 12", "the answer");
    });

    test("a copy of the deck is the same deck; a deck of another content is not", async () => {
      await mount("leaning-quiz");
      await click(await first("button.choose"));
      await run("element.deck = again(deck)");
      await settled();
      assert.deepEqual(await run("return [element.heard, element.interview?.status().answered]"), [1, 1]);
      await run("element.deck = { ...again(deck), id: 'other' }");
      await until(
        driver,
        () => run("return element.heard === 2 && element.interview?.status().answered === 0"),
        "the other deck",
      );
      // The first deck again: its answers are still in memory.
      await run("element.deck = deck");
      await until(
        driver,
        () => run("return element.heard === 3 && element.interview?.status().answered === 1"),
        "the deck",
      );
    });

    test("a new renderer renders the texts again, and nothing else", async () => {
      await mount("leaning-quiz", "{ renderer: (text) => document.createTextNode(`1 ${text}`) }");
      await (await first("summary")).click();
      const choice = await first("button.choose");
      await run("given[0].focus()", choice);
      assert.match(await text(".prompt"), /^1 /);
      await run(
        "given[0].focus(); element.renderer = (text) => document.createTextNode(`2 ${text}`)",
        choice,
      );
      assert.match(await text(".prompt"), /^2 /);
      for (const shown of await all(".text"))
        assert.match(await run("return given[0].innerText", shown), /^2 /);
      assert.equal((await all("details[open]")).length, 1, "it stays open");
      await unhurried(driver);
      await driver.actions().sendKeys("1").perform();
      await until(driver, async () => (await text(".count")) === "Question 2 of 12", "the answer by key");
      await run("element.renderer = undefined");
      assert.doesNotMatch(await text(".prompt"), /^[12] /);
    });

    test("a text that another renderer makes longer folds", async () => {
      await mount("leaning-quiz", "{ renderer: () => document.createTextNode('short') }");
      const fold = await first("button.fold");
      await settled();
      assert.equal(await fold.isDisplayed(), false);
      await run(
        "element.renderer = (text) => { const node = document.createElement('p'); node.textContent = text + ' more'.repeat(2000); return node; }",
      );
      await until(driver, () => fold.isDisplayed(), "the button that unfolds it");
    });

    test("drafts in a new list are the same drafts, in another language too", async () => {
      await mount("leaning-compare", "{ candidates: turns[0] }");
      const choice = await first("button.choose");
      await run("element.candidates = again(turns[0])");
      assert.equal(await choice.getText(), "This one");
      await run("window.drafts = element.candidates; element.lang = 'de'");
      await until(driver, async () => (await text("button.choose")) !== "This one", "German");
      assert.equal((await all("button.choose")).length, 2);
      await click(await first("button.choose"));
      await until(driver, () => run("return element.interview?.status().answered === 1"), "the choice");
    });

    test("dismissed drafts do not come again, neither in another language nor after the element was removed", async () => {
      await mount("leaning-compare");
      const asked = await run("window.asked = element.ask(turns[0]); return !element.hidden");
      assert.ok(asked);
      await click(await first("[data-action=dismiss]"));
      assert.equal(await run("return asked"), null);
      await run("element.lang = 'de'");
      await settled();
      assert.deepEqual(await all("button.choose"), []);
      await run(
        "element.remove(); await new Promise((resolve) => setTimeout(resolve, 50)); document.body.append(element);",
      );
      await until(driver, () => run("return element.interview !== undefined"), "the element");
      await settled();
      assert.deepEqual(await all("button.choose"), []);
      // Neither do the drafts right after them. Then drafts may be asked about again.
      assert.equal(await run("return element.ask(turns[1])"), null);
      await run("element.candidates = turns[2]");
      await first("button.choose");
    });

    test("drafts that cannot be compared reject the promise of `ask`", async () => {
      await mount("leaning-compare");
      for (const wrong of ["[{ scores: [1] }, { scores: [2] }]", "[null, null]", "{}"]) {
        assert.equal(
          await run(`return element.ask(${wrong}).then(() => 'asked', ({ code }) => code)`),
          "candidates",
          wrong,
        );
      }
      const heard =
        "element.addEventListener('leaning-error', ({ detail }) => { window.code = detail.code; }, { once: true });";
      await run(`${heard} element.candidates = [null, 5]`);
      await until(driver, async () => (await run("return window.code")) === "candidates", "the error");
    });
  });
}
