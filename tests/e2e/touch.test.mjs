// A first visit to the demo by touch, on a phone of 360 × 640: nothing to read beforehand, one tap a question, and both
// answers whole and in view, also with large text. How long a person takes cannot be measured here; the test prints how
// much there is to read.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
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
const PHONE = { width: WIDTH, height: HEIGHT, deviceScaleFactor: 2, mobile: true };
const DECK = JSON.parse(readFileSync(new URL("../../www/decks/assistant-style-en.json", import.meta.url)));

/**
 * Puts the texts of every question that the deck could ask into the layout, which is the same for all, and counts those
 * of which both answers are whole, those of which both are also in view, and those with all buttons of the scale.
 */
const LOOK_AT_ALL = `
  const [question, { prompts }] = arguments;
  const { renderer } = document.querySelector("leaning-quiz");
  const prompt = question.querySelector(".prompt");
  const texts = [...question.querySelectorAll(".text")];
  const scale = question.querySelector(".answer-scale");
  const isSticky = getComputedStyle(scale).position === "sticky";
  const inView = (node) => {
    const range = new Range();
    range.selectNodeContents(node);
    const { top, bottom } = range.getBoundingClientRect();
    return top >= 0 && bottom <= (isSticky ? scale.getBoundingClientRect().top : innerHeight);
  };
  const answerable = () => [...scale.querySelectorAll("button")].every((button) => {
    const { top, bottom } = button.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
  const found = { questions: 0, whole: 0, inView: 0, answerable: 0 };
  for (const { text, candidates } of prompts) {
    for (const first of candidates) {
      for (const second of candidates) {
        if (first === second) continue;
        prompt.textContent = text;
        texts[0].replaceChildren(renderer(first.text));
        texts[1].replaceChildren(renderer(second.text));
        const whole = texts.every((one) => one.scrollHeight <= one.clientHeight + 1);
        found.questions++;
        found.whole += whole;
        const isSeen = whole && [prompt, ...texts].every(inView);
        found.inView += isSeen;
        found.answerable += isSeen && answerable();
      }
    }
  }
  return found;`;

/** The smallest side of the visible buttons, and the smallest font of the texts to compare. */
const SMALLEST = `
  const [question] = arguments;
  const isVisible = (one) => one.checkVisibility({ visibilityProperty: true });
  const buttons = [...question.querySelectorAll("button, summary")].filter(isVisible);
  const sides = buttons.flatMap((one) => {
    const { width, height } = one.getBoundingClientRect();
    return [width, height];
  });
  const texts = [...question.querySelectorAll(".text, .prompt")];
  const fonts = texts.map((one) => Number.parseFloat(getComputedStyle(one).fontSize));
  return { target: Math.min(...sides), font: Math.min(...fonts) };`;

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

/** Whether the line about what is known is cut with these words, and its height. */
const LINE = `
  const [line, words] = arguments;
  const told = line.querySelector(".so-far");
  Object.assign(told, { hidden: words === "", textContent: words });
  told.parentElement.classList.toggle("tells", words !== "");
  const { right, bottom } = told.getBoundingClientRect();
  const { height, bottom: end } = line.getBoundingClientRect();
  return { isCut: told.scrollWidth > told.clientWidth || right > innerWidth || bottom > end + 1, height };`;

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
  const deck = { format: "leaning-deck/1", id: "long", dimensions, prompts };
  const page = (path) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title>
    <meta name="viewport" content="width=device-width">
    <style>:root { --leaning-font-family: "${family}" }</style>
    <leaning-quiz deck="${path}" storage="memory"></leaning-quiz>
    <script type="module" src="/pkg/element.js"></script>`;
  return {
    "/long.json": JSON.stringify(deck),
    "/long.html": page("long.json"),
    "/graded.json": JSON.stringify({ ...deck, answers: { grades: 4 } }),
    "/graded.html": page("graded.json"),
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
      await devtools("Emulation.setDeviceMetricsOverride", PHONE);
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

    /** Opens the demo at its first question, with all text in this size. */
    async function openDemo(size) {
      await driver.get(`${site.url}/icon.svg`);
      await driver.executeScript("localStorage.clear()");
      await driver.get(`${site.url}/`);
      await requireFamily(driver, family);
      await driver.executeScript("document.documentElement.style.fontSize = arguments[0]", size);
      await until(driver, async () => (await all(".choose")).length === 2, "the question");
      await unhurried(driver);
      await driver.executeScript("document.querySelector('leaning-quiz').scrollIntoView()");
      return (await all(".question"))[0];
    }

    test("of ten questions, both answers of at least nine are whole and in view at once, with all buttons", async (context) => {
      const question = await openDemo("100%");
      const found = await driver.executeScript(LOOK_AT_ALL, question, DECK);
      const { questions, whole, inView, answerable } = found;
      context.diagnostic(
        `of ${questions} questions ${whole} are whole, ${inView} are in view, and ${answerable} with all buttons`,
      );
      assert.equal(whole, questions);
      assert.ok(answerable >= 0.9 * questions, `${answerable} of ${questions} are in view with all buttons`);
      const { target, font } = await driver.executeScript(SMALLEST, question);
      assert.ok(target >= 44, `a target of ${target} px`);
      assert.ok(font >= 16, `a text of ${font} px`);
    });

    test("with text twice as large no answer folds, and no line is cut", async () => {
      const question = await openDemo("200%");
      const { questions, whole } = await driver.executeScript(LOOK_AT_ALL, question, DECK);
      assert.equal(whole, questions);
      const [line] = await all(".assurance");
      const { height } = await driver.executeScript(LINE, line, "");
      const longest = "So far: structured, thorough, cautious";
      assert.deepEqual(await driver.executeScript(LINE, line, longest), { isCut: false, height });
    });

    test("long texts fold until the scale has room below them, and it hides no control that has the focus", async () => {
      await driver.get(`${site.url}/graded.html`);
      await until(driver, async () => (await all(".fold"))[1]?.isDisplayed(), "folded texts");
      await unhurried(driver);
      const [, second] = await boxes(".candidate");
      const [scale] = await boxes(".answer-scale");
      assert.ok(second.bottom <= scale.top + 1, `a card to ${second.bottom}, the scale from ${scale.top}`);
      assert.ok(scale.bottom <= HEIGHT, `the scale ends at ${scale.bottom}`);
      // A phone on its side.
      await devtools("Emulation.setDeviceMetricsOverride", { ...PHONE, width: HEIGHT - 80, height: WIDTH });
      try {
        await unhurried(driver);
        for (const fold of await all(".fold")) {
          await driver.executeScript("scrollTo(0, 0); arguments[0].focus()", fold);
          await driver.sleep(100);
          const seen = await box(fold);
          const [{ top }] = await boxes(".answer-scale");
          assert.ok(seen.top >= 0 && seen.bottom <= top, `a button to ${seen.bottom}, the scale from ${top}`);
        }
      } finally {
        await devtools("Emulation.setDeviceMetricsOverride", PHONE);
      }
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
