// The essentials in WebKit, whose driver sees no closed shadow root: the closed elements are driven by coordinates and
// keys, and what they show is read from the same content in an open root.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Key, Origin } from "selenium-webdriver";
import { serve, until, WEBKIT } from "./harness.mjs";
import { DECK, reach, STATES, statePage } from "./states.mjs";

const CLOSED = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title><style>body { margin: 0 }</style></head><body>
<leaning-quiz deck="${DECK}" max-questions="5"></leaning-quiz>
<script type="module" src="pkg/element.js"></script></body></html>`;

describe("webkit", { skip: WEBKIT.webkit ? false : "WebKit's driver is not there" }, () => {
  let site;
  let driver;
  before(async () => {
    const pages = Object.fromEntries(Object.entries(STATES).map(([state, shown]) => [`/${state}.html`, statePage(shown)]));
    site = await serve({ ...pages, "/closed.html": CLOSED });
    driver = await WEBKIT.webkit();
  });
  after(async () => {
    await driver?.quit();
    await site?.close();
  });

  const run = (script, ...values) => driver.executeScript(script, ...values);
  async function open(state) {
    await driver.get(`${site.url}/${state}.html`);
    await reach(driver, STATES[state]);
  }

  test("a closed quiz is answered by keyboard and by pointer, and its answers outlive a reload", async () => {
    await driver.get(`${site.url}/icon.svg`);
    await run("localStorage.clear()");
    await driver.get(`${site.url}/closed.html`);
    const answered = () => run("return document.querySelector('leaning-quiz').leaning?.status().answered");
    await until(driver, async () => (await answered()) === 0, "the quiz");
    // The middle of the left half of the row of buttons, which lies above the last fifth of the element.
    assert.equal(await run("return document.querySelector('leaning-quiz').shadowRoot"), null);
    await run("document.querySelector('leaning-quiz').focus()");
    for (let presses = 0; presses < 8 && !(await run("return document.activeElement.localName === 'leaning-quiz'")); presses++) {
      await driver.actions().sendKeys(Key.TAB).perform();
    }
    await driver.actions().sendKeys("1").perform();
    await until(driver, async () => (await answered()) === 1, "the answer by key");
    // From the bottom upwards, until a button was hit that is an answer.
    const { width, height } = await run("const { width, height } = document.querySelector('leaning-quiz').getBoundingClientRect(); return { width, height: Math.min(height, innerHeight) }");
    for (let y = Math.floor(height) - 10; y > 0 && (await answered()) < 2; y -= 12) {
      await driver.actions().move({ origin: Origin.VIEWPORT, x: Math.floor(width / 4), y }).click().perform();
    }
    await until(driver, async () => (await answered()) === 2, "the answer by pointer");
    await driver.navigate().refresh();
    await until(driver, async () => (await answered()) === 2, "the answers after a reload");
  });

  test("every state shows what it is to show", async () => {
    const shown = {
      "quiz-middle": [".count", "Question 6 of 10"],
      "quiz-three": [".count", "Question 1 of 6"],
      "quiz-done": ["h2", "How you lean"],
      "quiz-forget": [".sure-forget", "Delete all your answers?"],
      compare: ["h2", "Two drafts: which do you prefer?"],
      profile: [".count", "From 9 answers"],
      "profile-open": [".stated", "You said so yourself"],
    };
    for (const [state, [css, words]] of Object.entries(shown)) {
      await open(state);
      assert.equal(await run("return inside().querySelector(arguments[0]).textContent", css), words, state);
      const small = await run(`
        return [...inside().querySelectorAll("button, .bar, .slider")].filter((element) => element.checkVisibility() && element.getBoundingClientRect().width < 20).length`);
      assert.equal(small, 0, `${state} is laid out`);
    }
  });

  test("a dot is moved, taken back, and an answer deleted", async () => {
    await open("profile");
    await run("const slider = inside().querySelector('input[type=range]'); slider.focus(); slider.value = 90; slider.dispatchEvent(new Event('input')); slider.dispatchEvent(new Event('change'))");
    await until(driver, () => run("return inside().querySelectorAll('.own:not([hidden])').length === 1"), "the statement");
    await run("inside().querySelector('[data-action=take-back]').click()");
    await until(driver, () => run("return inside().querySelectorAll('.own:not([hidden])').length === 0"), "it is taken back");
    await run("inside().querySelector('[data-action=delete]').click()");
    await until(driver, () => run("return inside().querySelector('.count').textContent === 'From 8 answers'"), "it is deleted");
  });
});
