// Every kind of question in the quiz, and grades in a chat: answered by mouse, by keyboard alone and by touch.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Key } from "selenium-webdriver";
import { BROWSERS, published, serve, unhurried, until } from "./harness.mjs";
import { ANOTHER_LOG } from "./states.mjs";

const QUESTIONS = 4;

/**
 * Each kind has the deck's answer model, the number of candidates that a question shows, the buttons to click and the keys
 * to press in turn, and the fields of the entry that they make, by the names of the candidates shown.
 */
const KINDS = {
  grades: {
    model: { grades: 4 },
    ways: [
      { buttons: ["much-0"], keys: "1", entry: ([one]) => ({ chose: one, grade: "much" }) },
      { buttons: ["slightly-0"], keys: "2", entry: ([one]) => ({ chose: one, grade: "slightly" }) },
      { buttons: ["tie"], keys: "3", entry: () => ({ verdict: "tie" }) },
      { buttons: ["slightly-1"], keys: "4", entry: ([, two]) => ({ chose: two, grade: "slightly" }) },
    ],
    names: ["Answer 1 Much better", "Answer 1 A bit better", "Answer 2 A bit better", "Answer 2 Much better"],
  },
  "grades without a tie": {
    model: { grades: 4, indifference: 0 },
    ways: [
      { buttons: ["slightly-1"], keys: "3", entry: ([, two]) => ({ chose: two, grade: "slightly" }) },
      { buttons: ["much-1"], keys: "4", entry: ([, two]) => ({ chose: two, grade: "much" }) },
      { buttons: ["slightly-0"], keys: "502", entry: ([one]) => ({ chose: one, grade: "slightly" }) },
      { buttons: ["neither"], focus: "neither", entry: () => ({ verdict: "neither" }) },
    ],
  },
  rating: {
    model: { kind: "rating" },
    ways: [
      { buttons: ["rate-5"], keys: "65", entry: () => ({ kind: "rating", rating: 5, of: 5 }) },
      { buttons: ["rate-1"], keys: "01", entry: () => ({ kind: "rating", rating: 1, of: 5 }) },
      { buttons: ["rate-3"], keys: "3", entry: () => ({ kind: "rating", rating: 3, of: 5 }) },
      { buttons: ["rate-4"], keys: "4", entry: () => ({ kind: "rating", rating: 4, of: 5 }) },
    ],
    names: ["1 of 5", "2 of 5", "3 of 5", "4 of 5", "5 of 5"],
  },
  "a rating of eleven": {
    model: { kind: "rating", ratings: 11 },
    ways: [
      { buttons: ["rate-11"], focus: "rate-11", entry: () => ({ rating: 11, of: 11 }) },
      { buttons: ["rate-9"], keys: "9", entry: () => ({ rating: 9, of: 11 }) },
    ],
  },
  thumbs: {
    model: { kind: "rating", ratings: 2 },
    ways: [
      { buttons: ["rate-2"], keys: "32", entry: () => ({ rating: 2, of: 2 }) },
      { buttons: ["rate-1"], keys: "1", entry: () => ({ rating: 1, of: 2 }) },
    ],
    names: ["Answer 1 I don't like it", "Answer 1 I like it"],
  },
  "best and worst": {
    model: { kind: "best-worst" },
    ways: [
      {
        buttons: ["best-2", "worst-0"],
        keys: "31",
        entry: ([a, , c]) => ({ kind: "best-worst", best: c, worst: a }),
      },
      // The worst first; and the best of the same one takes its place.
      { buttons: ["worst-1", "best-1", "worst-0"], keys: "4021", entry: ([a, b]) => ({ best: b, worst: a }) },
      // What was taken is taken back.
      {
        buttons: ["best-0", "best-0", "worst-1", "best-2"],
        keys: "1132",
        entry: ([, b, c]) => ({ best: c, worst: b }),
      },
    ],
    names: [1, 2, 3].flatMap((place) => [`Answer ${place} Best`, `Answer ${place} Worst`]),
  },
  order: {
    model: { kind: "order" },
    attributes: 'candidates-per-question="4"',
    ways: [
      {
        buttons: ["place-3", "place-1", "place-0"],
        keys: "421",
        entry: ([a, b, c, d]) => ({ kind: "order", order: [d, b, a, c] }),
      },
      // Taking back the first takes back the second too.
      {
        buttons: ["place-3", "place-1", "place-3", "place-0", "place-2", "place-1"],
        keys: "424132",
        entry: ([a, b, c, d]) => ({ order: [a, c, b, d] }),
      },
      // The rest stays open.
      { buttons: ["place-2", "rest"], keys: "030", entry: ([a, b, c, d]) => ({ order: [c, [a, b, d]] }) },
      {
        buttons: ["place-2", "place-0", "rest"],
        keys: "310",
        entry: ([a, b, c, d]) => ({ order: [c, a, [b, d]] }),
      },
    ],
    names: [1, 2, 3, 4].map((place) => `Answer ${place} Make it number 1`),
  },
  "order of two": {
    model: { kind: "order" },
    attributes: 'candidates-per-question="2"',
    ways: [{ buttons: ["place-1"], keys: "2", entry: ([a, b]) => ({ order: [b, a] }) }],
  },
};

