// Difficult pages: a strict content security policy, a sandbox without storage, other components' shadow roots,
// styles that unset everything, WebAssembly that is not allowed, and many elements at a time.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { By, Key } from "selenium-webdriver";
import { BROWSERS, serve, unhurried, until } from "./harness.mjs";
import { README_POLICY } from "./listener.mjs";
import { DECK } from "./states.mjs";

/** The README's policy, and the strictest about scripts that there is. */
const POLICY = `${README_POLICY}; require-trusted-types-for 'script'; trusted-types 'none'`;

const page = (body, head = "") =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title>${head}</head><body>${body}</body></html>`;
const load = '<script type="module" src="/pkg/element.js"></script>';

const STRICT = `
window.violations = [];
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  // WebKit itself asks for an icon of the page.
  if (!blockedURI.endsWith("/favicon.ico")) violations.push(violatedDirective);
});
const compare = document.querySelector("leaning-compare");
compare.addEventListener("leaning-ready", async () => {
  const { prompts } = await (await fetch("/decks/chat.json")).json();
  window.preferred = compare.ask(prompts[0].candidates);
});`;

const NESTED = `
class Outer extends HTMLElement {
  connectedCallback() {
    const inner = document.createElement("x-inner");
    this.attachShadow({ mode: "closed" }).append(inner);
  }
}
class Inner extends HTMLElement {
  connectedCallback() {
    window.quiz = document.createElement("leaning-quiz");
    quiz.deck = "/${DECK}";
    this.attachShadow({ mode: "open" }).append(quiz);
  }
}
customElements.define("x-inner", Inner);
customElements.define("x-outer", Outer);`;

const PAGES = {
  "/strict.js": STRICT,
  "/strict.html": {
    text: page(
      `<leaning-quiz deck="/${DECK}" seed="1" max-questions="9"></leaning-quiz><leaning-compare deck="/${DECK}"></leaning-compare>
      <leaning-profile deck="/${DECK}"></leaning-profile>`,
      `<script src="/strict.js" defer></script>${load}`,
    ),
    headers: { "content-security-policy": POLICY },
  },
  "/blocked.html": {
    text: page(
      `<leaning-quiz deck="/${DECK}"><p id="own">Our own words</p></leaning-quiz>
      <leaning-profile deck="/${DECK}"></leaning-profile>`,
      load,
    ),
    headers: { "content-security-policy": "script-src 'self'" },
  },
  "/inside.html": page(`<leaning-quiz deck="/${DECK}" max-questions="2"></leaning-quiz>`, load),
  "/sandbox.html": page(
    '<iframe sandbox="allow-scripts" src="/inside.html" width="900" height="900"></iframe>',
  ),
  "/nested.js": NESTED,
  "/nested.html": page("<x-outer></x-outer>", `<script type="module" src="/nested.js"></script>${load}`),
  "/hostile.html": page(
    `<leaning-quiz deck="/${DECK}"></leaning-quiz><leaning-profile deck="/${DECK}"></leaning-profile><p id="plain">plain</p><div id="gone">gone</div>`,
    `<style>* { all: unset } html { text-indent: 3em; text-transform: uppercase; white-space: pre } div { display: none } p { color: #fff; display: none !important } button { opacity: 0 }</style>${load}`,
  ),
  "/kind.html": page(
    `<leaning-quiz deck="/${DECK}"></leaning-quiz><leaning-profile deck="/${DECK}"></leaning-profile>`,
    `<style>body { margin: 0 }</style>${load}`,
  ),
  "/ten.html": page(
    [0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
      .map((key) => `<leaning-quiz deck="/${DECK}" storage-key="key-${key}"></leaning-quiz>`)
      .join(""),
    '<script type="module">import { init } from "/pkg/element-slim.js"; init("/pkg/leaning.wasm");</script>',
  ),
};

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`a difficult page, in ${name}`, () => {
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
    async function open(path) {
      await driver.get(`${site.url}/icon.svg`);
      await run("localStorage.clear()");
      await driver.get(site.url + path);
    }
    const all = async (tag, css) =>
      (await (await driver.findElement({ css: tag })).getShadowRoot()).findElements({ css });
    const first = (tag, css) => until(driver, async () => (await all(tag, css))[0], `${css} in ${tag}`);
    async function choose(tag) {
      const button = await first(tag, "button.choose");
      await unhurried(driver);
      await button.click();
    }
    const says = (tag, css, words) =>
      until(driver, async () => (await (await all(tag, css))[0].getText()) === words, words);

    test("the strictest policy with trusted types has nothing to block", async () => {
      await open("/strict.html");
      await choose("leaning-quiz");
      await says("leaning-quiz", ".count", "Question 2 of 9");
      await unhurried(driver);
      await driver.actions().sendKeys("1").perform();
      await says("leaning-quiz", ".count", "Question 3 of 9");
      await (await first("leaning-quiz", "summary")).click();
      await choose("leaning-compare");
      assert.equal(typeof (await run("return preferred")), "number");
      await says("leaning-profile", ".count", "Based on 3 answers.");
      const slider = await first("leaning-profile", "input[type=range]");
      await run("arguments[0].focus()", slider);
      await driver.actions().sendKeys(Key.END).perform();
      await first("leaning-profile", ".own-statement:not([hidden])");
      for (const summary of await all("leaning-profile", "summary")) await summary.click();
      assert.deepEqual(await run("return violations"), []);
      // The policy is in force, as far as the browser knows it: older ones have no trusted types.
      const [known, stopped] = await run(`
        try { document.createElement("p").innerHTML = "<b>x</b>"; } catch { return [true, true]; }
        return ["trustedTypes" in window, false];`);
      assert.equal(stopped, known);
      await run(
        `document.head.append(Object.assign(document.createElement("style"), { textContent: "p { color: red }" }))`,
      );
      await until(
        driver,
        async () => (await run("return violations")).some((directive) => directive.startsWith("style-src")),
        "a violation",
      );
    });

    test("without WebAssembly one element says so in place of the page's own content, and the others are empty", async () => {
      await open("/blocked.html");
      const own = await driver.findElement({ id: "own" });
      const error = await first("leaning-quiz", "[role=alert]");
      assert.equal(await error.getText(), "The questions could not be loaded. Check your connection.");
      assert.equal(await run("return arguments[0].checkVisibility()", own), false);
      assert.equal((await all("leaning-profile", "[role=alert]")).length, 0);
    });

    test("in a sandbox without storage the quiz works, and says that nothing is kept", async () => {
      await open("/sandbox.html");
      await driver.switchTo().frame(0);
      await choose("leaning-quiz");
      await says("leaning-quiz", ".count", "Question 2 of 2");
      await choose("leaning-quiz");
      await says(
        "leaning-quiz",
        ".notice",
        "Your answers are only on this page and disappear when you close it.",
      );
      await assert.rejects(run("return localStorage.length"), "there is no storage in it");
    });

    test("inside other components' shadow roots the quiz is answered by mouse and by keyboard", async () => {
      await open("/nested.html");
      const quiz = await until(driver, () => run("return window.quiz?.interview && window.quiz"), "the quiz");
      const root = await quiz.getShadowRoot();
      await unhurried(driver);
      await (await root.findElement(By.css("button.choose"))).click();
      await until(driver, () => run("return quiz.interview.status().answered === 1"), "the answer");
      await unhurried(driver);
      await driver.actions().sendKeys("2").perform();
      await until(driver, () => run("return quiz.interview.status().answered === 2"), "the other answer");
    });

    test("styles that unset and hide everything on the page change nothing inside", async () => {
      const layout = async (path) => {
        await open(path);
        await first("leaning-quiz", ".candidate");
        await first("leaning-profile", ".dimension");
        const look = [];
        for (const [tag, css] of [
          ["leaning-quiz", ".prompt"],
          ["leaning-quiz", ".candidate"],
          ["leaning-quiz", "button.choose"],
          ["leaning-quiz", ".progress"],
          ["leaning-profile", ".dimension"],
          ["leaning-profile", "label.secondary-button"],
        ]) {
          const [element] = await all(tag, css);
          const { width, height } = await element.getRect();
          const style = await run(
            "const { display, color, fontSize, opacity, textTransform } = getComputedStyle(arguments[0]); return [display, color, fontSize, opacity, textTransform]",
            element,
          );
          look.push([css, Math.round(height), ...style]);
          assert.ok(width > 40 && height > 5, `${css} on ${path} is ${width} × ${height}`);
        }
        return look;
      };
      const kind = await layout("/kind.html");
      assert.deepEqual(await layout("/hostile.html"), kind);
      // The styles do apply to the page itself.
      assert.equal(await (await driver.findElement({ id: "gone" })).isDisplayed(), false);
    });

    test("ten elements load one module; two of them with one key share an interview, the others do not", async () => {
      const before = site.requests.length;
      await open("/ten.html");
      await until(
        driver,
        () =>
          run("return [...document.querySelectorAll('leaning-quiz')].every(({ interview }) => interview)"),
        "all ten",
      );
      const modules = site.requests.slice(before).filter((request) => request.includes(".wasm"));
      assert.equal(modules.length, 1, `${modules}`);
      const [same, different] = await run(`
        const [one, two, ...others] = document.querySelectorAll("leaning-quiz");
        return [one.interview === two.interview, new Set(others.map(({ interview }) => interview)).size]`);
      assert.deepEqual([same, different], [true, 8]);
      await choose("leaning-quiz");
      const counts = () =>
        run(
          "return [...document.querySelectorAll('leaning-quiz')].map((quiz) => quiz.interview.status().answered)",
        );
      await until(driver, async () => (await counts())[1] === 1, "the answer in the other");
      assert.deepEqual(await counts(), [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    });
  });
}
