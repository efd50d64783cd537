// A person at the quiz: by mouse, by keyboard, across reloads, and with a server that records every request.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Key } from "selenium-webdriver";
import { BROWSERS, serve, unhurried, until } from "./harness.mjs";
import { ANOTHER_LOG } from "./states.mjs";

const STORED = "leaning:assistant-style-en";
/** The number of questions in the demo. */
const QUESTIONS = 8;

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`the quiz in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve(
        {
          "/broken.html": page('<leaning-quiz deck="broken.json"></leaning-quiz>'),
          "/broken.json":
            '{ "format": "leaning-deck/1", "id": "x", "dimensions": [{ "id": "a" }], "prompts": [{ "id": "p", "candidates": [{ "id": "a", "scores": [1, 2] }] }] }',
          "/missing.html": page('<leaning-quiz deck="nowhere.json"></leaning-quiz>'),
          "/early.html": page("<main></main>"),
          "/three.html": page(
            '<leaning-quiz deck="decks/assistant-style-en.json" candidates-per-question="3" max-questions="4"></leaning-quiz>',
          ),
          "/four.html": page(
            '<leaning-quiz deck="decks/assistant-style-en.json" candidates-per-question="4" max-questions="4"></leaning-quiz>',
          ),
          "/folds.html": page('<leaning-quiz deck="folds.json" max-questions="4"></leaning-quiz>'),
          "/folds.json": JSON.stringify(foldingDeck()),
          "/seeded.html": page(
            `<leaning-quiz deck="decks/assistant-style-en.json" max-questions="${QUESTIONS}" seed="2"></leaning-quiz>`,
          ),
          "/enough.html": page(
            '<leaning-quiz deck="decks/assistant-style-en.json" stop-regret="0.4"></leaning-quiz>',
          ),
          "/script.html": page('<leaning-quiz deck="script.json"></leaning-quiz>'),
          "/script.json": JSON.stringify(scriptDeck()),
        },
        name,
      );
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    /** Opens a page with an empty storage, or with `stored` in it. */
    async function open(path, stored) {
      await driver.get(`${site.url}/icon.svg`);
      await driver.executeScript("localStorage.clear()");
      if (stored !== undefined)
        await driver.executeScript("localStorage.setItem(...arguments)", STORED, stored);
      await driver.get(site.url + path);
    }

    const root = async () => (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot();
    const all = async (css) => (await root()).findElements({ css });
    const text = async (css) => (await (await root()).findElement({ css })).getText();
    const count = () => text(".count");
    const direction = () =>
      driver.executeScript(
        "return document.querySelector('leaning-quiz').interview.profile().dimensions[0].end",
      );
    const stored = () => driver.executeScript(`return localStorage.getItem("${STORED}")`);

    async function click(css, place = 0) {
      const before = await shown();
      await unhurried(driver);
      await (await all(css))[place].click();
      await until(driver, async () => (await shown()) !== before, `${css} changes what is shown`);
    }
    async function choose(place) {
      await unhurried(driver);
      await (await all("button.choose"))[place].click();
    }
    /** All text of the quiz, to notice a change. */
    const shown = async () => text(".quiz");
    const asks = (question, of = QUESTIONS) =>
      until(driver, async () => (await count()) === `Question ${question} of ${of}`, `question ${question}`);
    const isOver = () => until(driver, async () => (await text("h2")) === "Your result", "the end");

    /** The focus moves to the next question after the paint. */
    const settled = () => driver.sleep(150);
    const press = async (...keys) => {
      if (keys[0] !== Key.TAB) await unhurried(driver);
      await driver
        .actions()
        .sendKeys(...keys)
        .perform();
    };
    const inside = () =>
      driver.executeScript("return document.activeElement === document.querySelector('leaning-quiz')");
    /** Moves the focus into the quiz as somebody without a mouse does. */
    async function reach() {
      for (let presses = 0; !(await inside()); presses++) {
        assert.ok(presses < 10, "the quiz can be reached with the tab key");
        await press(Key.TAB);
      }
    }
    const answers = async () => JSON.parse(await stored()).answers;

    /** The briefer of the two answers on the screen. */
    async function briefer() {
      const [one, other] = await driver.executeScript(
        `const { candidates } = document.querySelector("leaning-quiz").interview.next();
        return candidates.map(({ scores }) => scores[0]);`,
      );
      return one > other ? 0 : 1;
    }

    test("a person answers by mouse, reloads in the middle, undoes, and sees a ranking", async () => {
      await open("/");
      await asks(1);
      for (let question = 1; question <= 4; question++) {
        await asks(question);
        await click("button.choose", await briefer());
      }
      await asks(5);
      const prompt = await text("h2");
      const approximation =
        "return JSON.stringify(document.querySelector('leaning-quiz').interview.laplaceApproximation())";
      const before = await driver.executeScript(approximation);
      await driver.navigate().refresh();
      await asks(5);
      assert.equal(await text("h2"), prompt, "the same question is asked again");
      assert.equal(
        await driver.executeScript(approximation),
        before,
        "the approximation is the same, to the bit",
      );

      await click("button.choose", 0);
      await asks(6);
      await click("button[data-action=undo]");
      await asks(5);
      assert.equal(await text("h2"), prompt, "undo brings the question back");
      assert.equal(await driver.executeScript(approximation), before);

      await click("button[data-action=skip]");
      await asks(5);
      await click("button[data-action=neither]");
      await asks(6);
      await click("button[data-action=tie]");
      for (let question = 7; question <= QUESTIONS; question++) {
        await asks(question);
        await click("button.choose", await briefer());
      }
      await isOver();
      assert.equal(await direction(), "brief");
      await until(driver, async () => (await all("li.dimension")).length > 0, "the picture");
      assert.match(await text("li.dimension"), /^Length\s*(much )?more brief than thorough\s*(fairly )?sure/);
      const drawn = async (css, attribute) =>
        Number.parseFloat(await (await all(css))[0].getAttribute(attribute));
      const [dot, from, width] = [
        await drawn(".dot", "cx"),
        await drawn(".interval", "x"),
        await drawn(".interval", "width"),
      ];
      assert.ok(dot > 50 && from <= dot && dot <= from + width && width < 60, `${dot} in ${from} + ${width}`);

      const ranking = await driver.findElement({ id: "ranking" });
      await until(driver, () => ranking.isDisplayed(), "the ranking");
      assert.match(
        await driver.findElement({ id: "why" }).getText(),
        /^(Brief|[A-Z].*\bbrief\b).*, as you like it\.( A close call\.)?$/,
      );
      assert.ok((await driver.findElements({ css: "#reasons > li" })).length > 0);
      assert.equal(await driver.findElement({ id: "numbers" }).isDisplayed(), false, "numbers are folded");
      const others = await driver.findElements({ css: "#others > li" });
      assert.equal(others.length, 3);

      await click("button[data-action=undo]");
      await asks(QUESTIONS);
      await until(driver, async () => !(await ranking.isDisplayed()), "no ranking while a question is open");
    });

    test("a person answers by keyboard alone", async () => {
      await open("/");
      await asks(1);
      // Keys mean nothing before the quiz has the focus.
      await press("1");
      await driver.sleep(100);
      await asks(1);
      await reach();
      await press("1");
      await asks(2);
      assert.ok(await inside(), "the focus stays in the quiz");
      const announcement = await (await root()).findElement({ css: "[role=status]" });
      assert.equal(
        await announcement.getAttribute("textContent"),
        `Saved. Question 2 of ${QUESTIONS}.`,
        "a screen reader is told",
      );
      await press("0");
      await asks(3);
      await press("u");
      await asks(2);
      await press("2");
      await asks(3);
      // Arrows move between the two, and the space bar chooses.
      await settled();
      await press(Key.ARROW_RIGHT, Key.ARROW_RIGHT, Key.SPACE);
      await asks(4);
      for (let question = 4; question <= QUESTIONS; question++) {
        await asks(question);
        await press(question % 2 ? "1" : "2");
      }
      await isOver();
      const chosen = (await answers()).filter((record) => record.chose);
      // In the third question the first arrow reached answer 1, the second answer 2.
      const third = chosen[2];
      assert.equal(third.chose, third.shown[1]);
      await press("u");
      await asks(QUESTIONS);
    });

    test("a question about three is answered by keyboard, and offers no tie", async () => {
      await open("/three.html");
      await asks(1, 4);
      assert.equal((await all("button.choose")).length, 3);
      assert.equal((await all("button[data-action=tie]")).length, 0);
      assert.equal(await text("button[data-action=neither]"), "None of these");
      const keys = await (await all(".key-hints > p"))[0].getAttribute("textContent");
      assert.equal(keys, "Shortcuts: 1–3 to choose, arrows to move, U to undo.");
      await reach();
      await press("0", "4");
      await driver.sleep(100);
      await asks(1, 4);
      await press("3");
      await asks(2, 4);
      // The choice before the first is the third.
      await settled();
      await press(Key.ARROW_RIGHT, Key.ARROW_LEFT, Key.SPACE);
      await asks(3, 4);
      await press("1");
      await asks(4, 4);
      await press("u");
      await asks(3, 4);
      const records = await answers();
      assert.deepEqual(
        records.slice(0, 3).map(({ shown, chose }) => [shown.length, shown.indexOf(chose)]),
        [
          [3, 2],
          [3, 2],
          [3, 0],
        ],
      );
      await press("2");
      await asks(4, 4);
      await press("2");
      await isOver();
      await until(driver, async () => (await text(".reason")) === "All done.", "the reason");
    });

    test("a page that the person comes back to knows what was answered elsewhere", async () => {
      await open("/seeded.html");
      await asks(1);
      await choose(0);
      await asks(2);
      await driver.get(`${site.url}/early.html`);
      // A page in the back-forward cache does not hear of this.
      const failed = await driver.executeAsyncScript(`
        const [done] = arguments;
        (async () => {
          const { init, Leaning } = await import("/pkg/index.js");
          await init();
          const leaning = await Leaning.open({ deck: await (await fetch("decks/assistant-style-en.json")).json() });
          await leaning.undo();
        })().then(() => done(null), (error) => done(String(error)));`);
      assert.equal(failed, null);
      await driver.navigate().back();
      await asks(1);

      // Whether the driver has left the cache on depends on the browser, so the event comes once more.
      await choose(0);
      await asks(2);
      await driver.executeScript(
        "localStorage.clear(); dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))",
      );
      await asks(1);
    });

    test("an answer that cannot be stored leaves the question as it is", async () => {
      await open("/seeded.html");
      await asks(1);
      const prompt = await text("h2");
      // Another page has written under the same key.
      await driver.executeScript("localStorage.setItem(...arguments)", STORED, ANOTHER_LOG);
      await choose(1);
      assert.match(
        await until(driver, () => text(".error"), "the error"),
        /^Your answer was not saved\. Try again\.$/,
      );
      assert.equal(await text("h2"), prompt);
      assert.equal(await count(), `Question 1 of ${QUESTIONS}`);
      assert.equal(await stored(), ANOTHER_LOG, "nothing is overwritten");
      await driver.executeScript("localStorage.clear()");
      await choose(1);
      await asks(2);
      assert.deepEqual(await all(".error"), []);
      assert.equal((await answers()).length, 1);
    });

    test("a held key never answers", async () => {
      await open("/seeded.html");
      await asks(1);
      const [button] = await all("button.choose");
      const pressed = (key, repeat) =>
        driver.executeScript(
          "return arguments[0].dispatchEvent(new KeyboardEvent('keydown', { key: arguments[1], repeat: arguments[2], bubbles: true, cancelable: true, composed: true }))",
          ...[button, key, repeat],
        );
      await unhurried(driver);
      await pressed("1", true);
      assert.equal(await pressed("Enter", true), false, "the browser does not click the button either");
      await driver.sleep(100);
      assert.equal(await stored(), null);
      await pressed("1", false);
      await asks(2);
    });

    test("a click answers the question on the screen, or nothing if the page has moved on", async () => {
      await open("/seeded.html");
      await asks(1);
      const answerFirst =
        "addEventListener('click', () => document.querySelector('leaning-quiz').interview.answer('skip'), { once: true, capture: true })";
      const prompt = await text("h2");
      await driver.executeScript(answerFirst);
      await choose(1);
      await until(driver, async () => (await text("h2")) !== prompt, "the next question");
      await driver.sleep(200);
      assert.deepEqual(
        (await answers()).map(({ verdict, chose }) => verdict ?? chose),
        ["skip"],
      );
    });

    test("the focus outlives the button that had it", async () => {
      // The texts of the first question fold, those of the next questions do not.
      await open("/folds.html");
      await asks(1, 4);
      await until(driver, async () => await (await all(".fold"))[0].isDisplayed(), "a folded text");
      await reach();
      await press("1");
      await asks(2, 4);
      await until(driver, async () => !(await (await all(".fold"))[0].isDisplayed()), "a text that fits");
      await settled();
      assert.ok(await inside(), "the focus stays in the quiz");
      await press("1");
      await asks(3, 4);
    });

    test("four answers stand two by two, and arrows move among them as they stand", async () => {
      await open("/four.html");
      await asks(1, 4);
      // The tab key may stop at a button that unfolds a text first, depending on the fonts.
      await driver.executeScript("arguments[0].focus()", (await all("button.choose"))[0]);
      await press(Key.ARROW_DOWN, Key.SPACE);
      // Now the focus is on the heading of the next question.
      await asks(2, 4);
      await settled();
      await press(Key.ARROW_DOWN, Key.ARROW_RIGHT, Key.ARROW_UP, Key.SPACE);
      await asks(3, 4);
      await press("4");
      await asks(4, 4);
      assert.deepEqual(
        (await answers()).map(({ shown, chose }) => shown.indexOf(chose)),
        [2, 3, 3],
      );
    });

    test("a quiz that stops when enough is known estimates how many questions are left, and says why it is over", async () => {
      await open("/enough.html");
      const asking = /^Question (\d+), (about \d+ more|perhaps the last)$/;
      await until(driver, async () => asking.test(await count()), "a question");
      let asked = 0;
      for (; (await text("h2")) !== "Your result"; asked++) {
        await until(
          driver,
          async () => Number((await count()).match(asking)?.[1]) === asked + 1,
          `question ${asked + 1}`,
        );
        await click("button.choose", await briefer());
      }
      assert.ok(asked >= 2 && asked < 12, `after ${asked} questions`);
      const words = "Your answers show clearly enough what you like.";
      await until(driver, async () => (await text(".reason")) === words, words);
      await until(
        driver,
        async () => (await (await all("[role=status]"))[0].getAttribute("textContent")) === words,
        "the announcement",
      );
      assert.equal(
        await driver.executeScript("return document.querySelector('leaning-quiz').interview.status().reason"),
        "regret",
      );
      await click("button[data-action=undo]");
      await until(driver, async () => asking.test(await count()), "the question again");
      // The property sets the attribute, and the answers stay.
      await driver.executeScript("document.querySelector('leaning-quiz').stopRegret = null");
      await asks(asked, 12);
    });

    test("a loaded page makes no requests", async () => {
      await open("/");
      await asks(1);
      await until(driver, () => site.requests.some((request) => request.includes("icon.svg")), "the icon");
      await driver.sleep(300);
      const before = site.requests.length;
      for (let question = 1; question <= QUESTIONS; question++) {
        await asks(question);
        await click("button.choose", question % 2);
      }
      await isOver();
      await driver.findElement({ id: "save" }).click();
      const said = await stored();
      await driver.findElement({ id: "delete" }).click();
      await asks(1);
      assert.equal(await stored(), null);
      // The person may change their mind until they leave the page.
      await driver.findElement({ css: "#said button" }).click();
      await isOver();
      assert.deepEqual(JSON.parse(await stored()).answers, JSON.parse(said).answers);
      await driver.sleep(300);
      assert.deepEqual(site.requests.slice(before), []);
      const counted = () => driver.findElement({ id: "requests" }).getText();
      assert.equal(await counted(), "0", "as the footer says");
      // A request that is planted is recorded.
      await driver.executeScript("new Image().src = '/planted-leak?chose=1'");
      await until(
        driver,
        () => site.requests.some((request) => request.includes("planted-leak")),
        "the planted leak",
      );
      await until(driver, async () => (await counted()) === "1", "the footer has noticed it");
    });

    test("events carry counts and never an answer", async () => {
      await open("/early.html");
      await driver.executeAsyncScript(`
        const [done] = arguments;
        window.heard = [];
        const quiz = document.createElement("leaning-quiz");
        for (const type of ["ready", "answer", "done", "error"])
          quiz.addEventListener("leaning-" + type, (event) => heard.push([event.type, event.detail, event.bubbles, event.composed]));
        quiz.addEventListener("leaning-ready", () => done());
        // Set before the element is defined, as frameworks do.
        quiz.maxQuestions = 2;
        quiz.deck = "decks/assistant-style-en.json";
        document.body.append(quiz);
        import("/pkg/element.js");
      `);
      await click("button.choose", 0);
      await click("button.choose", 0);
      await isOver();
      const heard = await driver.executeScript("return heard");
      assert.deepEqual(heard, [
        ["leaning-ready", { asked: 0 }, false, false],
        ["leaning-answer", { asked: 1 }, false, false],
        ["leaning-answer", { asked: 2 }, false, false],
        ["leaning-done", { asked: 2 }, false, false],
      ]);
      // A move in the document and equal values change nothing.
      await driver.executeScript(`
        const quiz = document.querySelector("leaning-quiz");
        document.querySelector("main").append(quiz);
        quiz.maxQuestions = 2;
        quiz.deck = "decks/assistant-style-en.json";
      `);
      await driver.sleep(300);
      await isOver();
      assert.equal((await driver.executeScript("return heard")).length, 4);
    });

    test("an element shows its interview once it is ready", async () => {
      await open("/early.html");
      const found = await driver.executeAsyncScript(`
        const [done] = arguments;
        (async () => {
          const { Leaning } = await import("/pkg/element.js");
          const quiz = document.createElement("leaning-quiz");
          quiz.deck = "decks/assistant-style-en.json";
          const early = quiz.interview === undefined;
          const ready = new Promise((resolve) => quiz.addEventListener("leaning-ready", resolve));
          document.body.append(quiz);
          await ready;
          const { interview } = quiz;
          const { candidates } = interview.next();
          await interview.answer({ chose: 1 });
          const counts = [interview.status().answered, interview.entries().length, interview.rank(candidates).length];
          await quiz.forget();
          return [early, interview instanceof Leaning, ...counts, interview.status().answered];
        })().then(done, (error) => done(String(error)));`);
      assert.deepEqual(found, [true, true, 1, 1, 2, 0]);
    });

    test("numbers are numbers, as properties and as attributes", async () => {
      await open("/early.html");
      const found = await driver.executeAsyncScript(`
        const [done] = arguments;
        import("/pkg/element.js").then(() => {
          const quiz = document.createElement("leaning-quiz");
          const before = quiz.maxQuestions;
          quiz.setAttribute("max-questions", "7");
          quiz.candidatesPerQuestion = 3;
          const after = [quiz.maxQuestions, quiz.getAttribute("candidates-per-question"), quiz.stopGain];
          quiz.maxQuestions = null;
          done([before, ...after, quiz.hasAttribute("max-questions")]);
        });`);
      assert.deepEqual(found, [null, 7, "3", null, false]);
    });

    test("a message takes the place of a quiz whose deck is broken or missing", async () => {
      await open("/broken.html");
      await until(driver, async () => (await all(".error")).length === 1, "an error");
      assert.equal(await text(".error"), "The questions cannot be shown right now.");
      await open("/missing.html");
      await until(driver, async () => (await all(".error")).length === 1, "an error");
      assert.equal(await text(".error"), "The questions could not be loaded. Check your connection.");
    });

    test("the log of another deck stays until the person deletes it", async () => {
      await open("/", ANOTHER_LOG);
      await until(driver, async () => (await all(".error")).length === 1, "an error");
      assert.equal(await stored(), ANOTHER_LOG);
      await (await all("button[data-action=start-over]"))[0].click();
      await asks(1);
      assert.equal(await stored(), null);
    });

    test("a deck's texts never become markup", async () => {
      await open("/script.html");
      await until(driver, async () => (await all("button.choose")).length === 2, "a question");
      assert.match(await text("h2"), /<img src=x onerror=/);
      await click("button.choose", 0);
      await isOver();
      // The chart comes after the end is painted.
      assert.match(await until(driver, () => text(".dimensions"), "the picture"), /<img src=x onerror=/);
      assert.equal(await driver.executeScript("return window.ran"), null);
      assert.equal((await all("img, script")).length, 0);
    });
  });
}

function page(body) {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Test</title><body>${body}${
    body.includes("leaning-quiz") ? '<script type="module" src="/pkg/element.js"></script>' : ""
  }`;
}

