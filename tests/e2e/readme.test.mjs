// README.md's own quiz, from its sheet to the pick, exactly as it stands there.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { missing, PROGRAM } from "../program.mjs";
import { BROWSERS, clickAtRest, OPEN_ROOTS, serve, unhurried, until } from "./harness.mjs";

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
/** The first block of code in this language that holds these words. */
const block = (language, words) =>
  [...README.matchAll(/```(\w+)\n(.*?)```/gs)].find(
    ([, of, code]) => of === language && code.includes(words),
  )[2];

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`README.md in ${name}`, { skip: missing }, () => {
    const folder = mkdtempSync(join(tmpdir(), "leaning-readme-"));
    let site;
    let driver;
    before(async () => {
      execFileSync("sh", ["-e"], {
        cwd: folder,
        input: block("sh", "cafes.csv"),
        env: { ...process.env, PATH: `${dirname(PROGRAM)}${delimiter}${process.env.PATH}` },
      });
      site = await serve(
        {
          "/page.html": `<!doctype html><meta charset="utf-8"><title>t</title>${OPEN_ROOTS}${block("html", "quiz.js")}`,
          "/quiz.js": block("js", "leaning-done"),
          "/deck.json": readFileSync(join(folder, "deck.json"), "utf8"),
        },
        name,
      );
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const inside = async (css) =>
      (await (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot()).findElements({ css });
    const pick = () => driver.executeScript("return document.querySelector('#pick').textContent");
    const isPicked = () => until(driver, pick, "the pick");

    test("its sheet becomes a quiz, which picks a row of another sheet, and again when it is opened again", async () => {
      await driver.get(`${site.url}/page.html`);
      for (const cheaper of ["Two tables", "The terrace"]) {
        const cards = () => inside("button.choose");
        const texts = await until(
          driver,
          async () => {
            const found = await Promise.all(
              (await cards()).map((card) => driver.executeScript("return arguments[0].innerText", card)),
            );
            return found.some((text) => text.includes(cheaper)) && found;
          },
          cheaper,
        );
        await unhurried(driver);
        const place = texts.findIndex((text) => text.includes(cheaper));
        await clickAtRest(driver, (await cards())[place]);
      }
      await isPicked();
      assert.equal(await pick(), "You would like Corner.");
      await driver.navigate().refresh();
      await isPicked();
    });
  });
}