/** The answer models of decks that a chat is about. */
const CHATS = {
  grades: { grades: 4 },
  rating: { kind: "rating" },
  "best-worst": { kind: "best-worst" },
  order: { kind: "order" },
};

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`the kinds of questions in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      const extra = { ...published };
      for (const [kind, model] of Object.entries(CHATS)) extra[`/chat-${kind}.html`] = chatPage(model);
      for (const [place, { model, attributes = "" }] of Object.values(KINDS).entries()) {
        extra[`/${place}.json`] = JSON.stringify(deck(model));
        extra[`/${place}.html`] = page(
          `<leaning-quiz deck="${place}.json" max-questions="${QUESTIONS}" seed="5" ${attributes}></leaning-quiz>`,
        );
      }
      site = await serve(extra, name);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    async function open(kind) {
      await driver.get(`${site.url}/icon.svg`);
      await driver.executeScript("localStorage.clear()");
      await driver.get(`${site.url}/${Object.keys(KINDS).indexOf(kind)}.html`);
      await asks(1);
    }

    const root = async (tag = "leaning-quiz") => (await driver.findElement({ css: tag })).getShadowRoot();
    const all = async (css, tag) => (await root(tag)).findElements({ css });
    const control = async (action) => (await all(`[data-action="${action}"]`))[0];
    async function click(action) {
      await unhurried(driver);
      await (await control(action)).click();
    }
    const read = async (css) => (await (await root()).findElement({ css })).getAttribute("textContent");
    const heading = () => read("h2");
    const asks = (question) =>
      until(
        driver,
        async () => (await read(".count")) === `Question ${question} of ${QUESTIONS}`,
        `question ${question}`,
      );
    const isAnswered = (count) =>
      count < QUESTIONS
        ? asks(count + 1)
        : until(driver, async () => (await heading()) === "Your result", "the end");
    const settled = () => driver.sleep(150);
    const press = async (...keys) => {
      if (keys[0] !== Key.TAB) await unhurried(driver);
      await driver
        .actions()
        .sendKeys(...keys)
        .perform();
    };
    const answers = async () =>
      JSON.parse(
        (await driver.executeScript("return localStorage.getItem('leaning:kinds')")) ?? '{"answers":[]}',
      ).answers;
    /** The tag of the focused element inside the quiz. */
    const focused = async () => (await all(":focus"))[0]?.getTagName();

    async function checkEntries(ways) {
      const entries = await answers();
      assert.equal(entries.length, ways.length);
      for (const [place, { entry }] of ways.entries()) {
        const expected = entry(entries[place].shown);
        const found = Object.fromEntries(
          Object.keys(expected).map((field) => [field, entries[place][field]]),
        );
        assert.deepEqual(found, expected, `answer ${place + 1}`);
      }
    }

    test("the demo asks how much better one of two is", async () => {
      await driver.get(`${site.url}/icon.svg`);
      await driver.executeScript("localStorage.clear()");
      await driver.get(site.url);
      const stored = () => driver.executeScript("return localStorage.getItem('leaning:assistant-style-en')");
      await until(
        driver,
        async () => (await driver.findElements({ css: "leaning-quiz" })).length > 0,
        "the quiz",
      );
      await until(driver, async () => Boolean(await control("slightly-1")), "the grades");
      await click("slightly-1");
      await until(driver, async () => Boolean(await stored()), "the answer in the storage");
      const [entry] = JSON.parse(await stored()).answers;
      assert.deepEqual([entry.chose, entry.grade], [entry.shown[1], "slightly"]);
    });

    for (const [kind, { ways, names }] of Object.entries(KINDS)) {
      test(`${kind}: by mouse`, async () => {
        await open(kind);
        for (const [place, { buttons }] of ways.entries()) {
          for (const [step, action] of buttons.entries()) {
            assert.equal((await answers()).length, place, `${action} is not answered before it is complete`);
            await click(action);
            if (step < buttons.length - 1) await settled();
          }
          await isAnswered(place + 1);
        }
        await checkEntries(ways);
      });

      test(`${kind}: by keyboard alone, and the focus goes to the next question`, async () => {
        await open(kind);
        const key = ways[0].keys?.at(-1) ?? "1";
        await press(key);
        await settled();
        assert.deepEqual(await answers(), [], "keys mean nothing before the quiz has the focus");
        for (let presses = 0; !(await focused()); presses++) {
          assert.ok(presses < 10, "the tab key reaches the quiz");
          await press(Key.TAB);
        }
        for (const [place, { keys, focus }] of ways.entries()) {
          if (focus) {
            await driver.executeScript("arguments[0].focus()", await control(focus));
            await press(Key.SPACE);
          } else for (const one of keys) await press(one);
          await isAnswered(place + 1);
          await until(driver, async () => (await focused()) === "h2", "the focus on the heading");
        }
        await checkEntries(ways);
        await press("u");
        await asks(ways.length);
      });

      test(`${kind}: by touch`, { skip: name !== "chromium" }, async () => {
        const devtools = (command, parameters) => driver.sendAndGetDevToolsCommand(command, parameters);
        const metrics = { width: 360, height: 640, deviceScaleFactor: 2, mobile: true };
        await devtools("Emulation.setDeviceMetricsOverride", metrics);
        await devtools("Emulation.setTouchEmulationEnabled", { enabled: true });
        try {
          await open(kind);
          for (const [place, { buttons }] of ways.entries()) {
            for (const action of buttons) {
              await unhurried(driver);
              const { x, y } = await driver.executeScript(
                `arguments[0].scrollIntoView({ block: "center", behavior: "instant" });
                const { left, top, width, height } = arguments[0].getBoundingClientRect();
                return { x: left + width / 2, y: top + height / 2 };`,
                await control(action),
              );
              await devtools("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
              await devtools("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
              // Two quick taps in one place are one.
              await driver.sleep(400);
            }
            await isAnswered(place + 1);
          }
          await checkEntries(ways);
        } finally {
          await devtools("Emulation.setTouchEmulationEnabled", { enabled: false });
          await devtools("Emulation.clearDeviceMetricsOverride");
        }
      });

      test(`${kind}: a double click answers once, and a held key never`, async () => {
        await open(kind);
        const { buttons } = ways[0];
        for (const action of buttons.slice(0, -1)) await click(action);
        await unhurried(driver);
        const last = await control(buttons.at(-1));
        const dispatch = (key, repeat) =>
          driver.executeScript(
            "return arguments[0].dispatchEvent(new KeyboardEvent('keydown', { key: arguments[1], repeat: arguments[2], bubbles: true, cancelable: true, composed: true }))",
            ...[last, key, repeat],
          );
        for (const key of ["1", "2", "0"]) await dispatch(key, true);
        assert.equal(await dispatch("Enter", true), false);
        await settled();
        assert.deepEqual(await answers(), []);
        // A driver's second click may come late on a busy machine, and then is no double click.
        const clickOn = (button, detail) =>
          driver.executeScript(
            "arguments[0].dispatchEvent(new MouseEvent('click', { detail: arguments[1], bubbles: true, composed: true }))",
            ...[button, detail],
          );
        await clickOn(last, 1);
        await asks(2);
        await settled();
        for (const button of await all(".foot button")) await clickOn(button, 2);
        await settled();
        await checkEntries(ways.slice(0, 1));
        assert.equal((await all("[aria-pressed=true]")).length, 0, "nothing is taken in the next question");
      });

      // WebKit's driver does not compute names as screen readers hear them.
      test(`${kind}: a screen reader hears what each button does`, {
        skip: name === "webkit" || !names,
      }, async () => {
        await open(kind);
        const heard = [];
        for (const button of await all(".foot button")) heard.push(await button.getAccessibleName());
        assert.deepEqual(heard, names);
      });
    }

    test("the ends of a scale have words, which screen readers hear with the first and the last level", async () => {
      await open("rating");
      const description = (button) =>
        driver.executeScript(
          "const [button] = arguments; return button.getRootNode().getElementById(button.getAttribute('aria-describedby'))?.textContent",
          button,
        );
      const described = [];
      for (const button of await all(".foot button")) described.push(await description(button));
      assert.deepEqual(described, ["Not at all", null, null, null, "Very much"]);
      // Arrows move along the scale.
      await driver.executeScript("arguments[0].focus()", await control("rate-1"));
      await press(Key.ARROW_RIGHT, Key.ARROW_RIGHT, Key.ARROW_RIGHT, Key.ARROW_LEFT, Key.ENTER);
      await asks(2);
      assert.equal((await answers())[0].rating, 3);
    });

    test("what is taken so far is shown, is told to screen readers, and may be skipped", async () => {
      await open("order");
      const said = () => read("[role=status]");
      const pressed = async () => {
        const states = [];
        for (const button of await all(".foot button"))
          states.push([await button.getText(), await button.getAttribute("aria-pressed")]);
        return states;
      };
      await click("place-1");
      assert.equal(await said(), "Answer 2: Number 1");
      assert.deepEqual(await pressed(), [
        ["Make it number 2", "false"],
        ["Number 1", "true"],
        ["Make it number 2", "false"],
        ["Make it number 2", "false"],
      ]);
      assert.ok(await (await control("rest")).isDisplayed());
      await driver.sleep(600);
      await click("place-1");
      assert.equal(await said(), "Answer 2: taken back");
      assert.ok(!(await (await control("rest")).isDisplayed()));
      await click("place-0");
      const before = await heading();
      await click("skip");
      await until(driver, async () => (await heading()) !== before, "the next question");
      const [entry] = await answers();
      assert.deepEqual([entry.kind, entry.verdict, entry.order], ["order", "skip", undefined]);
      assert.equal((await all("[aria-pressed=true]")).length, 0);

      await open("best and worst");
      await click("best-1");
      assert.equal(await said(), "Answer 2: Best");
      assert.equal((await all("[aria-pressed=true]")).length, 1);
    });

    test("an answer that cannot be stored may be given again by the same button", async () => {
      for (const [kind, ...buttons] of [
        ["best and worst", "best-1", "worst-0"],
        ["order", "place-3", "place-1", "place-0"],
      ]) {
        await open(kind);
        for (const action of buttons.slice(0, -1)) await click(action);
        await driver.executeScript("localStorage.setItem('leaning:kinds', arguments[0])", ANOTHER_LOG);
        await click(buttons.at(-1));
        await until(driver, async () => (await all(".error")).length === 1, "the error");
        await driver.executeScript("localStorage.clear()");
        await driver.sleep(600);
        await click(buttons.at(-1));
        await asks(2);
        assert.equal((await answers()).length, 1);
      }
    });

    /** The buttons of two drafts in a chat. */
    async function drafts(kind, count) {
      await driver.get(`${site.url}/icon.svg`);
      await driver.executeScript("localStorage.clear()");
      await driver.get(`${site.url}/chat-${kind}.html`);
      const shown = async () => {
        const found = await all(".candidate button", "leaning-compare");
        return found.length === count && found;
      };
      return until(driver, shown, "the drafts");
    }
    const preferred = () =>
      until(
        driver,
        async () => (await driver.executeScript("return window.preferred")) ?? false,
        "the preferred draft",
      );

    test("two drafts in a chat are graded by mouse and by keyboard", async () => {
      for (const how of ["mouse", "keyboard"]) {
        const buttons = await drafts("grades", 4);
        if (name !== "webkit") assert.equal(await buttons[1].getAccessibleName(), "Answer 1 A bit better");
        await unhurried(driver);
        if (how === "mouse") await buttons[3].click();
        else {
          await driver.executeScript("arguments[0].focus()", buttons[0]);
          await press("5");
        }
        const id = await preferred();
        const [entry] = await answers();
        assert.equal(entry.grade, "much");
        assert.deepEqual([entry.chose, `chat/${id}`], [entry.shown[1], entry.shown[1]]);
      }
    });

    test("two drafts in a chat are a choice, whatever else the deck asks for", async () => {
      for (const kind of ["rating", "best-worst", "order"]) {
        const [, second] = await drafts(kind, 2);
        await unhurried(driver);
        await second.click();
        const id = await preferred();
        const [entry] = await answers();
        assert.deepEqual([entry.kind ?? "answer", entry.chose], ["answer", entry.shown[1]], kind);
        assert.equal(`chat/${id}`, entry.chose, kind);
      }
    });
  });
}

function page(body) {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Test</title><body>${body}<script type="module" src="/pkg/element.js"></script>`;
}

/** A page that asks about two drafts and keeps the id of the one that is preferred. */
function chatPage(model) {
  return page(`<leaning-compare></leaning-compare><script type="module">
    const compare = document.querySelector("leaning-compare");
    const drafts = [{ id: "a", text: "Yes.", scores: [2, -1] }, { id: "b", text: "No.", scores: [-1, 1] }];
    await customElements.whenDefined("leaning-compare");
    compare.deck = ${JSON.stringify(deck(model))};
    const index = await compare.ask(drafts);
    window.preferred = drafts[index].id;
  </script>`);
}

/** Five prompts with four short candidates each. */
function deck(answers) {
  const scores = [
    [1, 0],
    [-1, 0.5],
    [0.2, -1],
    [0.1, 0.9],
  ];
  return {
    format: "leaning-deck/1",
    id: "kinds",
    dimensions: [{ id: "a" }, { id: "b" }],
    answers,
    prompts: [1, 0.9, 0.8, 0.7, 0.6].map((scale, place) => ({
      id: `p${place}`,
      text: `Question about number ${place}`,
      candidates: scores.map((score, k) => ({
        id: `c${k}`,
        text: `Text ${k} of ${place}`,
        scores: score.map((value) => value * scale),
      })),
    })),
  };
}
