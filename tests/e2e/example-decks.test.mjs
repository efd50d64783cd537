// The pages of the example decks: places that are ranked, and settings that are confirmed.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, serve, unhurried, until } from "./harness.mjs";

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`the pages of the example decks in ${name}`, () => {
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

    /** Opens a page as somebody new, and answers all of its questions by `choice`, a function's text. */
    const answer = async (page, choice) => {
      await driver.get(`${site.url}/icon.svg`);
      await driver.executeScript("localStorage.clear()");
      const first = site.requests.length;
      await driver.get(`${site.url}/${page}.html`);
      const isReady = "return Boolean(document.querySelector('leaning-quiz').interview)";
      await until(driver, () => driver.executeScript(isReady), "the interview");
      await driver.sleep(500);
      const loaded = site.requests.length;
      const failed = await driver.executeAsyncScript(
        `const done = arguments[0], choice = ${choice};
        const { interview } = document.querySelector("leaning-quiz");
        (async () => {
          for (let question, place = 0; (question = interview.next()); place++)
            await interview.answer(choice(question, place));
        })().then(() => done(), (error) => done(String(error)));`,
      );
      assert.equal(failed, null);
      return { requests: () => site.requests.slice(first), afterLoading: () => site.requests.slice(loaded) };
    };
    const texts = (css) =>
      driver.executeScript(
        "return [...document.querySelectorAll(arguments[0])].map((node) => node.textContent)",
        css,
      );

    test("the weekend ends with the three best places, and no request tells which they are", async () => {
      const towards = (sign) => `({ candidates: [a, b] }) => {
        const taste = ({ scores }) => ${sign} * (scores[1] - scores[0]);
        return { chose: taste(a) > taste(b) ? 0 : 1 };
      }`;
      const outdoors = await answer("weekend", towards(1));
      await until(driver, async () => (await texts("#top li")).length === 3, "the places");
      const [best] = await texts("#top h3");
      const seen = outdoors.requests().sort();
      const indoors = await answer("weekend", towards(-1));
      await until(driver, async () => (await texts("#top li")).length === 3, "the places");
      assert.notEqual((await texts("#top h3"))[0], best);
      await driver.sleep(300);
      assert.deepEqual(indoors.afterLoading(), []);
      // What the browser has in its cache it need not fetch again, and that depends on no answer either.
      for (const request of indoors.requests()) assert.ok(seen.includes(request), request);
      assert.equal(seen.filter((request) => request.includes("/weekend/")).length >= 24, true, `${seen}`);
    });

    test("who wants to see the result after three answers sees the places, too", async () => {
      await answer("weekend", "() => ({ chose: 0 })");
      await driver.executeAsyncScript(
        `const done = arguments[0];
        const { interview } = document.querySelector("leaning-quiz");
        (async () => { for (let i = 0; i < 5; i++) await interview.undo(); })().then(done, done);`,
      );
      const quiz = await (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot();
      const finish = await until(
        driver,
        async () => (await quiz.findElements({ css: "[data-action=finish]:not([hidden])" }))[0],
        "the button",
      );
      const section = await driver.findElement({ id: "places" });
      // Drivers take what has no place in the element for shown.
      const isShown = () => driver.executeScript("return arguments[0].getClientRects().length > 0", section);
      assert.equal(await isShown(), false);
      await unhurried(driver);
      await finish.click();
      await until(driver, isShown, "the places");
      assert.equal((await texts("#top li")).length, 3);
    });

    test("notifications end with settings, and only what is confirmed would be sent", async () => {
      const answered = await answer("notifications", "(question, place) => ({ chose: place % 2 })");
      await until(driver, async () => (await texts("#rows select")).length === 6, "the settings");
      assert.deepEqual(await texts("#sent"), [""]);
      await driver.executeScript(
        `const select = document.querySelector("select[name=report]");
        select.value = "report-badge";
        select.dispatchEvent(new Event("change"));
        document.querySelector("#form button").click();`,
      );
      const sent = JSON.parse((await texts("#sent pre"))[0]);
      assert.deepEqual(Object.keys(sent), ["mention", "build", "report", "review", "comment", "release"]);
      assert.equal(sent.report, "report-badge");
      assert.equal((await texts("#rows tr:nth-child(3) td:last-child"))[0], "you");
      const code = (await texts("#code"))[0].split("\n").length;
      assert.ok(code <= 20, `${code} lines`);
      await driver.sleep(300);
      assert.deepEqual(answered.afterLoading(), []);
    });
  });
}
