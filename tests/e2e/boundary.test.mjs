// What a page may hand to the package by mistake or on purpose, and a crash of the wasm module, in each engine.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { BROWSERS, serve, unhurried, until } from "./harness.mjs";
import { DECK } from "./states.mjs";

const HOSTILE = readFileSync(new URL("../unit/hostile.mjs", import.meta.url), "utf8");

/** A page whose wasm module crashes in the method `crash` names, once: its memory is overwritten. */
const FRAGILE = `<script>
  window.crash = null;
  const { instantiate, instantiateStreaming, Instance } = WebAssembly;
  const fragile = ({ exports }) => ({
    exports: Object.fromEntries(Object.entries(exports).map(([name, value]) => [
      name,
      !name.startsWith("session_") ? value : (...given) => {
        if (name !== "session_" + window.crash) return value(...given);
        window.crash = null;
        new Uint8Array(exports.memory.buffer).fill(0xff);
        value(...given);
        throw new WebAssembly.RuntimeError("unreachable");
      },
    ])),
  });
  const wrapped = (load) => async (...given) => {
    const { instance, module } = await load.apply(WebAssembly, given);
    return { instance: fragile(instance), module };
  };
  WebAssembly.instantiate = wrapped(instantiate);
  WebAssembly.instantiateStreaming = wrapped(instantiateStreaming);
  WebAssembly.Instance = class { constructor(...given) { return fragile(new Instance(...given)); } };
</script>`;

