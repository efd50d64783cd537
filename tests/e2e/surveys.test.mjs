// The quiz as a question of SurveyJS and a trial of jsPsych, and a table of theses as a deck: what the author of the page
// gets, and that nothing about the answers is in it unless the person agrees.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { clickAtRest, FIRST_BROWSER, serve, unhurried, until } from "./harness.mjs";

const built = existsSync(new URL("../../target/examples/surveys/voting/index.html", import.meta.url));
const DECK = JSON.parse(readFileSync(new URL("../../www/decks/weekend.json", import.meta.url), "utf8"));
/** How lively a place is. Somebody who always chooses the livelier one has a taste that can be put into words. */
const LIVELY = new Map(
  DECK.prompts.flatMap(({ candidates }) => candidates.map(({ text, scores }) => [text, scores[0]])),
);

for (const [name, start] of Object.entries(FIRST_BROWSER)) {
  describe(`surveys in ${name}`, { skip: built ? false : "the examples of surveys are not built" }, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve({}, name);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    async function open(page) {
      await driver.get(`${site.url}/icon.svg`);
      await driver.executeScript("localStorage.clear()");
      site.requests.length = 0;
      await driver.get(`${site.url}/examples/surveys/${page}`);
    }
    const find = (css) => until(driver, async () => (await driver.findElements({ css }))[0], css);

    const press = async (css) => clickAtRest(driver, await find(css));
    const inside = async (css) =>
      (await (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot()).findElements({ css });
    const first = (css) => until(driver, async () => (await inside(css))[0], css);
    // WebKit's driver finds no text in the buttons of an element, and no lines in what is slotted.
    const read = async (element) =>
      (await driver.executeScript("return arguments[0].innerText", element)).trim();
    const text = async (css) => read(await find(css));
    const heading = async () => read(await first("h2"));
    async function answer(questions, css) {
      for (let answered = 0; answered < questions; answered++) {
        const before = await saved();
        const choice = await until(driver, () => (css ? first(css) : livelier()), "a choice");
        await unhurried(driver);
        await clickAtRest(driver, choice);
        await until(driver, async () => (await saved()) !== before, "the next question");
      }
    }
    async function livelier() {
      const cards = await inside("button.choose");
      const texts = await Promise.all(cards.map(read));
      const scores = texts.map((words) => [...LIVELY].find(([text]) => words.includes(text))?.[1]);
      return cards[scores.indexOf(Math.max(...scores))];
    }
    /** Changes with every answer: the line above the question, or the heading of the result. */
    const saved = async () => {
      const [where] = await inside(".where");
      return `${await heading()}${where ? await read(where) : ""}`;
    };
    const result = async () =>
      JSON.parse(await until(driver, async () => await text("#result"), "the result"));
    /** The page and its files are fetched, and nothing is sent. */
    const nothingIsSent = () => {
      const page = (request) => request.startsWith("GET /examples/surveys/") || !request.includes("?");
      assert.ok(
        site.requests.every((request) => request.startsWith("GET /") && page(request)),
        site.requests.join(),
      );
    };

    /** Parts of the element are loaded while somebody reads. */
    const onlyCodeSince = (before) => {
      const isCode = (request) =>
        /^GET \/(examples\/surveys\/assets\/[\w-]+\.js|favicon\.ico)$/.test(request);
      const later = site.requests.slice(before);
      assert.ok(later.every(isCode), later.join());
    };

    for (const renderer of ["plain", "react"]) {
      const next = () => press(".sd-navigation__next-btn");
      const back = () => press(".sd-navigation__prev-btn");
      const begin = async (author) => {
        await open(`surveyjs-${renderer}/index.html?result=${author}`);
        await next();
      };
      const complete = async () => {
        await next();
        await press(".sd-navigation__preview-btn");
        await until(
          driver,
          async () => (await driver.findElements({ css: "leaning-quiz" })).length === 0,
          "preview",
        );
        await press(".sd-navigation__complete-btn");
        return result();
      };

      test(`a survey (${renderer}) gets the instructions that the person has seen and agreed to`, async () => {
        await begin("instructions");
        await answer(2);
        const asked = await heading();
        // The question is required.
        await next();
        assert.match(await text(".sd-question__erbox"), /finish the quiz/);
        await back();
        await until(
          driver,
          async () => (await driver.findElements({ css: "leaning-quiz" })).length === 0,
          "page 1",
        );
        await next();
        assert.equal(await heading(), asked, "the quiz goes on where it was");
        await answer(2);
        const shown = await text("pre");
        assert.match(shown, /Prefer/);
        await press("input[type=checkbox]");
        await next();
        await back();
        // The quiz comes back a moment after its page.
        await heading();
        assert.ok(await (await find("input[type=checkbox]")).isSelected(), "the tick is still there");
        assert.equal(await text("pre"), shown);
        await next();
        await press(".sd-navigation__preview-btn");
        assert.match(await text(".sd-root-modern"), /Prefer/, "the preview has it too");
        await press(".sd-navigation__complete-btn");
        assert.deepEqual(await result(), { taste: shown });
        assert.equal(await text(".sd-completedpage").then((words) => words.length > 0), true);
        nothingIsSent();
      });

      test(`a survey (${renderer}) gets nothing without the tick, and is complete`, async () => {
        await begin("instructions");
        await answer(4);
        assert.match(await text("pre"), /Prefer/);
        assert.deepEqual(await complete(), {});
        nothingIsSent();
      });

      test(`a survey (${renderer}) takes back what an undone answer had put into the result`, async () => {
        await begin("instructions");
        await answer(4);
        await press("input[type=checkbox]");
        await unhurried(driver);
        await clickAtRest(driver, await first("button[data-action=undo]"));
        await until(driver, async () => !(await (await find("pre")).isDisplayed()), "the text is gone");
        await next();
        assert.match(await text(".sd-question__erbox"), /finish the quiz/);
        await answer(1);
        assert.equal(await (await find("input[type=checkbox]")).isSelected(), false);
        assert.deepEqual(await complete(), {});
      });

      test(`a survey (${renderer}) gets "done", or nothing, if its author asks for that`, async () => {
        for (const [author, expected] of [
          ["done", { taste: "done" }],
          ["nothing", {}],
        ]) {
          await begin(author);
          await answer(4);
          assert.deepEqual(await complete(), expected);
          nothingIsSent();
        }
      });
    }

    /** The data of the only trial, without what jsPsych adds to every trial. */
    const trial = async () => {
      const [{ trial_type, plugin_version, trial_index, time_elapsed, ...data }] = await result();
      assert.equal(trial_type, "leaning");
      assert.match(plugin_version, /^\d+\.\d+\.\d+$/);
      return data;
    };
    const nothing = { done: null, instructions: null, weights: null, answers: null };

    test("an experiment gets the answers and weights that the participant has seen and agreed to", async () => {
      await open("jspsych/index.html?save=answers,weights");
      assert.equal(await (await find(".jspsych-btn")).isEnabled(), false);
      await answer(4);
      const shown = await text("pre");
      await press("input[type=checkbox]");
      await press(".jspsych-btn");
      const { answers, weights, ...rest } = await trial();
      assert.deepEqual(rest, { done: null, instructions: null, consent: true });
      assert.equal(answers.format, "leaning-answers/1");
      assert.equal(answers.answers.length, 4);
      assert.deepEqual(
        Object.keys(weights),
        DECK.dimensions.map(({ id }) => id),
      );
      assert.equal(shown, [weights, answers].map((value) => JSON.stringify(value, null, 1)).join("\n\n"));
      assert.match(
        await driver.executeScript("return document.getElementById('citations').textContent"),
        /Leaning authors/,
      );
      nothingIsSent();
    });

    test("an experiment gets nothing about the answers without the tick", async () => {
      await open("jspsych/index.html?save=done,answers,weights,instructions");
      await answer(4);
      await press(".jspsych-btn");
      assert.deepEqual(await trial(), { ...nothing, done: true, consent: false });
      assert.equal(
        await driver.executeScript("return localStorage.length"),
        0,
        "nothing stays on the device",
      );
      nothingIsSent();
    });

    test("an experiment that asks for nothing gets nothing", async () => {
      await open("jspsych/index.html?save=");
      await answer(4);
      await press(".jspsych-btn");
      assert.deepEqual(await trial(), { ...nothing, consent: null });
    });

    for (const mode of ["data-only", "visual"]) {
      test(`a simulated participant (${mode}) answers, and agrees or not`, async () => {
        await open(`jspsych/index.html?save=done,weights,answers&simulate=${mode}`);
        const { answers, weights, ...rest } = await trial();
        assert.deepEqual(rest, { done: true, instructions: null, consent: true });
        assert.equal(answers.answers.length, 4);
        assert.ok(Object.values(weights).every(({ mean, sd }) => Number.isFinite(mean) && sd > 0));
        await open(`jspsych/index.html?save=answers&simulate=${mode}&consent=false`);
        assert.deepEqual(await trial(), { ...nothing, consent: false });
        nothingIsSent();
      });
    }

    test("a table of theses becomes a quiz, and the parties are ranked with reasons in the tab", async () => {
      await open("voting/index.html");
      await first("button.option");
      const fetched = site.requests.length;
      await answer(10, "button.option:last-of-type");
      await until(
        driver,
        async () => (await driver.findElements({ css: "#parties li" })).length === 6,
        "six parties",
      );
      const ranking = await text("#parties");
      assert.match(ranking, /^\w+ \d+%\nYour answers: \d+%\. The rest, by your leans: \d+%\./);
      assert.equal(await driver.executeScript("return localStorage.length"), 0);
      onlyCodeSince(fetched);
      assert.equal(await driver.executeScript("return document.getElementById('kept').textContent"), "67%");
    });

    test("a table of one's own is read in the tab, with positions from 1 to 5", async () => {
      const folder = mkdtempSync(join(tmpdir(), "leaning-theses-"));
      const file = (name, content) => {
        writeFileSync(join(folder, name), content);
        return join(folder, name);
      };
      try {
        await open("voting/index.html");
        await first("button.option");
        const fetched = site.requests.length;
        const head = "id,prompt,text,noise,Loud,Quiet,Silent";
        const topics = file("topics.json", '{"noise":{"label":"Noise","low":"quiet","high":"loud"}}');
        const choose = async (table) => {
          await driver.executeScript("document.querySelector('details').open = true");
          await (await find("#files")).sendKeys(`${file("table.csv", table)}\n${topics}`);
        };
        await choose(`${head}\na,noise,Bells ring,1,5,x,1\nb,noise,Drums stay silent,-1,1,4,3`);
        await until(
          driver,
          async () => (await text("#error")) === "Line 2, Quiet: “x” is not a number.",
          "the line",
        );
        await choose(`${head}\na,noise,Bells ring,1,5,2,1\nb,noise,Drums play,1,4,1,1`);
        await until(driver, async () => /noise lean the same way/.test(await text("#error")), "the topic");
        await choose(`${head}\na,noise,Bells ring,1,5,2,\nb,noise,Drums stay silent,-1,1,4,3`);
        await until(driver, async () => (await heading()) === "Noise", "the new deck");
        assert.equal(await text("#error"), "");
        for (let asked = 0; asked < 2; asked++) {
          const isLoud = (await read(await first(".candidate"))).includes("Bells");
          await answer(1, isLoud ? "button.option:last-of-type" : "button.option");
        }
        await until(
          driver,
          async () => (await driver.findElements({ css: "#parties li" })).length === 3,
          "three parties",
        );
        const parties = (await text("#parties")).match(/(Loud|Quiet|Silent) \d+%/g);
        assert.deepEqual(parties, ["Loud 100%", "Silent 50%", "Quiet 25%"]);
        onlyCodeSince(fetched);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
}
