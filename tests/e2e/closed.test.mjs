// The element as it is, with its root closed: driven by keys and coordinates alone, in each engine. Other tests look
// inside it; for WebKit in an open root, since its driver sees no other.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Key, Origin } from "selenium-webdriver";
import { BROWSERS, OPEN_ROOTS, serve, unhurried, until } from "./harness.mjs";
import { DECK } from "./states.mjs";

const page = (
  head,
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title>${head}<style>body { margin: 0 }</style></head><body>
<leaning-quiz deck="${DECK}" max-questions="5" seed="1"></leaning-quiz>
<script type="module" src="pkg/element.js"></script></body></html>`;

/** The middle of the first choice of the second question, once that is drawn. Works in an open root only. */
const CHOICE = `
  const root = document.querySelector("leaning-quiz").shadowRoot;
  if (root.querySelector(".count").textContent !== "Question 2 of 5") return null;
  const { left, top, width, height } = root.querySelector("button.choose").getBoundingClientRect();
  return { x: Math.round(left + width / 2), y: Math.round(top + height / 2) };`;

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`a closed element in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      // The open twin shows where the closed one has its buttons.
      site = await serve({ "/closed.html": page(""), "/open.html": page(OPEN_ROOTS) });
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const run = (script, ...values) => driver.executeScript(script, ...values);
    const answered = () => run("return document.querySelector('leaning-quiz').interview?.status().answered");

    /** Opens a page with nothing stored and answers the first question by key. */
    async function answerByKey(path) {
      await driver.get(`${site.url}/icon.svg`);
      await run("localStorage.clear()");
      await driver.get(site.url + path);
      await until(driver, async () => (await answered()) === 0, "the quiz");
      for (
        let presses = 0;
        presses < 8 && !(await run("return document.activeElement.localName === 'leaning-quiz'"));
        presses++
      ) {
        await driver.actions().sendKeys(Key.TAB).perform();
      }
      await unhurried(driver);
      await driver.actions().sendKeys("1").perform();
      await until(driver, async () => (await answered()) === 1, "the answer by key");
    }

    test("a quiz is answered by keyboard and by pointer, and its answers outlive a reload", async () => {
      await answerByKey("/open.html");
      const choice = await until(driver, () => run(CHOICE), "the second question");
      await answerByKey("/closed.html");
      assert.equal(await run("return document.querySelector('leaning-quiz').shadowRoot"), null);
      // The second question may not be painted yet, and then a click has no effect. Clicks in quick succession would
      // be one double click.
      await until(
        driver,
        async () => {
          if ((await answered()) > 1) return true;
          await unhurried(driver);
          await driver
            .actions()
            .move({ origin: Origin.VIEWPORT, ...choice })
            .click()
            .perform();
          return false;
        },
        "the answer by pointer",
      );
      const count = await answered();
      await driver.navigate().refresh();
      // The last click may have answered one question more.
      await until(driver, async () => (await answered()) >= count, "the answers after a reload");
    });
  });
}