const page = (
  body,
  head = "",
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title>${head}
<script>
  window.heard = [];
  for (const type of ["leaning-ready", "leaning-answer", "leaning-error"])
    addEventListener(type, ({ detail }) => heard.push([type, detail.code ?? null, detail.path ?? null]), true);
  for (const type of ["error", "unhandledrejection"])
    addEventListener(type, (event) => heard.push([type, String(event.reason ?? event.message), null]));
</script></head><body>${body}
<script type="module" src="pkg/element.js"></script></body></html>`;

const PAGES = {
  "/hostile.mjs": { text: HOSTILE, headers: { "content-type": "text/javascript" } },
  "/quiz.html": page(
    `<leaning-quiz deck="${DECK}" storage="memory" seed="1" max-questions="6"></leaning-quiz>`,
  ),
  "/fragile.html": page(
    `<leaning-quiz deck="${DECK}" storage="memory" seed="1" max-questions="6"></leaning-quiz>`,
    FRAGILE,
  ),
  "/compare.html": page(`<leaning-compare deck="${DECK}" storage="memory" seed="1"></leaning-compare>`),
  "/nothing.html": page('<leaning-compare deck="decks/nothing.json" storage="memory"></leaning-compare>'),
  "/texts.html": page("<leaning-quiz storage='memory'></leaning-quiz>"),
};

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`the boundary in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve(PAGES, name);
      driver = await start();
      await driver.manage().setTimeouts({ script: 300_000 });
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const run = (script, ...values) => driver.executeScript(script, ...values);
    /** Runs a script whose last line returns a promise. */
    const settle = (script, ...values) =>
      driver.executeAsyncScript(
        `const done = arguments[arguments.length - 1];
        (async (...arguments) => { ${script} })(...arguments).then(done, (error) => done("failed: " + (error.stack ?? error)));`,
        ...values,
      );
    const heard = (type) => run("return heard.filter(([one]) => one === arguments[0])", type);

    async function open(path) {
      await driver.get(site.url + path);
      await until(driver, () => run("return heard.length > 0"), "an event");
    }

    test("every method with every hostile value works or refuses it", async () => {
      await open("/quiz.html");
      const complaints = await settle(
        `const [{ callsOf, tryAll }, { init, Leaning, LeaningError }] = await Promise.all([
          import("./hostile.mjs"), import("./pkg/index.js"),
        ]);
        await init();
        const deck = await (await fetch(arguments[0])).json();
        const drafts = () => structuredClone(deck.prompts[0].candidates);
        const open = () => Leaning.open({ deck, storage: "memory", seed: 1 });
        const works = async (interview) => {
          interview.next();
          await interview.answer({ chose: 0 });
          return interview.profile().dimensions.every(({ mean }) => Number.isFinite(mean));
        };
        return tryAll({ calls: callsOf({ Leaning, deck, drafts }), open, works, LeaningError });`,
        DECK,
      );
      assert.deepEqual(complaints, []);
    });

    test("every property of an element takes a hostile value or refuses it, and the element goes on", async () => {
      for (const [path, properties] of [
        [
          "/quiz.html",
          [
            ...[
              "deck",
              "storage",
              "storageKey",
              "theme",
              "messages",
              "renderer",
              "maxQuestions",
              "stopRegret",
            ],
            ...[
              "stopGain",
              "candidatesPerQuestion",
              "strategy",
              "per",
              "seed",
              "picture",
              "showFit",
              "answers",
            ],
          ],
        ],
        ["/compare.html", ["candidates", "messages"]],
      ]) {
        await open(path);
        const complaints = await settle(
          `const { HOSTILE } = await import("./hostile.mjs");
          const element = document.querySelector("leaning-quiz, leaning-compare");
          // The large ones take long, and are refused by their length in the first test.
          const values = Object.entries(HOSTILE)
            .filter(([kind]) => !/long|many|lists of lists|billion/.test(kind))
            .map(([kind, make]) => [kind, make()]);
          const complaints = [];
          const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
          for (const property of arguments[0]) {
            const before = element[property];
            heard.length = 0;
            // An attribute is a string, whatever it is made of.
            const isWhole = ["deck", "messages", "renderer", "candidates"].includes(property);
            const some = isWhole ? values : values.filter(([kind]) => /conversions|symbol|fraction/.test(kind));
            for (const [kind, value] of some) {
              try {
                element[property] = value;
              } catch (error) {
                if (error.name !== "LeaningError" || error.code === "internal")
                  complaints.push(property + ", " + kind + ": " + error);
              }
              if (property === "candidates")
                await element.ask(value).then(() => {}, (error) => {
                  if (error.name !== "LeaningError" || error.code === "internal")
                    complaints.push("ask, " + kind + ": " + error);
                });
              await turn();
            }
            element[property] = before;
            for (let turns = 0; !element.interview && turns < 4000; turns++) await turn();
            if (!element.interview) complaints.push(property + ": no interview afterwards " + JSON.stringify(heard.slice(-3)) + element.outerHTML.slice(0, 300));
            // A renderer that is no function is for its author to see.
            const stray = heard.filter(([type, code]) =>
              code === "internal" || property !== "renderer" && (type === "error" || type === "unhandledrejection"));
            if (stray.length) complaints.push(property + ": " + JSON.stringify(stray.slice(0, 3)));
          }
          return complaints;`,
          properties,
        );
        assert.deepEqual(complaints, []);
      }
    });

    test("drafts with a score that is no number are told to the page, and good ones are asked about", async () => {
      await open("/compare.html");
      const asked = await settle(
        `const element = document.querySelector("leaning-compare");
        const deck = await (await fetch(arguments[0])).json();
        const good = () => structuredClone(deck.prompts[0].candidates);
        const bad = good();
        bad[1].scores[2] = NaN;
        heard.length = 0;
        element.candidates = bad;
        const rejected = await element.ask(bad).catch(({ name, code, path }) => [name, code, path]);
        element.candidates = good();
        await new Promise((resolve) => setTimeout(resolve, 50));
        return { rejected, heard, asks: element.matches(":state(asking)") };`,
        DECK,
      );
      const place = ["candidates", "[1].scores[2]"];
      assert.deepEqual(asked.rejected, ["LeaningError", ...place]);
      assert.deepEqual(asked.heard, [["leaning-error", ...place]]);
    });

    test("asking rejects where the deck cannot be read", async () => {
      await open("/nothing.html");
      const code = await settle(
        `const element = document.querySelector("leaning-compare");
        const drafts = [{ scores: [1] }, { scores: [2] }];
        const asked = element.ask(drafts).catch(({ code }) => code);
        return Promise.race([asked, new Promise((resolve) => setTimeout(resolve, 3000, "pending"))]);`,
      );
      assert.equal(code, "fetch");
    });

    test("a deck may be set as its text, and a text that is no deck is refused in a line", async () => {
      await driver.get(`${site.url}/texts.html`);
      const before = site.requests.length;
      const outcomes = await settle(
        `const quiz = document.querySelector("leaning-quiz");
        await customElements.whenDefined("leaning-quiz");
        const text = await (await fetch(arguments[0])).text();
        const next = () => new Promise((resolve) => {
          for (const type of ["leaning-ready", "leaning-error"])
            quiz.addEventListener(type, ({ detail }) => resolve([type, detail.code ?? null, detail.message ?? ""]), { once: true });
        });
        const outcomes = [];
        for (const deck of [text, "\\ufeff " + text, "{ broken", "{}"]) {
          quiz.deck = deck;
          outcomes.push(await next());
        }
        quiz.deck = null;
        quiz.setAttribute("deck", text);
        outcomes.push(await next());
        quiz.deck = "x".repeat(100000);
        outcomes.push(await next());
        // The attribute is the same before and after.
        quiz.deck = arguments[0];
        outcomes.push(await next());
        quiz.deck = JSON.parse(text);
        quiz.deck = { ...JSON.parse(text), id: "other" };
        outcomes.push(await next());
        quiz.deck = arguments[0];
        outcomes.push(await next());
        return outcomes;`,
        DECK,
      );
      assert.deepEqual(
        outcomes.map(([type, code]) => [type, code]),
        [
          ["leaning-ready", null],
          ["leaning-ready", null],
          ["leaning-error", "json"],
          ["leaning-error", "deck"],
          ["leaning-ready", null],
          ["leaning-error", "fetch"],
          ["leaning-ready", null],
          ["leaning-ready", null],
          ["leaning-ready", null],
        ],
      );
      for (const [, , message] of outcomes)
        assert.ok(message.length < 500 && !message.includes("\n"), message);
      // Nothing but the deck itself, the modules, and the last text was asked for.
      const texts = site.requests.slice(before).filter((request) => request.includes("%"));
      assert.deepEqual(texts, []);
    });

    test("a page cannot free the interview of an element", async () => {
      await open("/quiz.html");
      const answered = await settle(
        `const { interview } = document.querySelector("leaning-quiz");
        interview.free();
        interview.free();
        interview.next();
        await interview.answer({ chose: 0 });
        return interview.status().answered;`,
      );
      assert.equal(answered, 1);
    });

    test("after a crash the page is told once, and the quiz goes on with all answers", async () => {
      await open("/fragile.html");
      const quiz = await driver.findElement({ css: "leaning-quiz" });
      const choices = async () => (await quiz.getShadowRoot()).findElements({ css: "button.choose" });
      const answered = () =>
        run("return document.querySelector('leaning-quiz').interview?.status().answered");
      const answer = async (count) => {
        await until(driver, async () => (await choices()).length > 0, "a question");
        await unhurried(driver);
        await (await choices())[0].click();
        await until(driver, async () => (await answered()) === count, `${count} answers`);
      };
      await answer(1);
      await answer(2);
      // In a call of the page.
      const code = await settle(
        `window.crash = "profile";
        try { document.querySelector("leaning-quiz").interview.profile(); } catch ({ code }) { return code; }`,
      );
      assert.equal(code, "internal");
      assert.deepEqual(await heard("leaning-error"), [["leaning-error", "internal", null]]);
      await answer(3);
      // In the click of the person. The answer is lost, and the person is asked again.
      await until(driver, async () => (await choices()).length > 0, "a question");
      await unhurried(driver);
      await run("window.crash = 'answer'");
      await (await choices())[0].click();
      await until(driver, async () => (await heard("leaning-error")).length === 2, "the error");
      await answer(4);
      assert.equal((await heard("leaning-error")).length, 2);
      assert.deepEqual(await heard("unhandledrejection"), []);
    });
  });
}
