// A person in the chat: they see their favourites, are asked now and then, and their choices are learned.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, serve, unhurried, until } from "./harness.mjs";

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`the chat in ${name}`, () => {
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

    const find = (css) => driver.findElements({ css });
    const inside = async (tag, css) =>
      (await (await driver.findElement({ css: tag })).getShadowRoot()).findElements({ css });
    const rests = async () => (await inside("leaning-profile", ".count"))[0].getText();
    const drafts = () => inside("leaning-compare", "button.choose");
    const suggestions = async () => {
      const buttons = await find("#suggestions button");
      return buttons.length && (await buttons[0].isDisplayed()) ? buttons : null;
    };

    test("the chat asks which of two drafts is better, learns from the choice, and never asks twice in a row", async () => {
      await driver.get(`${site.url}/icon.svg`);
      await driver.executeScript("localStorage.clear()");
      await driver.get(`${site.url}/chat.html`);
      await until(driver, suggestions, "suggestions");
      await until(driver, rests, "the profile");
      const before = site.requests.length;
      const asked = [];
      for (let turn = 0; turn < 7; turn++) {
        await (await suggestions())[0].click();
        const asks = await until(
          driver,
          async () => ((await drafts()).length ? "asks" : (await suggestions()) && "shows"),
          "a reply",
        );
        asked.push(asks === "asks");
        if (asks === "asks") {
          assert.equal((await drafts()).length, 2);
          assert.match(
            await (await inside("leaning-compare", ".privacy-note"))[0].getText(),
            /on this device/,
          );
          const learned = await rests();
          await unhurried(driver);
          await (await drafts())[0].click();
          await until(driver, async () => (await rests()) !== learned, "the choice is learned");
          assert.equal(await (await find(".turn:last-child .why"))[0].getText(), "You preferred this one.");
        }
        await until(driver, async () => turn === 6 || (await suggestions()), "the next turn");
      }
      assert.ok(asked.includes(true) && asked.includes(false), `${asked}`);
      assert.ok(!asked.some((was, turn) => was && asked[turn + 1]), `twice in a row: ${asked}`);
      const log = JSON.parse(
        await driver.executeScript("return localStorage.getItem('leaning:assistant-style-en')"),
      );
      assert.equal(log.answers.length, asked.filter(Boolean).length);
      await driver.sleep(300);
      assert.deepEqual(site.requests.slice(before), [], "no byte leaves");
    });

    test("a choice is undone, and drafts may be dismissed", async () => {
      await driver.get(`${site.url}/icon.svg`);
      await driver.executeScript("localStorage.clear()");
      await driver.get(`${site.url}/chat.html`);
      await until(driver, suggestions, "suggestions");
      await (await suggestions())[0].click();
      const draft = await until(driver, async () => (await drafts())[1], "drafts");
      await unhurried(driver);
      await draft.click();
      await (await until(driver, async () => (await find(".reply > button"))[0], "undo")).click();
      await until(
        driver,
        async () => (await driver.findElement({ id: "said" }).getText()) === "Undone.",
        "undone",
      );
      await (await suggestions())[0].click();
      await until(driver, suggestions, "no drafts right after drafts");
      await (await suggestions())[0].click();
      await until(driver, async () => (await drafts()).length === 2, "drafts");
      await (await inside("leaning-compare", "[data-action=dismiss]"))[0].click();
      await until(driver, suggestions, "the next turn");
      assert.equal((await find(".turn:last-child .card")).length, 1);
      const log = JSON.parse(
        await driver.executeScript("return localStorage.getItem('leaning:assistant-style-en')"),
      );
      assert.deepEqual(
        log.answers.map(({ kind }) => kind ?? "answer"),
        ["answer", "retract"],
      );
    });
  });
}
