// The interview without a page in workers: in modules that import the package as it is, and in scripts that a bundler made.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import * as leaning from "../../pkg/index.js";
import { interview } from "../headless.mjs";
import { BROWSERS, serve } from "./harness.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const DECK = readFileSync(path("../../www/decks/weekend.json"), "utf8");
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";

/** Answers any message with the results. Only what a page sends reaches a service worker once it is active. */
const SCRIPT = `import * as leaning from "./pkg/index.js";
import { interview } from "./tests/headless.mjs";
addEventListener("message", async ({ data: deck, ports: [port] }) =>
  port.postMessage(await interview(leaning, deck).catch((error) => String(error))));`;

const javascript = (text) => ({
  text,
  headers: { "content-type": "text/javascript", "content-security-policy": POLICY },
});

/** The script in one file, for workers that are no modules. */
async function bundled() {
  const { outputFiles } = await build({
    stdin: { contents: SCRIPT, resolveDir: path("../..") },
    bundle: true,
    format: "iife",
    write: false,
  });
  return outputFiles[0].text;
}

const ASK = `const [kind, file, deck, done] = arguments;
(async () => {
  const type = file === "module.js" ? "module" : "classic";
  let worker;
  if (kind === "worker") worker = new Worker(file, { type });
  else {
    const registration = await navigator.serviceWorker.register(file, { type, scope: "/" + file });
    worker = registration.installing ?? registration.waiting ?? registration.active;
    while (worker.state !== "activated")
      await new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }));
  }
  worker.onerror = ({ message }) => done("failed: " + message);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => done(data);
  worker.postMessage(JSON.parse(deck), [port2]);
})().catch((error) => done("failed: " + error));`;

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`workers in ${name}`, () => {
    let site;
    let driver;
    let expected;
    before(async () => {
      expected = await interview(leaning, JSON.parse(DECK));
      const page = {
        text: "<!doctype html><title>t</title>",
        headers: { "content-security-policy": POLICY },
      };
      const pages = {
        "/page.html": page,
        "/module.js": javascript(SCRIPT),
        "/tests/headless.mjs": javascript(readFileSync(path("../headless.mjs"), "utf8")),
        "/classic.js": javascript(await bundled()),
      };
      site = await serve(pages, name);
      driver = await start();
      await driver.manage().setTimeouts({ script: 60_000 });
      await driver.get(`${site.url}/page.html`);
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const ask = (kind, file) => driver.executeAsyncScript(ASK, kind, file, DECK);

    for (const file of ["module.js", "classic.js"]) {
      test(`a web worker, ${file}, asks and ranks to the same bits as Node.js`, async () => {
        assert.deepEqual(await ask("worker", file), expected);
      });
    }

    test("a service worker from a bundler asks and ranks to the same bits as Node.js", async () => {
      assert.deepEqual(await ask("service worker", "classic.js"), expected);
    });

    test("a service worker that imports the package does the same, but for the words", async () => {
      // No service worker may load a module later on.
      assert.deepEqual(await ask("service worker", "module.js"), { ...expected, words: "TypeError" });
    });
  });
}
