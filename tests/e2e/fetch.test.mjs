// A deck, a module and a deck's pictures are fetched without telling who asks, and with `integrity` nothing but the file that the
// publisher meant is used.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { BROWSERS, serve, until } from "./harness.mjs";

const file = (name) => readFileSync(new URL(`../../${name}`, import.meta.url));
const hash = (bytes) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;

const PICTURE = { src: "picture.svg", alt: "A dot", width: 10, height: 10 };
const DECK = JSON.stringify({
  format: "leaning-deck/1",
  id: "fetched",
  dimensions: [{ id: "size" }],
  prompts: ["p", "q"].map((id, place) => ({
    id,
    candidates: [
      { id: "a", text: "One", image: PICTURE, scores: [1] },
      { id: "b", text: "Two", scores: [-1 - place] },
    ],
  })),
});
const MODULE = file("pkg/leaning.wasm");
/** The module with another last byte, and the deck with another letter. */
const changed = Buffer.from(MODULE);
changed[changed.length - 1] ^= 1;

const page = (
  attributes,
  source,
  options = "{}",
) => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>t</title></head><body><leaning-quiz storage="memory" ${attributes}></leaning-quiz><script type="module">
const quiz = document.querySelector("leaning-quiz");
window.told = [];
for (const type of ["ready", "error"])
  quiz.addEventListener("leaning-" + type, ({ detail }) => told.push(detail.code ?? type));
import { init } from "/pkg/element-slim.js";
init("${source}", ${options}).catch(({ code }) => told.push("init: " + code));
</script></body></html>`;

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`what is fetched in ${name}`, () => {
    let site;
    let driver;
    /** The headers of each request, by path. */
    const headers = new Map();
    before(async () => {
      const noted = (bytes, type) => (request, response) => {
        headers.set(request.url, request.headers);
        response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(bytes);
      };
      const wasm = (bytes) => noted(bytes, "application/wasm");
      const json = (text) => noted(text, "application/json");
      const right = JSON.stringify({ integrity: hash(MODULE) });
      site = await serve({
        "/quiz.html": {
          text: page('deck="deck.json"', "/module.wasm"),
          headers: { "set-cookie": "session=secret" },
        },
        "/right.html": page(`deck="deck.json" integrity="${hash(DECK)}"`, "/module.wasm", right),
        "/changed-deck.html": page(`deck="changed.json" integrity="${hash(DECK)}"`, "/module.wasm", right),
        "/changed-module.html": page('deck="deck.json"', "/changed.wasm", right),
        "/unchecked.html": page('deck="changed.json"', "/module.wasm"),
        "/deck.json": json(DECK),
        "/changed.json": json(DECK.replace("Two", "Tow")),
        "/module.wasm": wasm(MODULE),
        "/changed.wasm": wasm(changed),
        "/picture.svg": noted(
          '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>',
          "image/svg+xml",
        ),
        "/plain": json("{}"),
      });
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    async function told(path) {
      headers.clear();
      await driver.get(site.url + path);
      const list = () => driver.executeScript("return window.told");
      await until(driver, async () => (await list())?.length > 0, "an event");
      await driver.sleep(100);
      return list();
    }
    /** The headers of a request that tell about the visitor. */
    const telling = (path) => {
      const { cookie, referer } = headers.get(path);
      return { cookie, referer: referer?.replace(site.url, "") };
    };

    test("the deck and the module are asked for without cookies and referrer, and pictures without a referrer", async () => {
      assert.deepEqual(await told("/quiz.html"), ["ready"]);
      for (const path of ["/deck.json", "/module.wasm"])
        assert.deepEqual(telling(path), { cookie: undefined, referer: undefined }, path);
      assert.equal(telling("/picture.svg").referer, undefined);
    });

    test("a plain request would tell both", async () => {
      await told("/quiz.html");
      await driver.executeAsyncScript("fetch('/plain').then(arguments[0])");
      assert.deepEqual(telling("/plain"), { cookie: "session=secret", referer: "/quiz.html" });
    });

    test("a deck and a module of the right hash are used", async () => {
      assert.deepEqual(await told("/right.html"), ["ready"]);
    });

    test("a changed letter in the deck, or a changed byte in the module, is an error of the code fetch", async () => {
      assert.deepEqual(await told("/changed-deck.html"), ["fetch"]);
      assert.deepEqual((await told("/changed-module.html")).toSorted(), ["fetch", "init: fetch"]);
    });

    test("without integrity nobody notices a changed letter", async () => {
      assert.deepEqual(await told("/unchecked.html"), ["ready"]);
    });
  });
}
