// A person in the chat: their favourites are shown, now and then they are asked, and what they choose is learned.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, serve, until } from "./harness.mjs";

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`the chat in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve();
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const find = (css) => driver.findElements({ css });
    const rests = async () => (await driver.findElement({ id: "rests" })).getText();

    test("it asks which of two drafts is better, learns from the choice, and never asks twice in a row", async () => {
      await driver.get(`${site.url}/icon.svg`);
      await driver.executeScript("localStorage.clear()");
      await driver.get(`${site.url}/chat.html`);
      await until(driver, async () => (await find("#suggestions button")).length > 0, "suggestions");
      const before = site.requests.length;
      const asked = [];
      for (let turn = 0; turn < 7; turn++) {
        await (await find("#suggestions button"))[0].click();
        const prefer = (button) => button.getText().then((text) => text.includes("prefer"));
        const buttons = await find("#turns button");
        const choices = [];
        for (const button of buttons) if (await prefer(button)) choices.push(button);
        asked.push(choices.length > 0);
        if (choices.length > 0) {
          assert.equal(choices.length, 2);
          const learned = await rests();
          await choices[0].click();
          await until(driver, async () => (await rests()) !== learned, "the choice is learned");
        }
        await until(driver, async () => turn === 6 || (await find("#suggestions button")).length > 0, "the next turn");
      }
      assert.ok(asked.includes(true) && asked.includes(false), `${asked}`);
      assert.ok(!asked.some((was, turn) => was && asked[turn + 1]), `twice in a row: ${asked}`);
      const log = JSON.parse(await driver.executeScript("return localStorage.getItem('leaning:assistant-style-en')"));
      assert.equal(log.answers.length, asked.filter(Boolean).length);
      await driver.sleep(300);
      assert.deepEqual(site.requests.slice(before), [], "no byte leaves");
    });
  });
}
