// The first screen of the site, as a visitor sees it before they scroll.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, FAMILIES, published, requireFamily, serve, siteInFamily, until } from "./harness.mjs";

/** The size of a small laptop's page. */
const [WIDTH, HEIGHT] = [1280, 720];
const QUESTIONS = 4;

/** The pages of the site. */
const PAGES = ["/", "/chat.html", "/weekend.html", "/notifications.html"];

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`the pages of the site in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      // A window cannot be made as narrow as a frame.
      const frames = PAGES.map(
        (page) => `<iframe src="${page}" style="width: 320px; height: 640px; border: 0">x</iframe>`,
      );
      site = await serve({ "/frames.html": `<!doctype html><title>t</title>${frames.join("")}` }, name);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    test("no page is wider than a narrow phone", async () => {
      await driver.get(`${site.url}/frames.html`);
      const ready = `return [...document.querySelectorAll("iframe")].every(({ contentDocument }) =>
        contentDocument.querySelector("leaning-quiz, leaning-compare")?.interview);`;
      await until(driver, () => driver.executeScript(ready), "the pages");
      await driver.sleep(500);
      const excess = await driver.executeScript(
        `return [...document.querySelectorAll("iframe")].map(({ contentDocument }) => {
          contentDocument.getElementById("example")?.click();
          for (const details of contentDocument.querySelectorAll("details")) details.open = true;
          const { scrollWidth, clientWidth } = contentDocument.documentElement;
          return scrollWidth - clientWidth;
        });`,
      );
      assert.deepEqual(
        excess,
        PAGES.map(() => 0),
      );
    });
  });

  for (const family of FAMILIES) {
    describe(`the site in ${name}, in ${family}`, () => {
      let site;
      let driver;
      before(async () => {
        site = await serve({ ...published, ...siteInFamily(family) }, name);
        driver = await start({ width: WIDTH, height: HEIGHT });
      });
      after(async () => {
        await driver?.quit();
        await site?.close();
      });

      test("the buttons of the first questions are above the fold, and all of one height", async () => {
        await driver.get(`${site.url}/`);
        await requireFamily(driver, family);
        const find = async () => (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot();
        const root = await until(driver, find, "the quiz");
        for (let question = 1; question <= QUESTIONS; question++) {
          const starts = async () =>
            (await (await root.findElement({ css: ".count" })).getText()).startsWith(`Question ${question} `);
          await until(driver, starts, `question ${question}`);
          await driver.sleep(100);
          const rects = await Promise.all(
            (await root.findElements({ css: ".foot button" })).map((button) => button.getRect()),
          );
          assert.equal(rects.length, 4);
          assert.equal(await driver.executeScript("return scrollY"), 0);
          for (const { y, height } of rects) {
            assert.ok(y + height <= HEIGHT, `question ${question}: ${y + height}`);
            assert.equal(Math.round(height), Math.round(rects[0].height), `question ${question}`);
          }
          await driver.executeScript(
            "return document.querySelector('leaning-quiz').interview.answer({ chose: 0 })",
          );
        }
      });
    });
  }
}
