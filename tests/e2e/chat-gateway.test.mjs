// The chat of the site with a gateway behind it: page ↔ gateway ↔ model's server, where everything that crosses either
// arrow is kept. The model's server is a second gateway with a stand-in.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { Key } from "selenium-webdriver";
import { missing, SITE, startGateway } from "../program.mjs";
import { BROWSERS, clickAtRest, OPEN_ROOTS, serve, unhurried, until } from "./harness.mjs";
import { relay } from "./relay.mjs";
import { assertSilent } from "./silent.mjs";

/** Most are unknown to the stand-in, one is typed twice, and one has markup. */
const MESSAGES = [
  "Why is my homemade bread so dense?",
  "zyxwv",
  "How do I fold a fitted sheet?",
  "How do I fold a fitted sheet?",
  "Write a letter to my landlord",
  "hi",
  "Should I buy or rent?",
  "<b>bold</b> & **bolder**",
  "What is the capital of Mongolia?",
  "Thanks!",
];
/** The button that puts a question off. */
const DISMISS = "[data-action=dismiss]";
/** What a request for drafts may have. */
const FIELDS = ["messages", "model", "n", "stream"];

/** A page with the code of docs/gateway.md, and the files of the package here. Nobody is there to answer. */
function documented() {
  const docs = readFileSync(new URL("../../docs/gateway.md", import.meta.url), "utf8");
  const [, code] = docs.match(/```js\n(import "leaning\/element";.*?)```/s);
  return `<!doctype html><meta charset="utf-8"><title>t</title>${OPEN_ROOTS}
<leaning-compare deck="decks/assistant-style-en.json"></leaning-compare>
<script type="module">
${code.replace('"leaning/element"', '"./pkg/element.js"').replace("http://127.0.0.1:8787", "")}
window.reply = reply;
setInterval(() => compare.shadowRoot.querySelector("[data-action=dismiss]")?.click(), 100);
</script>`;
}

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`the chat with a gateway in ${name}`, { skip: missing }, () => {
    const fromPage = [];
    const fromGateway = [];
    let broken = () => false;
    let stand;
    let model;
    let gateway;
    let site;
    let driver;
    before(async () => {
      stand = await startGateway("--stand-in");
      model = createServer(
        relay(
          () => stand.url,
          fromGateway,
          (response) => broken(response),
        ),
      );
      await new Promise((resolve) => model.listen(0, "127.0.0.1", resolve));
      gateway = await startGateway("--upstream", `http://127.0.0.1:${model.address().port}/v1`, ...SITE);
      const api = relay(() => gateway.url, fromPage);
      site = await serve(
        { "/v1/models": api, "/v1/chat/completions": api, "/documented.html": documented() },
        name,
      );
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
      await gateway?.end();
      model?.closeAllConnections();
      model?.close();
      await stand?.end();
    });

    const find = (css) => driver.findElements({ css });
    const inCompare = async (css) =>
      (await (await driver.findElement({ css: "leaning-compare" })).getShadowRoot()).findElements({ css });
    const isAsking = async () => (await driver.findElement({ id: "asking" })).isDisplayed();
    const said = () => driver.findElement({ id: "said" }).getText();
    const field = () => driver.findElement({ id: "message" });
    const log = async () =>
      JSON.parse(
        (await driver.executeScript("return localStorage.getItem('leaning:assistant-style-en')")) ?? "null",
      );
    const button = async (text) => {
      for (const one of await find(".turn:last-child .actions button"))
        if ((await one.getText()) === text) return one;
      return null;
    };
    const press = async (text) =>
      clickAtRest(driver, await until(driver, () => button(text), `the button ${text}`));

    async function open() {
      broken = () => false;
      await driver.get(`${site.url}/icon.svg`);
      await driver.executeScript("localStorage.clear()");
      await driver.get(`${site.url}/chat.html`);
      await until(driver, isAsking, "the chat");
      fromPage.length = 0;
      fromGateway.length = 0;
    }

    /**
     * Sends a message. Resolves once the reply is there. If the chat asks, the second draft is chosen, or with `DISMISS` the
     * question put off.
     */
    async function send(message, answer = "button.choose") {
      const count = (await find(".turn")).length;
      await (await field()).sendKeys(message, Key.ENTER);
      await until(driver, async () => (await find(".turn")).length === count + 1, "the turn");
      const state = await until(
        driver,
        async () => ((await inCompare("button.choose")).length ? "asks" : (await isAsking()) && "shows"),
        `a reply to ${message}`,
      );
      if (state === "asks") {
        await unhurried(driver);
        await clickAtRest(driver, (await inCompare(answer)).at(-1));
        await until(driver, isAsking, "the reply after the choice");
      }
      return state;
    }

    test("ten messages are answered and preferences learned, and nothing but messages and drafts is sent", async () => {
      await open();
      const asked = [];
      for (const message of MESSAGES) asked.push(await send(message));
      assert.equal((await find(".turn .now")).length, MESSAGES.length);
      assert.ok(asked.includes("asks"), "it asks now and then");
      const { answers } = await log();
      assert.equal(answers.length, asked.filter((one) => one === "asks").length);
      const headings = await driver.executeScript(
        "return [...document.querySelectorAll('.message')].map(({ textContent }) => textContent)",
      );
      assert.deepEqual(
        headings,
        MESSAGES.map((message) => `You: ${message}`),
      );
      assert.equal((await find(".message b, .message strong")).length, 0, "a message is no markup");
      // Between gateway and model.
      const completions = fromGateway.filter(({ url }) => url.endsWith("/completions"));
      assert.equal(completions.length, MESSAGES.length);
      // Between page and gateway.
      const requests = fromPage.filter(({ url }) => url.endsWith("/completions"));
      assert.equal(requests.length, MESSAGES.length);
      assert.deepEqual(
        fromPage.filter((request) => !requests.includes(request)),
        [],
        "no other request once the page is there",
      );
      for (const [turn, { body }] of requests.entries()) {
        const { messages, ...rest } = JSON.parse(body);
        assert.deepEqual(Object.keys({ messages, ...rest }).toSorted(), FIELDS);
        assert.deepEqual([rest.n, rest.stream], [4, true]);
        assert.deepEqual(
          messages.filter(({ role }) => role === "user").map(({ content }) => content),
          MESSAGES.slice(0, turn + 1),
        );
        assert.deepEqual(
          new Set(messages.map(({ role }) => role)),
          new Set(["user", "assistant"].slice(0, turn + 1)),
        );
      }
      await assertSilent(driver, [...requests, ...completions], answers);
    });

    test("whatever is picked, the same conversation is sent, unless the person lets the model know", async () => {
      const sent = [];
      const agree = async () => {
        await clickAtRest(driver, await driver.findElement({ css: "#way > summary" }));
        await clickAtRest(driver, await driver.findElement({ id: "tell-pick" }));
      };
      for (const choice of [null, "Keep the second", "tell", "tell too late"]) {
        await open();
        if (choice === "tell") await agree();
        await send("zyxwv", DISMISS);
        if (choice) {
          await press("Another answer");
          await press("Keep the second");
        }
        const shown = await driver.executeScript(
          "return document.querySelector('.turn:last-child .now').textContent",
        );
        if (choice === "tell too late") await agree();
        await send("and then?");
        const { messages } = JSON.parse(fromPage.at(-1).body);
        sent.push({ shown, context: messages[1].content });
      }
      const [first, kept, told, late] = sent;
      assert.equal(kept.context, first.context);
      assert.notEqual(kept.shown, first.shown);
      assert.notEqual(told.context, first.context);
      assert.equal(late.context, first.context, "nothing is told from before the person agreed");
    });

    test("another answer is learned from once one is kept, and by going on", async () => {
      await open();
      await send("hi", DISMISS);
      const before = (await log())?.answers.length ?? 0;
      const requests = fromPage.length;
      await press("Another answer");
      assert.equal((await find(".turn .answer")).length, 2);
      assert.equal(
        await driver.executeScript("return document.activeElement.classList.contains('now')"),
        true,
      );
      await press("Another answer");
      await press("Keep the first");
      await until(driver, async () => (await log()).answers.length === before + 1, "the choice");
      const last = (await log()).answers.at(-1);
      assert.equal(last.scores.length, 3, JSON.stringify(last));
      assert.equal(last.chose, last.shown[0]);
      assert.match(await driver.findElement({ css: ".turn .why" }).getText(), /You kept the first answer\./);
      assert.equal(await said(), "Saved on this device.");
      assert.equal(fromPage.length, requests, "no byte leaves");
      await press("Undo");
      await until(driver, async () => (await said()) === "Undone.", "undone");
      await press("Another answer");
      await send("thanks");
      assert.match(await driver.findElement({ css: ".turn .why" }).getText(), /You kept the second answer\./);
      const kept = (await log()).answers.filter(({ scores }) => scores?.length === 2);
      assert.ok(kept.some(({ chose, shown }) => chose === shown[1]));
      assert.equal((await find(".turn:first-child button")).length, 0, "an earlier turn is done");
    });

    test("one draft is asked for by choice, with words that are shown and may be changed", async () => {
      await open();
      await driver.executeScript(`
        const { interview } = document.querySelector("leaning-compare");
        return (async () => { await interview.setWeight("brevity", 3); })();`);
      await clickAtRest(driver, await driver.findElement({ css: "#way > summary" }));
      assert.equal(await (await driver.findElement({ id: "told" })).isDisplayed(), false);
      await clickAtRest(driver, await driver.findElement({ id: "way-told" }));
      const words = await driver.findElement({ id: "instructions" });
      assert.match(await words.getAttribute("value"), /refer brief over thorough/);
      await words.sendKeys(" Answer in rhyme.");
      await send("hi");
      const { messages, n } = JSON.parse(fromPage.at(-1).body);
      assert.equal(n, 1);
      assert.equal(messages[0].role, "system");
      assert.match(messages[0].content, /refer brief over thorough.*Answer in rhyme\.$/s);
      assert.match(
        await driver.executeScript("return document.getElementById('sent').textContent"),
        /in rhyme/,
      );
      const first = await driver.executeScript("return document.querySelector('.now').textContent");
      await press("Another answer");
      await until(driver, async () => (await find(".turn .answer")).length === 2, "another");
      const second = await driver.executeScript("return document.querySelector('.now').textContent");
      assert.notEqual(second, first);
      assert.equal(fromPage.length, 2);
    });

    test("the page of docs/gateway.md runs as it stands", async () => {
      await open();
      await driver.get(`${site.url}/documented.html`);
      await until(driver, () => driver.executeScript("return Boolean(window.reply)"), "the page's script");
      for (const message of ["hi", "and then?"]) {
        await driver.executeScript(
          "window.shown = null; reply(arguments[0]).then((text) => (window.shown = text));",
          message,
        );
        await until(driver, () => driver.executeScript("return window.shown"), "the reply");
      }
      const { messages } = JSON.parse(fromPage.at(-1).body);
      assert.deepEqual(
        messages.map(({ role }) => role),
        ["user", "assistant", "user"],
      );
      assert.ok(
        await driver.executeScript("return document.querySelector('leaning-compare').interview !== null"),
      );
    });

    test("a model that fails leaves the message in its field, and the next try works", async () => {
      await open();
      broken = (response) => response.writeHead(500).end() !== undefined;
      await (await field()).sendKeys("hi", Key.ENTER);
      await until(
        driver,
        async () => /^The model's server could not answer\. Your message is back/.test(await said()),
        "the error",
      );
      assert.equal(await (await field()).getAttribute("value"), "hi");
      assert.equal((await find(".turn")).length, 0);
      // Half a stream.
      broken = (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write('data: {"choices":[{"index":0,"delta":{"content":"Half"}}]}\n\n');
        setTimeout(() => response.destroy(), 300);
        return true;
      };
      await (await field()).sendKeys(Key.ENTER);
      await until(driver, async () => !(await isAsking()), "the drafts");
      await until(
        driver,
        async () =>
          /^The connection broke off\. Your message|^The model's server could not answer/.test(await said()),
        "the second error",
      );
      broken = () => false;
      await send("");
      assert.equal((await find(".turn .now")).length, 1);
    });

    test("drafts are seen as they grow, and stopping brings the message back", async () => {
      await open();
      let end;
      broken = (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write('data: {"choices":[{"index":2,"delta":{"content":"Some **bold** words"}}]}\n\n');
        end = () => response.destroy();
        return true;
      };
      await (await field()).sendKeys("hi", Key.ENTER);
      const third = await until(driver, async () => (await find(".draft strong"))[0], "a growing draft");
      assert.equal(await third.getText(), "bold");
      assert.equal((await find(".draft")).length, 4);
      assert.match(await driver.findElement({ css: ".growing" }).getText(), /Four drafts are being written/);
      await clickAtRest(driver, await driver.findElement({ css: ".growing button" }));
      await until(
        driver,
        async () => (await said()) === "Stopped. Your message is back in its field.",
        "stopped",
      );
      assert.equal(await (await field()).getAttribute("value"), "hi");
      end();
    });
  });
}
