// A first visit to the demo by touch, on a phone of 360 × 640: nothing to read beforehand, one tap a question, and both
// answers whole. How long a person takes cannot be measured here; the test prints how much there is to read.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  BROWSERS,
  FAMILIES,
  published,
  requireFamily,
  serve,
  siteInFamily,
  unhurried,
  until,
} from "./harness.mjs";

const [WIDTH, HEIGHT] = [360, 640];

/** Number of words of an element that can be seen, for a text that folds. */
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

/** Where an element is in the viewport. */
const BOX = `
  const { left, top, width, height, bottom } = arguments[0].getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2, top, bottom };`;

/** A page with texts that have to fold. */
function long(family) {
  const prompts = [1, 0.6, 0.3].map((score, place) => ({
    id: `p${place}`,
    text: `Question ${place}`,
    candidates: [score, -score].map((score, k) => ({
      id: `c${k}`,
      text: "long ".repeat(200),
      scores: [score],
    })),
  }));
  const dimensions = [{ id: "a", label: "A", low: "low", high: "high" }];
  return {
    "/long.json": JSON.stringify({ format: "leaning-deck/1", id: "long", dimensions, prompts }),
    "/long.html": `<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title>
      <meta name="viewport" content="width=device-width">
      <style>:root { --leaning-font-family: "${family}" }</style>
      <leaning-quiz deck="long.json" storage="memory"></leaning-quiz>
      <script type="module" src="/pkg/element.js"></script>`,
  };
}

// Each family breaks lines elsewhere, so that heights differ.
for (const family of FAMILIES) {
  describe(`a first visit by touch, in chromium, in ${family}`, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve({ ...published, ...siteInFamily(family), ...long(family) });
      driver = await BROWSERS.chromium();
      await devtools("Emulation.setDeviceMetricsOverride", {
        width: WIDTH,
        height: HEIGHT,
        deviceScaleFactor: 2,
        mobile: true,
      });
      await devtools("Emulation.setTouchEmulationEnabled", { enabled: true });
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const devtools = (command, parameters) => driver.sendAndGetDevToolsCommand(command, parameters);
    const root = async () => (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot();
    const all = async (css) => (await root()).findElements({ css });
    const box = (element) => driver.executeScript(BOX, element);
    const boxes = async (css) => Promise.all((await all(css)).map(box));

    async function tap({ x, y }) {
      await devtools("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
      await devtools("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    }

    /** Scrolls until the last button is in view, as a thumb would, and returns by how many pixels. */
    async function swipeToChoices() {
      const distance = Math.ceil(Math.max(0, (await boxes(".choose")).at(-1).bottom - HEIGHT));
      await driver.executeScript("scrollBy({ top: arguments[0], behavior: 'instant' })", distance);
      return distance;
    }

    /** The number of texts that have to be unfolded to be read. */
    async function folded() {
      const shown = await Promise.all((await all(".fold")).map((fold) => fold.isDisplayed()));
      return shown.filter(Boolean).length;
    }

    test("eight taps, both answers whole, and at the end what was learned and a ranking", async (context) => {
      await driver.get(`${site.url}/`);
      await requireFamily(driver, family);
      const count = () =>
        driver.executeScript("return document.querySelector('leaning-quiz').interview?.status().answered");
      await until(driver, async () => (await count()) === 0, "the quiz");
      const [prompt] = await all(".prompt");
      assert.equal(await prompt.getCssValue("font-family"), `"${family}"`);
      // A thumb's swipe brings the first question up.
      await driver.executeScript("document.querySelector('leaning-quiz').scrollIntoView()");
      const started = Date.now();
      let [words, answered, swipes, whole] = [0, 0, 0, 0];
      for (; (await all(".choose")).length; answered++) {
        await until(
          driver,
          async () => (await boxes(".overview"))[0].top >= 0,
          "the beginning of the question",
        );
        // Fonts that come late change what fits.
        await unhurried(driver);
        whole += (await folded()) === 0;
        swipes += (await swipeToChoices()) > 0;
        for (const text of await all(".prompt, .text"))
          words += await driver.executeScript(WORDS_IN_VIEW, text);
        const before = answered;
        await tap((await boxes(".choose"))[answered % 2]);
        await until(driver, async () => (await count()) === before + 1, `answer ${before + 1}`);
      }
      const machine = Date.now() - started;
      assert.equal(answered, 8);
      assert.ok(whole >= 0.8 * answered, `${whole} of ${answered} questions can be read without unfolding`);
      await until(
        driver,
        async () => (await all(".dimension .words, .still-open .open")).length > 0,
        "what was learned",
      );
      assert.ok(await driver.findElement({ id: "ranking" }).isDisplayed());
      context.diagnostic(
        `${answered} taps and ${swipes} swipes, ${whole} questions whole; ${words} words in view in all, ${Math.round(words / answered)} a question; the machine took ${machine} ms`,
      );
    });

    test("a text that does not fit unfolds and folds by a tap", async () => {
      await driver.get(`${site.url}/long.html`);
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
}
