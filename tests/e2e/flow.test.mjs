// The quiz as a visitor meets it: where it stands, its shortest way out and on, what a deck brings, and what goes wrong.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, FAMILIES, OPEN_ROOTS, serve, unhurried, until } from "./harness.mjs";

const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";

function deck({ pictures = false, word = "", ...more } = {}) {
  const image = (name) =>
    pictures && { image: { src: `pictures/${name}.png`, alt: `Picture ${name}`, width: 160, height: 120 } };
  const prompts = Array.from({ length: 6 }, (_, place) => ({
    id: `p${place}`,
    text: `Question ${place} ${word}`,
    candidates: [0.9, -0.3, -0.8].map((score, index) => ({
      id: `c${index}`,
      text: pictures ? "" : `Option ${index} ${word}`,
      ...image(`${place}-${index}`),
      scores: [score - place / 20, index % 2 ? 0.5 : -0.5 + place / 12],
    })),
  }));
  const dimensions = [
    { id: "a", label: `Pace ${word}`, low: `calm ${word}`, high: `lively ${word}` },
    { id: "b", label: "Place", low: "inside", high: "outside" },
  ];
  return JSON.stringify({ format: "leaning-deck/1", id: "flow", dimensions, prompts, ...more });
}

const page = (
  body,
  language = "en",
) => `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>t</title>
<meta name="viewport" content="width=device-width">${OPEN_ROOTS}<style>body { margin: 0 }</style><body>${body}
<script type="module" src="/pkg/element.js"></script>`;
const quiz = (attributes) => `<leaning-quiz storage="memory" seed="1" ${attributes}></leaning-quiz>`;

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`a visit to the quiz in ${name}`, () => {
    let site;
    let driver;
    let isUp = false;
    before(async () => {
      const picture = (_, response) =>
        response.writeHead(200, { "content-type": "image/png", "cache-control": "no-store" }).end(PIXEL);
      const extra = {
        "/deck.json": deck(),
        "/long.json": deck({ word: LONG_WORD }),
        "/pictures.json": deck({ pictures: true }),
        "/words.json": deck({
          language: "en",
          words: { en: { ask: "", tie: "Either", choose: "Book it" }, de: { ask: "Was darf es sein?" } },
        }),
        "/late.json": (_, response) => {
          if (!isUp) return response.writeHead(503).end();
          return response.writeHead(200, { "content-type": "application/json" }).end(deck());
        },
        "/quiz.html": page(quiz('deck="deck.json" max-questions="6"')),
        "/three.html": page(quiz('deck="deck.json" max-questions="10" candidates-per-question="3"')),
        "/fewer.html": page(quiz('deck="deck.json" answers="choice tie"')),
        "/long.html": page(`${quiz('deck="long.json" max-questions="2"')}
        <leaning-profile deck="long.json" storage="memory"></leaning-profile>`),
        "/pictures.html": page(quiz('deck="pictures.json" max-questions="4"')),
        "/words.html": page(quiz('deck="words.json"')),
        "/worte.html": page(quiz('deck="words.json"'), "de-CH"),
        "/idle.html": page('<leaning-compare deck="deck.json" storage="memory"></leaning-compare>'),
        "/late.html": page(
          `${quiz('deck="late.json"')}<leaning-profile deck="late.json" storage="memory"></leaning-profile>`,
        ),
      };
      for (let prompt = 0; prompt < 6; prompt++)
        for (let index = 0; index < 3; index++) extra[`/pictures/${prompt}-${index}.png`] = picture;
      site = await serve(extra, name);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const run = (script, ...values) => driver.executeScript(script, ...values);
    const root = async (tag = "leaning-quiz") => (await driver.findElement({ css: tag })).getShadowRoot();
    const all = async (css, tag) => (await root(tag)).findElements({ css });
    const text = async (css) => (await all(css))[0]?.getText();
    const says = (css, words) =>
      until(driver, async () => (await text(css)) === words, `${css} says ${words}`);
    async function click(css, place = 0) {
      await unhurried(driver);
      await (await all(css))[place].click();
    }
    const open = async (path, count = "Question 1 of 6") => {
      await driver.get(site.url + path);
      if (count) await says(".count", count);
    };
    const bar = () =>
      run("return document.querySelector('leaning-quiz').shadowRoot.querySelector('.progress').value");

    test("it says where it stands and what it costs, and the bar only grows", async () => {
      await open("/quiz.html");
      // A browser may count the capital that the style sheet makes.
      for (const [css, words] of [
        [".where > .count", "Question 1 of 6"],
        [".where > .time", "less than a minute"],
        [".told > .private", "stays on this device"],
      ])
        assert.equal((await text(css)).toLowerCase(), words.toLowerCase());
      assert.deepEqual(await all(".dimensions, .match"), []);
      const values = [await bar()];
      for (let question = 2; question <= 6; question++) {
        await click(".choose");
        await says(".count", `Question ${question} of 6`);
        values.push(await bar());
        assert.equal((await all(".so-far:not([hidden])")).length, question > 3 ? 1 : 0);
      }
      assert.deepEqual(
        // Browsers round the share.
        values.map((share) => Math.round(share * 6e6) / 1e6),
        [1, 2, 3, 4, 5, 6],
      );
      // WebKit's driver calls a text that may be cut off not displayed.
      const soFar =
        "return document.querySelector('leaning-quiz').shadowRoot.querySelector('.so-far').textContent";
      await until(driver, async () => (await run(soFar)).startsWith("So far: "), "what is known");
      const everything = "return document.querySelector('leaning-quiz').shadowRoot.textContent";
      assert.doesNotMatch(
        await run(everything),
        /\{\w+\}/,
        "every place of a text is filled in, those of unseen ones, too",
      );
    });

    test("choices made elsewhere leave fewer questions, but are no questions that the person has seen", async () => {
      await open("/quiz.html");
      await driver.executeAsyncScript(`const done = arguments[0];
        const { interview } = document.querySelector("leaning-quiz");
        const drafts = [{ scores: [0.8, -0.4] }, { scores: [-0.5, 0.6] }];
        interview.observe(drafts, { chose: 0 })
          .then(() => interview.observe(drafts, { chose: 0 }))
          .then(() => done(), (error) => done(String(error)));`);
      await says(".count", "Question 1 of 4");
      assert.equal(await bar(), 0.25);
      const mayUndo = async () => (await all("[data-action=undo]"))[0].isDisplayed();
      assert.equal(await mayUndo(), false, "what was said elsewhere is not seen here");
      await click(".choose");
      await says(".count", "Question 2 of 4");
      assert.equal(await mayUndo(), true);
    });

    test("from the second answer on the result may be seen, and from there one may go on", async () => {
      await open("/quiz.html");
      await run(
        `const { dataset } = document.documentElement;
        dataset.done = 0;
        document.querySelector("leaning-quiz").addEventListener("leaning-done", () => dataset.done++)`,
      );
      assert.equal(await (await all("[data-action=finish]"))[0].isDisplayed(), false);
      await click(".choose");
      await says(".count", "Question 2 of 6");
      await click(".choose");
      await says(".count", "Question 3 of 6");
      await click("[data-action=finish]");
      await says("h2", "Your result");
      assert.equal(await run("return document.documentElement.dataset.done"), "1");
      await until(driver, async () => (await text("[data-action=more]")) === "Answer 4 more?", "more");
      await click("[data-action=more]");
      await says(".count", "Question 3 of 6");
      for (let question = 3; question <= 6; question++) {
        await says(".count", `Question ${question} of 6`);
        await click(".choose");
      }
      await says("h2", "Your result");
      // Beyond what the page asks for.
      await until(driver, async () => (await all("[data-action=more]")).length === 1, "more");
      await click("[data-action=more]");
      await says(".count", "Question 7 of 10");
      assert.equal(Math.round(10 * (await bar())), 7, "there is more to come");
      assert.equal((await all("[data-action=forget]")).length, 0);
      await run("document.querySelector('leaning-quiz').forget()");
      await says(".count", "Question 1 of 6");
    });

    test("the number of questions holds where each shows all there is", async () => {
      await open("/three.html");
      for (let question = 1; question <= 6; question++) {
        await says(".count", `Question ${question} of 6`);
        await click(".choose");
      }
      await says("h2", "Your result");
    });

    test("only the answers that the page wants have a button or a key", async () => {
      await open("/fewer.html", null);
      await until(driver, async () => (await all(".choose")).length === 2, "the question");
      assert.equal((await all("[data-action=tie]")).length, 1);
      assert.equal((await all("[data-action=neither], [data-action=skip]")).length, 0);
    });

    test("digits of any script choose, on every keyboard, and Cyrillic undoes", async () => {
      await open("/quiz.html");
      const press = async (event) => {
        await unhurried(driver);
        await run(
          `document.querySelector("leaning-quiz").shadowRoot.querySelector(".choose").dispatchEvent(
          new KeyboardEvent("keydown", { bubbles: true, composed: true, cancelable: true, ...arguments[0] }))`,
          event,
        );
      };
      let question = 1;
      const keys = [
        { key: "&", code: "Digit1" },
        { key: "١", code: "Digit1" },
        { key: "२", code: "Digit2" },
        { key: "１", code: "Digit1" },
      ];
      for (const event of keys) {
        await press(event);
        await says(".count", `Question ${++question} of 6`);
      }
      for (const event of [
        { key: "г", code: "KeyU" },
        { key: "Backspace", code: "Backspace" },
      ]) {
        await press(event);
        await says(".count", `Question ${--question} of 6`);
      }
      // Shifted, the key is a sign of its own, and on Dvorak the key at U's place is another letter.
      for (const event of [
        { key: "!", code: "Digit1", shiftKey: true },
        { key: "g", code: "KeyU" },
        { key: "End", code: "Numpad1" },
      ])
        await press(event);
      await says(".count", `Question ${question} of 6`);
    });

    test("a theme paints nothing around drafts while there are none", async () => {
      await open("/idle.html", null);
      await run(
        `document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/pkg/theme-ocean.css" }))`,
      );
      await until(driver, () => run("return document.styleSheets.length === 2"), "the theme");
      const height = () => run("return document.querySelector('leaning-compare').offsetHeight");
      await until(
        driver,
        () => run("return document.querySelector('leaning-compare').interview !== undefined"),
        "it",
      );
      assert.equal(await height(), 0);
      await run(`document.querySelector("leaning-compare").candidates =
      [1, -1].map((score, index) => ({ id: "d" + index, text: "A draft", scores: [score, score] }))`);
      assert.ok((await height()) > 100);
    });

    test("a short candidate is a button as a whole, and says nothing but its text", async () => {
      await open("/quiz.html");
      const [card] = await all(".candidate");
      assert.equal(await card.getTagName(), "button");
      assert.match(await card.getAttribute("part"), /candidate short/);
      assert.match(await run("return arguments[0].innerText.trim()", card), /^Option \d ?$/);
    });

    test("a deck brings its own words, for its languages, and the page's words come first", async () => {
      await open("/words.html", null);
      await until(driver, async () => (await text("[data-action=tie]")) === "Either", "the deck's word");
      assert.deepEqual(await all(".instruction"), []);
      await run("document.querySelector('leaning-quiz').messages = { tie: 'Both' }");
      await until(driver, async () => (await text("[data-action=tie]")) === "Both", "the page's word");
      await open("/worte.html", null);
      await until(driver, async () => (await text(".instruction")) === "Was darf es sein?", "German");
    });

    test("two people who answer differently fetch the same pictures, all of them before they are asked", async () => {
      const seen = [];
      for (const place of [0, 1]) {
        const before = site.requests.length;
        await open("/pictures.html", "Question 1 of 4");
        const fetched = () =>
          site.requests
            .slice(before)
            .filter((request) => request.includes("/pictures/"))
            // Six connections at a time bring them in an order of their own.
            .sort();
        const first = fetched();
        assert.equal(first.length, 18);
        for (let question = 1; question <= 4; question++) {
          await says(".count", `Question ${question} of 4`);
          assert.equal((await all(".candidate img")).length, 2);
          assert.match(await (await all(".candidate img"))[0].getAttribute("alt"), /^Picture \d-\d$/);
          await click(".candidate", place);
        }
        await says("h2", "Your result");
        await driver.sleep(200);
        assert.deepEqual(fetched(), first, "nothing is fetched later");
        seen.push(first);
      }
      assert.deepEqual(seen[1], seen[0]);
    });

    test("of elements that cannot load their deck one says so, and its button brings all of them up", async () => {
      await open("/late.html", null);
      await until(driver, async () => (await all(".error")).length === 1, "the error");
      // The other gives up what it showed while it loaded.
      await until(driver, async () => (await all(".stage > *", "leaning-profile")).length === 0, "the other");
      await run(`window.told = []; for (const element of document.querySelectorAll("[deck]"))
      element.addEventListener("leaning-error", ({ detail }) => told.push(detail))`);
      assert.doesNotMatch(await text(".error"), /503|late\.json/);
      await click("[data-action=try-again]");
      await until(driver, () => run("return told.length === 2"), "the second failure");
      assert.match((await run("return told"))[0].message, /late\.json: the server answered 503/);
      await until(driver, async () => (await all(".error")).length === 1, "the error");
      isUp = true;
      await click("[data-action=try-again]");
      await until(driver, async () => (await all(".candidate")).length === 2, "the question");
      await until(driver, async () => (await all("h2", "leaning-profile")).length === 1, "the profile");
    });

    for (const family of FAMILIES) {
      test(`a long word and text twice as large make no phone's page wider, in ${family}`, {
        skip: name !== "chromium",
      }, async () => {
        const devtools = (command, given) => driver.sendAndGetDevToolsCommand(command, given);
        await devtools("Emulation.setDeviceMetricsOverride", {
          width: 360,
          height: 640,
          deviceScaleFactor: 1,
          mobile: true,
        });
        try {
          for (const size of ["100%", "200%"]) {
            await open("/long.html", null);
            await run(
              `document.documentElement.style = "font-size: " + arguments[0] + "; --leaning-font-family: '" + arguments[1] + "'"`,
              ...[size, family],
            );
            const width = () => run("return document.documentElement.scrollWidth");
            await until(driver, async () => (await all(".candidate")).length === 2, "the question");
            assert.equal(await width(), 360, `the question at ${size}`);
            await click(".choose");
            await says(".count", "Question 2 of 2");
            await click(".choose");
            await says("h2", "Your result");
            await until(driver, async () => (await all(".still-open")).length === 1, "the result");
            assert.equal(await width(), 360, `the result at ${size}`);
          }
        } finally {
          await devtools("Emulation.clearDeviceMetricsOverride");
        }
      });
    }
  });
}
