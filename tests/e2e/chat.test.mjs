// A person in the chat: they see their favourites, are asked now and then, and their choices are learned.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { Key } from "selenium-webdriver";
import { BROWSERS, OPEN_ROOTS, serve, unhurried, until } from "./harness.mjs";

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`the chat in ${name}`, () => {
    let site;
    let driver;
    /** The code that the chat page shows, with the files of the package here. */
    let lines = "";
    before(async () => {
      const eight = (_, response) => {
        response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
        response.end(nineLines(lines));
      };
      site = await serve({ "/nine.html": eight }, name);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const find = (css) => driver.findElements({ css });
    const inside = async (tag, css) =>
      (await (await driver.findElement({ css: tag })).getShadowRoot()).findElements({ css });
    /** What the profile says, which is closed. */
    const rests = async () =>
      driver.executeScript(
        "return arguments[0].textContent",
        (await inside("leaning-profile", ".profile"))[0],
      );
    const drafts = () => inside("leaning-compare", "button.choose");
    const suggestions = async () => {
      const buttons = await find("#suggestions button");
      return buttons.length && (await buttons[0].isDisplayed()) ? buttons : null;
    };

    /** Opens the chat with an empty storage. */
    async function open() {
      await driver.get(`${site.url}/icon.svg`);
      await driver.executeScript("localStorage.clear()");
      await driver.get(`${site.url}/chat.html`);
      await until(driver, suggestions, "suggestions");
    }

    test("the chat asks which of two drafts is better, learns from the choice, and never asks twice in a row", async () => {
      await open();
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
          const why = await until(driver, async () => (await find(".turn:last-child .why"))[0], "the reply");
          assert.equal(await why.getText(), "You preferred this one.");
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
      await open();
      await (await suggestions())[0].click();
      const draft = await until(driver, async () => (await drafts())[1], "drafts");
      await unhurried(driver);
      await draft.click();
      const heard = async () =>
        driver.executeScript(
          "return arguments[0].textContent",
          (await inside("leaning-compare", "[role=status]"))[0],
        );
      assert.equal(await heard(), "Saved, on this device only.");
      await (await until(driver, async () => (await find(".reply .actions button"))[0], "undo")).click();
      await until(
        driver,
        async () => (await driver.findElement({ id: "said" }).getText()) === "Undone.",
        "undone",
      );
      await until(driver, async () => (await heard()) === "", "nothing is saved any more");
      await (await suggestions())[0].click();
      await until(driver, suggestions, "no drafts right after drafts");
      await (await suggestions())[0].click();
      await until(driver, async () => (await drafts()).length === 2, "drafts");
      await unhurried(driver);
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

    test("a typed message finds the question that it is about, and a reply is heard once it is complete", async () => {
      await open();
      const field = await driver.findElement({ id: "message" });
      await field.sendKeys("xyzzy", Key.ENTER);
      const said = () => driver.findElement({ id: "said" }).getText();
      assert.match(await said(), /no model behind it/);
      await field.clear();
      await driver.executeScript(`window.heard = [];
        const region = document.getElementById("heard");
        new MutationObserver(() => heard.push(region.textContent)).observe(region, { childList: true });`);
      await field.sendKeys("what should i do on a free saturday?", Key.ENTER);
      assert.match(await driver.findElement({ css: ".turn .message" }).getText(), /free Saturday/);
      const [draft] = await until(driver, async () => (await drafts()).length && (await drafts()), "drafts");
      await unhurried(driver);
      await draft.click();
      await until(driver, suggestions, "the next turn");
      const WRITING = "Four drafts are being written …";
      assert.deepEqual(await driver.executeScript("return heard"), [WRITING], "both drafts have been read");
      const focused = await driver.executeScript("return document.activeElement.ariaLabel");
      assert.equal(focused, "Answer");
      await (await suggestions())[0].click();
      await until(driver, async () => (await find(".turn")).length === 2 && (await suggestions()), "a reply");
      const [card] = await find(".turn:last-child .card");
      assert.deepEqual(await driver.executeScript("return heard"), [
        WRITING,
        WRITING,
        await driver.executeScript("return arguments[0].innerText", card),
      ]);
      await driver.findElement({ css: "#taste > summary" }).click();
      assert.equal(await driver.findElement({ css: "#taste > summary" }).getText(), "Your taste (1 answer)");
      const [entry] = await inside("leaning-profile", ".entry q");
      assert.match(await entry.getText(), /I have a free Saturday/);
    });

    test("two pasted answers are measured as typed, compared with the taste, and learned from, without a request", async () => {
      await open();
      const before = site.requests.length;
      const verdict = () => driver.findElement({ id: "verdict" }).getText();
      const prefer = await driver.findElement({ id: "prefer-0" });
      assert.equal(await prefer.isEnabled(), false);
      await driver.findElement({ id: "first" }).sendKeys("Ship it today. It works. Tell the team at noon.");
      await driver
        .findElement({ id: "second" })
        .sendKeys(
          "Perhaps it might be worth considering whether the release could possibly wait a little, because it seems that several of the colleagues whom you mentioned may not have had an opportunity to look at it, and it would probably be unfortunate if something were overlooked.",
        );
      assert.match(await verdict(), /We don't know your taste yet/);
      const words = await driver.executeScript(
        "return [...document.querySelectorAll('#measured .unseen')].map(({ textContent }) => textContent)",
      );
      assert.match(words[0], /first much more brief than thorough, second /);
      assert.match(
        words.join(),
        /first [\w ]*more decided than cautious, second much more cautious than decided/,
      );
      for (let times = 0; times < 4; times++) await prefer.click();
      const agreed = /^Saved, on this device only\. You should prefer the first\. .*brief.*, as you like it/i;
      await until(driver, async () => agreed.test(await verdict()), "the verdict");
      const log = await driver.executeScript("return localStorage.getItem('leaning:assistant-style-en')");
      assert.equal(JSON.parse(log).answers.length, 4);
      assert.ok(!log.includes("Ship"), "the texts are kept nowhere");
      await driver.executeScript("return document.querySelector('leaning-compare').interview.undo()");
      await until(
        driver,
        async () => /^You should prefer the first/.test(await verdict()),
        "the last one is undone",
      );
      assert.deepEqual(site.requests.slice(before), []);
    });

    test("a chat that cannot load says so and offers to try again", async () => {
      const refuse = (_, response) => response.writeHead(500).end();
      const broken = await serve({ "/decks/assistant-style-en.json": refuse }, name);
      try {
        await driver.get(`${broken.url}/chat.html`);
        const said = () => driver.findElement({ id: "said" }).getText();
        await until(driver, async () => /could not be loaded/.test(await said()), "the error");
        assert.equal((await find("#said button")).length, 1);
      } finally {
        await broken.close();
      }
    });

    test("the nine lines of the page run as they stand, with any model", async () => {
      await open();
      const code = await driver.findElement({ id: "code" }).getText();
      assert.equal(code.split("\n").length, 9);
      const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
      assert.ok(readme.includes(code), "they stand in the README, too");
      lines = code
        .replace("deck.json", "decks/style-basis.json")
        .replace("leaning/element", "./pkg/element.js")
        .replace("leaning/style", "./pkg/style.js");
      await driver.get(`${site.url}/nine.html`);
      const shown = await until(driver, () => driver.executeScript("return window.shown"), "an answer");
      assert.match(shown, /^Answer [12] to Hello\.$/);
    });
  });
}

/** A page around the code. Its model says something else each time. */
function nineLines(code) {
  const imports = code.match(/^import .*$/gm).join("\n");
  const rest = code.replaceAll(/^import .*$/gm, "");
  return `<!doctype html><meta charset="utf-8"><title>t</title>${OPEN_ROOTS}
<leaning-compare deck="decks/assistant-style-en.json"></leaning-compare>
<script type="module">
${imports}
const message = "Hello";
let calls = 0;
const yourModel = async () => \`Answer \${++calls} to \${message}.\`;
const show = (text) => { window.shown = text; };
const element = document.querySelector("leaning-compare");
if (!element.interview) await new Promise((resolve) => element.addEventListener("leaning-ready", resolve));
// Nobody is there to answer.
const dismissing = setInterval(() => element.shadowRoot.querySelector("[data-action=dismiss]")?.click(), 100);
${rest}
clearInterval(dismissing);
</script>`;
}
