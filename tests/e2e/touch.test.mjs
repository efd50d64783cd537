// A first visit to the demo on a phone of 360 × 740, by touch: nothing to be read beforehand, one tap a question, both
// answers in view. How long a person takes is not a machine's to say: it prints what there is to read.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, serve, until } from "./harness.mjs";

const [WIDTH, HEIGHT] = [360, 740];

/** How many words of an element can be seen, for a text that folds. */
const WORDS_IN_VIEW = `
  const [text] = arguments;
  const { bottom } = text.getBoundingClientRect();
  let words = 0;
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    for (const { index, 0: word } of node.data.matchAll(/\\S+/g)) {
      const range = new Range();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      words += range.getBoundingClientRect().bottom <= bottom + 1;
    }
  }
  return words;`;

describe("a first visit by touch, in chromium", () => {
  let site;
  let driver;
  before(async () => {
    site = await serve();
    driver = await BROWSERS.chromium();
    await devtools("Emulation.setDeviceMetricsOverride", { width: WIDTH, height: HEIGHT, deviceScaleFactor: 2, mobile: true });
    await devtools("Emulation.setTouchEmulationEnabled", { enabled: true });
  });
  after(async () => {
    await driver?.quit();
    await site?.close();
  });

  const devtools = (command, parameters) => driver.sendAndGetDevToolsCommand(command, parameters);
  const root = async () => (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot();
  const all = async (css) => (await root()).findElements({ css });
  const box = (element) => driver.executeScript("const { left, top, width, height, bottom } = arguments[0].getBoundingClientRect(); return { x: left + width / 2, y: top + height / 2, top, bottom }", element);

  async function tap({ x, y }) {
    await devtools("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
    await devtools("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  }

  test("eight taps, both answers in view at each, and at the end what was learned and a ranking", async (context) => {
    await driver.get(`${site.url}/`);
    const count = () => driver.executeScript("return document.querySelector('leaning-quiz').leaning?.status().answered");
    await until(driver, async () => (await count()) === 0, "the quiz");
    // A thumb's swipe brings the first question up.
    await driver.executeScript("document.querySelector('leaning-quiz').scrollIntoView()");
    const started = Date.now();
    let [words, answered] = [0, 0];
    for (; (await all(".choose")).length; answered++) {
      await until(driver, async () => (await box((await all(".where"))[0])).top >= 0, "the beginning of the question");
      const choices = await all(".choose");
      for (const choice of choices) {
        const { top, bottom } = await box(choice);
        assert.ok(top >= 0 && bottom <= HEIGHT, `question ${answered + 1}: a choice from ${top} to ${bottom}`);
      }
      const texts = await all(".prompt, .text");
      for (const text of texts) words += await driver.executeScript(WORDS_IN_VIEW, text);
      const before = answered;
      await tap(await box(choices[answered % 2]));
      await until(driver, async () => (await count()) === before + 1, `answer ${before + 1}`);
      // What was asked before is there for a moment longer.
      await until(driver, async () => (await all(".ahead")).length === 0, `what follows answer ${before + 1} alone`);
    }
    const machine = Date.now() - started;
    assert.equal(answered, 8);
    await until(driver, async () => (await all(".dimension .words")).length === 6, "what was learned");
    assert.ok(await driver.findElement({ id: "ranking" }).isDisplayed());
    context.diagnostic(`${answered} taps; ${words} words in view over all, ${Math.round(words / answered)} a question; the machine took ${machine} ms`);
  });

  test("a text that does not fit unfolds and folds by a tap", async () => {
    await driver.executeScript("localStorage.clear()");
    await driver.navigate().refresh();
    const fold = async () => (await all(".fold"))[0];
    await until(driver, async () => (await fold())?.isDisplayed(), "a folded text");
    const height = async () => (await all(".text"))[0].getRect();
    await driver.executeScript("arguments[0].scrollIntoView({ block: 'center' })", await fold());
    const { height: folded } = await height();
    await tap(await box(await fold()));
    await until(driver, async () => (await height()).height > folded + 50, "the whole text");
    await driver.executeScript("arguments[0].scrollIntoView({ block: 'center' })", await fold());
    await tap(await box(await fold()));
    await until(driver, async () => (await height()).height === folded, "it is folded again");
  });
});
