// The elements in the pages of frameworks: events in each framework's syntax, a page that renders again, and an element that
// is removed and put back.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { clickAtRest, FIRST_BROWSER, serve, unhurried, until } from "./harness.mjs";

const built = existsSync(new URL("../../target/examples/plain/index.html", import.meta.url));

for (const [name, start] of Object.entries(FIRST_BROWSER)) {
  describe(`frameworks in ${name}`, { skip: built ? false : "the examples are not built" }, () => {
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

    for (const framework of ["plain", "react", "vue", "svelte", "angular"]) {
      test(`a quiz in ${framework} is answered, rendered again, removed and put back`, async () => {
        await driver.get(`${site.url}/icon.svg`);
        await driver.executeScript("localStorage.clear()");
        await driver.get(`${site.url}/examples/${framework}/index.html`);
        const text = async (id) => (await driver.findElement({ id })).getText();
        const heard = (words) => until(driver, async () => (await text("heard")) === words, words);
        const inside = async (css) =>
          (await (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot()).findElements({ css });
        const press = async (id) => clickAtRest(driver, await driver.findElement({ id }));
        const choose = async () => {
          const choice = await until(driver, async () => (await inside("button.choose"))[0], "a choice");
          await unhurried(driver);
          await clickAtRest(driver, choice);
        };

        await heard("ready 0,");
        await choose();
        await heard("ready 0, answer 1,");
        const prompt = await (await inside("h2"))[0].getText();
        // Rendering again leaves the interview as it is.
        await press("again");
        await until(driver, async () => (await text("count")) === "1", "the page rendered again");
        await driver.sleep(100);
        assert.equal(await text("heard"), "ready 0, answer 1,");
        assert.equal(await (await inside("h2"))[0].getText(), prompt);

        await press("toggle");
        await until(
          driver,
          async () => (await driver.findElements({ css: "leaning-quiz" })).length === 0,
          "it is removed",
        );
        await press("toggle");
        await heard("ready 0, answer 1, ready 1,");
        assert.equal(await (await inside("h2"))[0].getText(), prompt, "the same question is asked");
        for (let answered = 2; answered <= 4; answered++) {
          await choose();
          await until(
            driver,
            async () => (await text("heard")).includes(`answer ${answered},`),
            `answer ${answered}`,
          );
        }
        await heard("ready 0, answer 1, ready 1, answer 2, answer 3, answer 4, done 4,");
        // A property without an attribute has arrived too, and the other elements follow.
        const renderer = await driver.executeScript(
          "return typeof document.querySelector('leaning-quiz').renderer",
        );
        assert.equal(renderer, "function");
        const profile = await (await driver.findElement({ css: "leaning-profile" })).getShadowRoot();
        await until(
          driver,
          async () =>
            (await (await profile.findElement({ css: ".count" })).getText()) === "Based on 4 answers.",
          "the profile",
        );
      });
    }
  });
}
