// The element as it is, with its root closed: driven by keys and coordinates alone, in each engine. What it shows is
// tested elsewhere; for WebKit in an open root, since its driver sees no other.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Key, Origin } from "selenium-webdriver";
import { BROWSERS, serve, until } from "./harness.mjs";
import { DECK } from "./states.mjs";

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title><style>body { margin: 0 }</style></head><body>
<leaning-quiz deck="${DECK}" max-questions="5"></leaning-quiz>
<script type="module" src="pkg/element.js"></script></body></html>`;

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`a closed element in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve({ "/closed.html": PAGE });
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const run = (script, ...values) => driver.executeScript(script, ...values);
    const answered = () => run("return document.querySelector('leaning-quiz').leaning?.status().answered");

    test("a quiz is answered by keyboard and by pointer, and its answers outlive a reload", async () => {
      await driver.get(`${site.url}/icon.svg`);
      await run("localStorage.clear()");
      await driver.get(`${site.url}/closed.html`);
      await until(driver, async () => (await answered()) === 0, "the quiz");
      assert.equal(await run("return document.querySelector('leaning-quiz').shadowRoot"), null);
      for (let presses = 0; presses < 8 && !(await run("return document.activeElement.localName === 'leaning-quiz'")); presses++) {
        await driver.actions().sendKeys(Key.TAB).perform();
      }
      await driver.actions().sendKeys("1").perform();
      await until(driver, async () => (await answered()) === 1, "the answer by key");
      // From the bottom upwards right of the other buttons, until one was hit that is an answer.
      const { width, height } = await run(
        "const { width, height } = document.querySelector('leaning-quiz').getBoundingClientRect(); return { width, height: Math.min(height, innerHeight) }",
      );
      for (let y = Math.floor(height) - 10; y > 0 && (await answered()) < 2; y -= 12) {
        await driver.actions().move({ origin: Origin.VIEWPORT, x: Math.floor(0.4 * width), y }).click().perform();
      }
      await until(driver, async () => (await answered()) === 2, "the answer by pointer");
      await driver.navigate().refresh();
      await until(driver, async () => (await answered()) === 2, "the answers after a reload");
    });
  });
}
