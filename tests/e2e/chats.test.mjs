// The chats of examples/chats with a gateway behind them: drafts are compared, choices are learned and shown, and nothing
// that was learned is sent.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { Key } from "selenium-webdriver";
import { serveRoute } from "../../examples/chats/serve-route.mjs";
import { missing, SITE, startGateway } from "../program.mjs";
import { clickAtRest, FIRST_BROWSER, serve, unhurried, until } from "./harness.mjs";
import { relay } from "./relay.mjs";
import { assertSilent } from "./silent.mjs";

const ROUTE = new URL("../../target/examples/chats/server/route.js", import.meta.url);
const skip = missing || (existsSync(ROUTE) ? false : "the chats are not built");

const MESSAGES = ["hi", "Why is my homemade bread so dense?", "Should I buy or rent?", "Thanks!"];
const CHATS = {
  "ai-sdk": { field: "input", replies: ".reply" },
  "assistant-ui": { field: "#app textarea", replies: ".reply" },
  "deep-chat": {
    root: "deep-chat",
    field: "#text-input",
    replies: ".ai-message.text-message",
  },
  fetch: { field: "input", replies: ".reply[aria-busy=false]" },
};

for (const [name, start] of Object.entries(FIRST_BROWSER)) {
  describe(`the chats of others in ${name}`, { skip }, () => {
    /** The requests that reached the gateway, and those of the page to the route of the AI SDK. */
    const requests = [];
    let isBroken = false;
    let isScored = true;
    let gateway;
    let unscored;
    let site;
    let driver;
    before(async () => {
      gateway = await startGateway("--stand-in", ...SITE);
      unscored = await startGateway("--stand-in");
      const { POST } = await import(ROUTE);
      const api = relay(
        () => (isScored ? gateway : unscored).url,
        requests,
        (response) => isBroken && response.writeHead(500).end('{"error":{"message":"It is broken."}}'),
      );
      const route = serveRoute(async (request) => {
        const body = await request.clone().text();
        requests.push({ url: "/api/chat", headers: Object.fromEntries(request.headers), body });
        return POST(request);
      });
      site = await serve({ "/v1/chat/completions": api, "/api/chat": route }, name);
      process.env.LEANING_GATEWAY = site.url;
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
      await gateway?.end();
      await unscored?.end();
    });

    /** Looks into the question, which deep-chat has among its messages. */
    const inCompare = async (css) => {
      const [chat] = await driver.findElements({ css: "deep-chat" });
      const [compare] = await (chat ? await chat.getShadowRoot() : driver).findElements({
        css: "leaning-compare",
      });
      return compare ? (await compare.getShadowRoot()).findElements({ css }) : [];
    };
    const answers = async () => {
      const log = await driver.executeScript("return localStorage.getItem('leaning:assistant-style-en')");
      return JSON.parse(log)?.answers ?? [];
    };
    const press = async (css) =>
      clickAtRest(driver, await until(driver, () => driver.findElement({ css }), css));
    const plain = (text) => text.replace(/\s+/g, "");
    const textOf = async (element) =>
      plain(await driver.executeScript("return arguments[0].textContent", element));

    async function open(chat) {
      isBroken = false;
      isScored = true;
      await driver.get(`${site.url}/icon.svg`);
      await driver.executeScript("localStorage.clear()");
      await driver.get(`${site.url}/examples/chats/${chat}/index.html`);
      const { root, field, replies } = CHATS[chat];
      const find = async (css) =>
        (root ? await (await driver.findElement({ css: root })).getShadowRoot() : driver).findElements({
          css,
        });
      await until(driver, async () => (await find(field)).length === 1, "the chat");
      requests.length = 0;
      const shown = async () => Promise.all((await find(replies)).map(textOf));
      const type = async (message) => {
        const [input] = await find(field);
        await clickAtRest(driver, input);
        await input.sendKeys(message, Key.ENTER);
      };

      /**
       * Sends a message. Resolves once the reply is there, to the text that was chosen if the chat asked. `choose` is the
       * draft to choose, "shorter" or "longer", or null to put the question off. Their sides are random.
       */
      async function send(message, choose = "longer") {
        const count = (await shown()).length;
        await type(message);
        const asks = await until(
          driver,
          async () => {
            if ((await inCompare("button.choose")).length > 0) return "asks";
            return (await shown()).length > count && "shows";
          },
          `a reply to ${message}`,
        );
        if (asks === "shows") return null;
        await unhurried(driver);
        const texts = await Promise.all((await inCompare("article .text")).map(textOf));
        const place = texts[0].length > texts[1].length === (choose === "longer") ? 0 : 1;
        const choices = await inCompare("button.choose");
        const [dismiss] = await inCompare("[data-action=dismiss]");
        await clickAtRest(driver, choose === null ? dismiss : choices[place]);
        await until(driver, async () => (await shown()).length > count, `the pick for ${message}`);
        return choose === null ? null : texts[place];
      }
      return { find, shown, type, send };
    }

    for (const chat of Object.keys(CHATS)) {
      test(`in ${chat} choices are learned and shown, and never sent`, async () => {
        const conversations = [];
        for (const choose of ["shorter", "longer"]) {
          const { shown, send } = await open(chat);
          let asked = 0;
          for (const message of MESSAGES) {
            const chosen = await send(message, choose);
            if (chosen === null) continue;
            asked += 1;
            assert.equal((await shown()).at(-1), chosen);
          }
          assert.ok(asked > 0, "it asks");
          const log = await answers();
          assert.equal(log.length, asked);
          const known = requests.map(({ body }) => JSON.parse(body).messages);
          assert.equal(known.length, MESSAGES.length * (chat === "ai-sdk" ? 2 : 1));
          await assertSilent(driver, requests, log);
          conversations.push(requests.filter(({ url }) => url !== "/api/chat").map(({ body }) => body));
        }
        const hosts = await driver.executeScript(
          "return performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin)",
        );
        assert.deepEqual(new Set(hosts), new Set([site.url]), "it asks no other host");
        // The context is the first draft, whatever was chosen.
        assert.deepEqual(conversations[0], conversations[1]);
        const { messages } = JSON.parse(conversations[0].at(-1));
        assert.deepEqual(
          messages.filter(({ role }) => role === "user").map(({ content }) => content),
          MESSAGES,
        );
        assert.equal(messages.filter(({ role }) => role === "assistant").length, MESSAGES.length - 1);
      });

      test(`in ${chat} the first draft is shown if none has scores`, async () => {
        const { shown, send } = await open(chat);
        isScored = false;
        await send("hi");
        assert.deepEqual(await shown(), ["Hello.WhatcanIdoforyou?"]);
        assert.deepEqual(await answers(), []);
      });

      test(`in ${chat} a failure is told, and the next message is answered`, async () => {
        const { find, send, type } = await open(chat);
        isBroken = true;
        await type("hi");
        await until(
          driver,
          async () => {
            const told = await find(".error-message-text, [role=alert], .reply");
            return (await Promise.all(told.map(textOf))).some((text) => text.includes("Itisbroken."));
          },
          "the error",
        );
        isBroken = false;
        await send("Thanks!");
      });
    }

    test("in ai-sdk another answer is learned from once one is kept, and by going on", async () => {
      const { shown, send, type } = await open("ai-sdk");
      await send("hi", null);
      const [first] = await shown();
      await press("#another");
      const [, second] = await until(
        driver,
        async () => (await shown()).length === 2 && shown(),
        "another answer",
      );
      assert.notEqual(second, first);
      assert.deepEqual(await answers(), [], "asking for another says nothing yet");
      const sent = requests.length;
      await press("section:nth-of-type(1) button");
      await until(driver, async () => (await shown()).length === 1, "one is kept");
      assert.deepEqual(await shown(), [first]);
      const [kept] = await answers();
      assert.equal(kept.chose, kept.shown[0]);
      assert.equal(requests.length, sent, "no byte leaves");
      await press("#another");
      await until(driver, async () => (await shown()).length === 2, "another answer");
      await type("Thanks!");
      const [, went] = await until(
        driver,
        async () => (await answers()).length === 2 && answers(),
        "the second choice",
      );
      assert.equal(went.chose, went.shown[1]);
      await assertSilent(driver, requests, await answers());
    });

    test("in assistant-ui going on below a branch is learned, and thumbs are", async () => {
      const { shown, send } = await open("assistant-ui");
      await send("hi", null);
      const [first] = await shown();
      const sent = requests.length;
      const another = async () => {
        const replies = await shown();
        const buttons = () => driver.findElements({ css: ".another" });
        // They are hidden while an answer is on its way.
        await until(driver, async () => (await buttons()).length === replies.length, "the buttons");
        await clickAtRest(driver, (await buttons()).at(-1));
        await until(
          driver,
          async () => {
            const now = await shown();
            return now.length === replies.length && now.at(-1) !== replies.at(-1);
          },
          "a branch",
        );
      };
      await another();
      assert.equal(requests.length, sent, "the other drafts are in the page");
      assert.match(await driver.findElement({ css: ".why" }).getText(), /\w/);
      await press("[aria-label='Previous answer']");
      await until(driver, async () => (await shown())[0] === first, "the first branch");
      assert.deepEqual(await answers(), []);
      await send("Should I buy or rent?", null);
      const [kept] = await answers();
      assert.equal(kept.scores.length, 2);
      assert.equal(kept.chose, kept.shown[0]);
      await another();
      await send("Thanks!", null);
      const [, went] = await answers();
      assert.equal(went.chose, went.shown[1]);
      for (const [label, rating] of [
        ["Good answer", 2],
        ["Bad answer", 1],
      ]) {
        const before = (await answers()).length;
        await press(`[aria-label='${label}']`);
        const rated = await until(driver, async () => (await answers())[before], label);
        assert.deepEqual([rated.kind, rated.rating, rated.of, rated.scores.length], ["rating", rating, 2, 1]);
      }
      await assertSilent(driver, requests, await answers());
    });
  });
}
