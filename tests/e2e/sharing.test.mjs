// Weights that a person shares, from an interview in a browser.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, serve, until } from "./harness.mjs";
import { DECK } from "./states.mjs";

/** In a frame without an origin of its own. */
const SEALED = `
import { init, Leaning } from "/pkg/index.js";
await init();
const deck = await (await fetch("/${DECK}")).json();
const interview = await Leaning.open({ deck, storage: "memory" });
interview.next();
await interview.answer({ chose: 0 });
const outcome = interview.shareable({ epsilon: 1 }).then(() => "shared", ({ code, path }) => [code, path]);
parent.postMessage({ origin: globalThis.origin, outcome: await outcome }, "*");`;

const PAGES = {
  "/sealed.js": SEALED,
  "/sealed.html":
    '<!doctype html><html lang="en"><head><title>t</title></head><body><script type="module" src="/sealed.js"></script></body></html>',
  "/share.js": `
import { init, Leaning } from "/pkg/index.js";
await init();
const deck = await (await fetch("/${DECK}")).json();
window.interview = await Leaning.open({ deck });
window.loaded = true;`,
  "/share.html":
    '<!doctype html><html lang="en"><head><title>t</title></head><body><script type="module" src="/share.js"></script></body></html>',
};

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`sharing, in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve(PAGES, name);
      driver = await start();
      await driver.get(`${site.url}/share.html`);
      await until(driver, () => driver.executeScript("return window.loaded"), "the interview");
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });
    const run = (body) =>
      driver.executeAsyncScript(
        `const done = arguments[0]; (async () => { ${body} })().then(done, ({ code, path }) => done([code, path]))`,
      );

    test("a record has two dimensions, whole numbers and nothing else, and is stored and sent nowhere", async () => {
      const before = site.requests.length;
      const record = await run(`
        interview.next();
        await interview.answer({ chose: 0 });
        return interview.shareable({ epsilon: 2 })`);
      const { format, deck, epsilon, bound, steps, dimensions, values, ...others } = record;
      assert.deepEqual(
        [format, deck.id, epsilon, bound, steps],
        ["leaning-shared/1", "assistant-style-en", 2, 2, 8],
      );
      assert.deepEqual(others, {});
      assert.equal(new Set(dimensions).size, 2);
      assert.ok(values.length === 2 && values.every(Number.isInteger), `${values}`);
      const sent = site.requests.slice(before).filter((request) => !/GET \/pkg\/[\w-]+\.js$/.test(request));
      assert.deepEqual(sent, []);
    });

    test("what was shared adds up over forgetting, to a budget", async () => {
      await run("await interview.forget()");
      assert.deepEqual(await run("return interview.shareable({ epsilon: 6.5 })"), ["options", "epsilon"]);
      assert.equal((await run("return interview.shareable({ epsilon: 6 })")).epsilon, 6);
      assert.deepEqual(await run("return interview.shareable({ epsilon: 0.001 })"), ["options", "epsilon"]);
      for (const wrong of ["{}", "undefined", "null", "{ get epsilon() { throw 1 } }", "{ epsilon: '1' }"])
        assert.equal((await run(`return interview.shareable(${wrong})`))[0], "options", wrong);
    });

    test("nothing is shared in a frame without an origin, where nobody can count it", async () => {
      const said = await run(`
        const heard = new Promise((resolve) => addEventListener("message", ({ data }) => resolve(data), { once: true }));
        const frame = document.createElement("iframe");
        frame.sandbox = "allow-scripts";
        frame.src = "/sealed.html";
        document.body.append(frame);
        return heard`);
      assert.deepEqual(said, { origin: "null", outcome: ["options", "epsilon"] });
    });
  });
}
