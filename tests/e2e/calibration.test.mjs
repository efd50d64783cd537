// The page on which a reader tests a profile: the way through it, its figures, and that it keeps everything to itself.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { By, Key } from "selenium-webdriver";
import { BROWSERS, published, serve, unhurried, until } from "./harness.mjs";

const AXE = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** The site's deck, whose profile other pages use as well. */
const STORED = "leaning:assistant-style-en";

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`the reader's own calibration in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      // A window cannot be made as narrow as a frame.
      const frame =
        '<iframe src="/calibration.html" style="width: 320px; height: 640px; border: 0">x</iframe>';
      site = await serve({ ...published, "/frame.html": `<!doctype html><title>t</title>${frame}` }, name);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const run = (script, ...values) => driver.executeScript(script, ...values);
    const text = (id) => run("return document.getElementById(arguments[0]).innerText", id);
    const texts = (css) =>
      run("return [...document.querySelectorAll(arguments[0])].map((node) => node.innerText)", css);
    const isShown = (id) =>
      run("return document.getElementById(arguments[0])?.checkVisibility() === true", id);
    const press = (id) => run("document.getElementById(arguments[0]).click()", id);
    const reach = (step) => until(driver, () => isShown(step), step);
    /** Waits for the page at an origin, whose button works once its script has run. */
    const canBegin = (origin = site.url) =>
      until(
        driver,
        () =>
          run(
            "return location.origin === arguments[0] && document.getElementById('begin')?.disabled === false",
            origin,
          ),
        "the button",
      );

    /** Opens the page as somebody new, or with what is stored. */
    async function open(isNew = true, deck = "assistant-style-en") {
      await driver.get(`${site.url}/icon.svg`);
      if (isNew) await run("localStorage.clear()");
      await driver.get(`${site.url}/calibration.html`);
      await canBegin();
      await run("document.getElementById('deck').value = arguments[0]", deck);
    }

    /** The number of right predictions of ten. What is said about it has to fit. */
    async function rightOfTen() {
      const right = Number(/^(\d+) of 10 right$/.exec(await text("result-title"))[1]);
      const verdict = await text("verdict");
      const pattern =
        /^By its own .* expected [5-9]\.\d right, and from (\d) to (\d+) would be usual\. (.*)$/;
      const [, low, high, remark] = pattern.exec(verdict) ?? [];
      const brier = Number(
        await run("return document.querySelector('#scores tbody tr:nth-child(2) td').textContent"),
      );
      // How far the Brier score is off may say more than the number of hits.
      const remarks = ["It was too sure", "It knows"];
      // Rounded, a quarter may be either.
      if (brier >= 0.25) remarks.push("Weighed by");
      if (brier <= 0.25) remarks.push("So it was");
      const usual = new RegExp(`^(${remarks.join("|")})`);
      const expected = right < low ? /^It was too sure/ : right > high ? /^It knows you better/ : usual;
      assert.match(remark ?? "", expected, `${right} right. ${verdict}`);
      return right;
    }

    /**
     * Answers what is asked in a step. In the test the first `agreeing` answers are what the profile predicts, and the others
     * are not.
     */
    async function answerAll(step, agreeing = 7) {
      const isThere = "return Boolean(document.querySelector(`#${arguments[0]} leaning-quiz`)?.interview)";
      await until(driver, () => run(isThere, step), step);
      const failed = await driver.executeAsyncScript(
        `const [step, agreeing, done] = arguments;
        const interviewOf = (step) => document.querySelector(\`#\${step} leaning-quiz\`).interview;
        const interview = interviewOf(step);
        const choice = ({ candidates }, place) => {
          if (step === "learning") return candidates[0].scores[0] > candidates[1].scores[0] ? 0 : 1;
          const { index } = interviewOf("learning").rank(candidates.map(({ scores }) => ({ scores })))[0];
          return place < agreeing ? index : 1 - index;
        };
        (async () => {
          for (let question, place = 0; (question = interview.next()); place++) {
            const chose = choice(question, place);
            await interview.answer(question.kind === "grades" ? { chose, grade: "much" } : { chose });
          }
        })().then(() => done(), (error) => done(String(error)));`,
        ...[step, agreeing],
      );
      assert.equal(failed, null);
    }

    async function begin() {
      await press("begin");
      await until(
        driver,
        async () => (await isShown("learning")) || (await isShown("testing")),
        "a question",
      );
    }

    /** The whole way for somebody new. */
    async function takeTest(deck, agreeing) {
      await open(true, deck);
      await begin();
      await answerAll("learning");
      await reach("testing");
      await answerAll("testing", agreeing);
      await reach("result");
    }

    test("loads no engine before somebody begins", async () => {
      const from = site.requests.length;
      await open();
      assert.deepEqual(
        site.requests.slice(from).filter((request) => request.includes("/pkg/")),
        [],
      );
    });

    test("asks for the profile, then ten plain choices, and says how many were predicted", async () => {
      await open();
      await begin();
      assert.ok(await isShown("learning"));
      assert.equal(await run("return document.activeElement.id"), "learning-title");
      await answerAll("learning");
      await reach("testing");
      assert.equal(await run("return document.activeElement.id"), "testing-title");
      const before = await run("return localStorage.getItem(arguments[0])", STORED);
      assert.equal(JSON.parse(before).answers.length, 8);
      const from = site.requests.length;
      await answerAll("testing");
      await reach("result");
      assert.equal(await run("return document.activeElement.id"), "result-title");
      const right = await rightOfTen();
      assert.equal(right, 7);
      assert.match(
        await text("few"),
        /from 8 of your answers\. .* as far as 10 answers can tell \(95% interval\)/,
      );
      const items = await texts("#answers > li");
      assert.equal(items.length, 10);
      assert.equal(items.filter((item) => /\nRight, with \d\d%\. You chose “/.test(item)).length, right);
      assert.equal(
        items.filter((item) => /\nWrong, with \d\d%\. .*\n+It expected “/s.test(item)).length,
        10 - right,
      );
      const rows = await texts("#scores tbody tr");
      assert.match(rows[0], new RegExp(`^Right\\s+${10 * right}%\\s+\\d\\d%\\s+50%$`));
      assert.match(rows[1], /^Brier score\s+0\.\d\d\s+0\.\d\d\s+0\.25$/);
      const inBins = (await texts("#bins tbody tr")).map((row) => Number(/ of (\d+)/.exec(row)?.[1] ?? 0));
      assert.equal(
        inBins.reduce((sum, count) => sum + count),
        10,
      );
      assert.equal(
        (await driver.findElements(By.css("#reliability .point"))).length,
        inBins.filter(Boolean).length,
      );
      assert.equal(
        await run("return localStorage.getItem(arguments[0])", STORED),
        before,
        "nothing was learned",
      );
      assert.deepEqual(await run("return Object.keys(localStorage)"), [STORED], "nothing else was kept");
      assert.deepEqual(site.requests.slice(from), [], "nothing was sent or fetched");
    });

    test("predicts badly for whoever answers the other way, and says so", async () => {
      await takeTest("assistant-style-en", 0);
      assert.equal(await rightOfTen(), 0);
    });

    test("tests a profile that is there, and asks ten more about other pairs", async () => {
      await takeTest("assistant-style-en");
      await open(false);
      await begin();
      assert.ok(await isShown("testing"), "no question about the profile");
      await answerAll("testing");
      await reach("result");
      await press("more");
      await reach("testing");
      await answerAll("testing");
      await reach("result");
      assert.match(await text("result-title"), / of 20 right$/);
      assert.match(await text("few"), /from 8 of your answers\. .* as far as 20 answers/);
      const prompts = await texts("#answers .prompt");
      assert.equal(new Set(prompts).size, 20, "the deck has prompts enough");
    });

    test("goes on until a small deck has no pairs left", async () => {
      await takeTest("weekend");
      assert.match(await text("result-title"), / of 10 right$/);
      // 24 pairs, of which 8 made the profile.
      assert.equal(await text("more"), "6 more");
      await press("more");
      await reach("testing");
      await answerAll("testing");
      await reach("result");
      assert.match(await text("result-title"), / of 16 right$/);
      assert.equal(await isShown("more"), false);
      await press("restart");
      await reach("start");
      assert.equal(await run("return document.activeElement.id"), "start-title");
    });

    test("can be used by keys alone, and offers neither a tie nor a way around a question", async () => {
      await takeTest("weekend");
      await open(false, "weekend");
      await run("document.getElementById('begin').focus()");
      await (await driver.switchTo().activeElement()).sendKeys(Key.ENTER);
      await reach("testing");
      const quiz = await driver.findElement({ css: "#testing leaning-quiz" });
      const root = await quiz.getShadowRoot();
      const buttons = async () => {
        const all = await root.findElements({ css: "button" });
        const shown = await Promise.all(
          all.map(async (one) => [await one.isDisplayed(), await one.getText()]),
        );
        return shown.filter(([isDisplayed]) => isDisplayed).map(([, label]) => label);
      };
      const labels = (await buttons()).join("|");
      assert.doesNotMatch(labels, /about the same|neither|skip|result/i);
      const asked = () =>
        run("return document.querySelector('#testing leaning-quiz').interview.status().asked");
      for (let answer = 0; answer < 3; answer++) {
        await unhurried(driver);
        if (answer === 0) await run("document.getElementById('testing-title').focus()");
        // From the heading, Tab leads to the quiz; 1 and 2 choose while it has the focus.
        if (answer === 0) await (await driver.switchTo().activeElement()).sendKeys(Key.TAB);
        await driver.actions().sendKeys("1").perform();
        await until(driver, async () => (await asked()) === answer + 1, `answer ${answer + 1}`);
      }
    });

    test("says in plain words that something cannot be loaded, and can be tried again", async () => {
      let isThere = false;
      const deck = readFileSync(new URL("../../www/decks/weekend.json", import.meta.url), "utf8");
      const failing = await serve(
        {
          "/decks/weekend.json": (_, response) =>
            isThere
              ? response.writeHead(200, { "content-type": "application/json" }).end(deck)
              : response.writeHead(503).end(),
        },
        name,
      );
      await driver.get(`${failing.url}/calibration.html`);
      await canBegin(failing.url);
      await run("document.getElementById('deck').value = 'weekend'");
      await press("begin");
      await until(driver, async () => /could not be loaded/.test(await text("said")), "a plain sentence");
      isThere = true;
      await press("begin");
      await reach("learning");
      await failing.close();
    });

    test("fits a narrow phone at every step, in both directions", async () => {
      await driver.get(`${site.url}/icon.svg`);
      await run("localStorage.clear()");
      await driver.get(`${site.url}/frame.html`);
      await driver.switchTo().frame(0);
      await canBegin();
      const fits = async (step) => {
        for (const direction of ["ltr", "rtl"]) {
          const excess = await run(
            `document.documentElement.dir = arguments[0];
            for (const details of document.querySelectorAll("details")) details.open = true;
            const { scrollWidth, clientWidth } = document.documentElement;
            return scrollWidth - clientWidth;`,
            direction,
          );
          assert.equal(excess, 0, `${step}, ${direction}`);
        }
        await run("document.documentElement.dir = 'ltr'");
      };
      await fits("start");
      await begin();
      await fits("learning");
      await answerAll("learning");
      await reach("testing");
      await fits("testing");
      await answerAll("testing");
      await reach("result");
      await fits("result");
      await driver.switchTo().defaultContent();
    });

    test("has no faults that a machine can find, light and dark", async () => {
      const check = async (step) => {
        for (const scheme of ["light", "dark"]) {
          await run("document.documentElement.style.colorScheme = arguments[0]", scheme);
          const violations = await driver.executeAsyncScript(
            `const [rules, done] = arguments;
            axe.run(document, { runOnly: rules }).then(({ violations }) =>
              done(violations.map(({ id, nodes }) => id + " " + nodes.map(({ html }) => html.slice(0, 100)))));`,
            RULES,
          );
          assert.deepEqual(violations, [], `${step}, ${scheme}`);
        }
      };
      await open();
      await run(AXE);
      await check("start");
      await begin();
      await answerAll("learning");
      await reach("testing");
      await check("testing");
      await answerAll("testing");
      await reach("result");
      await run("for (const details of document.querySelectorAll('details')) details.open = true;");
      await check("result");
    });
  });
}
