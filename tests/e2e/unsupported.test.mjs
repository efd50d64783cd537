// Browsers that cannot run the module, and those that know less CSS than the element's looks are made of.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { BROWSERS, clickAtRest, OPEN_ROOTS, serve, unhurried, until } from "./harness.mjs";
import { DECK } from "./states.mjs";

/** Scripts that take from a browser what it needs. */
const LACKS = {
  WebAssembly: "delete globalThis.WebAssembly;",
  "features of WebAssembly":
    "WebAssembly.validate = () => false; WebAssembly.compile = WebAssembly.instantiate = WebAssembly.instantiateStreaming = async () => { throw new WebAssembly.CompileError('an old engine'); };",
};

const page = (script) => `<!doctype html><html lang="de"><meta charset="utf-8"><title>t</title>${OPEN_ROOTS}
<style>body { color: rgb(1, 2, 3); background: rgb(250, 250, 250); }</style>
<script>
  ${script}
  window.heard = [];
  for (const type of ["leaning-ready", "leaning-done", "leaning-error"])
    addEventListener(type, ({ target, detail }) => heard.push([target.localName, type, detail.code ?? null]), true);
</script>
<leaning-quiz deck="${DECK}" max-questions="2" storage="memory"><p>Schreiben Sie uns.</p></leaning-quiz>
<leaning-profile deck="${DECK}" storage="memory"><p>Hier steht später Ihr Profil.</p></leaning-profile>
<script type="module" src="/pkg/element.js"></script></html>`;

/** The package's scripts, for a browser that does not know the CSS function that its colors come from. */
const PACKAGE = new URL("../../pkg/", import.meta.url);
const withoutColors = Object.fromEntries(
  readdirSync(PACKAGE)
    .filter((name) => name.endsWith(".js"))
    .map((name) => [
      `/old/${name}`,
      readFileSync(new URL(name, PACKAGE), "utf8").replaceAll("light-dark(", "unknown-function("),
    ]),
);

const PAGES = {
  ...withoutColors,
  ...Object.fromEntries(Object.values(LACKS).map((script, place) => [`/lacks-${place}.html`, page(script)])),
  "/plain.html": page("").replace("/pkg/element.js", "/old/element.js"),
};

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`old browsers, as ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve(PAGES, name);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const run = (script, ...values) => driver.executeScript(script, ...values);
    const heard = () => run("return heard");
    const rootText = (tag) => run("return document.querySelector(arguments[0]).shadowRoot.textContent", tag);
    const isShown = (css) =>
      run("return document.querySelector(arguments[0]).getClientRects().length > 0", css);

    for (const [place, lack] of Object.keys(LACKS).entries()) {
      test(`without ${lack} one sentence says so in the page's language, and the page's own content stays`, async () => {
        await driver.get(`${site.url}/lacks-${place}.html`);
        await until(driver, async () => (await heard()).length === 2, "both errors");
        assert.deepEqual((await heard()).sort(), [
          ["leaning-profile", "leaning-error", "unsupported"],
          ["leaning-quiz", "leaning-error", "unsupported"],
        ]);
        const texts = async () => [await rootText("leaning-quiz"), await rootText("leaning-profile")];
        await until(driver, async () => (await texts()).join("") !== "", "the sentence");
        assert.deepEqual((await texts()).sort(), ["", "Dieser Browser kann die Fragen nicht anzeigen."]);
        for (const css of ["leaning-quiz > p", "leaning-profile > p"]) assert.ok(await isShown(css), css);
      });
    }

    test("without the CSS of its colors the quiz has those of the page, and goes on to the end", async () => {
      await driver.get(`${site.url}/plain.html`);
      const inside = async (css) =>
        (await (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot()).findElements({ css });
      for (let question = 0; question < 2; question++) {
        const choice = await until(driver, async () => (await inside("button.choose"))[0], "a question");
        assert.equal(await run("return getComputedStyle(arguments[0]).color", choice), "rgb(1, 2, 3)");
        await unhurried(driver);
        await clickAtRest(driver, choice);
      }
      const isDone = async () => (await heard()).some(([, type]) => type === "leaning-done");
      await until(driver, isDone, "the end");
    });
  });
}
