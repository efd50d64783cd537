// The example pages of small products: a quiz with pictures that ends with places, and a chat.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { BROWSERS, serve, unhurried, until } from "./harness.mjs";

const built = existsSync(new URL("../../target/examples/holiday/index.html", import.meta.url));

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`examples in ${name}`, { skip: built ? false : "the examples are not built" }, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve({}, name);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    async function open(example) {
      await driver.get(`${site.url}/icon.svg`);
      await driver.executeScript("localStorage.clear()");
      await driver.get(`${site.url}/examples/${example}/index.html`);
    }
    const inside = async (tag, css) =>
      (await (await driver.findElement({ css: tag })).getShadowRoot()).findElements({ css });
    const find = (css) => driver.findElements({ css });

    test("a holiday is six choices between pictures, and three places that come without a request", async () => {
      await open("holiday");
      const answered = () =>
        driver.executeScript("return document.querySelector('leaning-quiz').interview?.status().answered");
      await until(driver, async () => (await inside("leaning-quiz", ".choose img")).length === 2, "pictures");
      const loaded = async () =>
        driver.executeScript(
          "return performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.svg')).length",
        );
      await until(driver, async () => (await loaded()) >= 9, "all pictures");
      await driver.sleep(300);
      const before = site.requests.length;
      for (let place = 0; place < 6; place++) {
        await until(driver, async () => (await answered()) === place, `question ${place + 1}`);
        await unhurried(driver);
        await (await inside("leaning-quiz", ".choose"))[place % 2].click();
      }
      const best = await driver.findElement({ id: "best" });
      // Drivers take what has no place in the element for shown.
      const isShown = () => driver.executeScript("return arguments[0].getClientRects().length > 0", best);
      await until(driver, isShown, "the places");
      assert.equal((await find("#places img")).length, 3);
      await driver.sleep(300);
      assert.deepEqual(site.requests.slice(before), []);
      await (await inside("leaning-quiz", "[data-action=undo]"))[0].click();
      await until(driver, async () => !(await isShown()), "the question again");
    });

    test("a chat asks which of two drafts is better, and then shows that one", async () => {
      await open("chat");
      const ready = "return Boolean(document.querySelector('leaning-compare').interview)";
      await until(driver, () => driver.executeScript(ready), "the interview");
      await driver.findElement({ id: "message" }).sendKeys("my next holiday");
      await driver.findElement({ css: "form button" }).click();
      const drafts = () => inside("leaning-compare", "article");
      await until(driver, async () => (await drafts()).length === 2, "drafts");
      const text = (element) => driver.executeScript("return arguments[0].textContent", element);
      const texts = await Promise.all((await inside("leaning-compare", ".text")).map(text));
      assert.ok(texts.every((one) => one.includes("my next holiday")));
      await unhurried(driver);
      await (await inside("leaning-compare", ".choose"))[1].click();
      await until(
        driver,
        async () => (await text((await find(".reply"))[0])) === texts[1],
        "the preferred draft",
      );
      const log = await driver.executeScript("return localStorage.getItem('leaning:assistant-style-en')");
      assert.equal(JSON.parse(log).answers.length, 1);
      assert.ok(!log.includes("holiday"), "no text is kept");
    });
  });
}