/** A deck whose first question has long texts, and the others short ones. */
function foldingDeck() {
  const prompts = [1, 0.6, 0.5, 0.4, 0.3].map((score, place) => ({
    id: `p${place}`,
    text: `Question ${place}`,
    candidates: [score, -score].map((score, k) => ({
      id: `c${k}`,
      // Not so short that the card is a button.
      text: place ? "short ".repeat(25) : "long ".repeat(800),
      scores: [score],
    })),
  }));
  return {
    format: "leaning-deck/1",
    id: "folds",
    dimensions: [{ id: "a", label: "A", low: "low", high: "high" }],
    prompts,
  };
}

/** A deck with script in every text that is shown. */
function scriptDeck() {
  const script = (where) =>
    `${where}<img src=x onerror="window.ran='${where}'"><script>window.ran='${where}'</script>`;
  return {
    format: "leaning-deck/1",
    id: "script",
    language: script("language"),
    title: script("title"),
    dimensions: [
      {
        id: "a",
        label: script("label"),
        low: script("low"),
        high: script("high"),
        description: script("description"),
      },
    ],
    prompts: [
      {
        id: "p",
        text: script("prompt"),
        candidates: [
          { id: "a", text: script("first"), scores: [1] },
          { id: "b", text: script("second"), scores: [-1] },
        ],
      },
    ],
  };
}
