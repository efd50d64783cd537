// The elements for those who neither see them nor point at them: what is read aloud, and what the keyboard reaches.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Key } from "selenium-webdriver";
import { BROWSERS, OPEN_ROOTS, serve, unhurried, until } from "./harness.mjs";
import { DECK, reach, STATES, statePage } from "./states.mjs";

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title>${OPEN_ROOTS}
<script>
  window.given = {};
  const writeText = async (text) => { given.copied = text; };
  Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
</script>
<leaning-quiz deck="${DECK}" storage="memory" seed="1" max-questions="4"></leaning-quiz>
<leaning-profile deck="${DECK}" storage="memory"></leaning-profile>
<script type="module" src="/pkg/element.js"></script>`;

/** Roles that are read aloud with their name, and not what is in them. */
const WHOLE = ["button", "heading", "slider", "textbox", "DisclosureTriangle", "image", "checkbox"];

describe("read aloud by chromium", { skip: !BROWSERS.chromium }, () => {
  let site;
  let driver;
  const states = ["quiz-first", "quiz-middle", "quiz-grades", "quiz-done"];
  before(async () => {
    site = await serve(
      Object.fromEntries(states.map((state) => [`/${state}.html`, statePage(STATES[state])])),
    );
    driver = await BROWSERS.chromium();
  });
  after(async () => {
    await driver?.quit();
    await site?.close();
  });

  /** What a screen reader says from the start to the end of the page, each with its role. */
  async function said(state) {
    await driver.get(`${site.url}/${state}.html`);
    await reach(driver, STATES[state]);
    const { nodes } = await driver.sendAndGetDevToolsCommand("Accessibility.getFullAXTree", {});
    const byId = new Map(nodes.map((node) => [node.nodeId, node]));
    const phrases = [];
    const read = ({ ignored, role, name, childIds = [] }) => {
      const words = name?.value?.trim();
      if (!ignored && words && (role.value === "StaticText" || WHOLE.includes(role.value))) {
        phrases.push([role.value, words]);
        return;
      }
      for (const id of childIds) if (byId.has(id)) read(byId.get(id));
    };
    read(nodes[0]);
    // The heading of the test's page.
    return phrases.slice(1);
  }
  /** The phrases with those of one text in one: it is read by paragraphs. */
  function joined(phrases) {
    const whole = [];
    for (const [role, words] of phrases) {
      const last = whole.at(-1);
      if (role === "StaticText" && last?.[0] === role) last[1] += ` ${words}`;
      else whole.push([role, words]);
    }
    return whole;
  }
  /** The place of the first phrase of a role. */
  const first = (phrases, role) => phrases.findIndex(([found]) => found === role);

  test("before the first question there are three phrases", async () => {
    const phrases = await said("quiz-first");
    const [where, time, privacy, ...more] = phrases.slice(0, first(phrases, "heading"));
    assert.deepEqual(where, ["StaticText", "Question 1 of 10"]);
    assert.match(time[1], /^about \d minutes?$/);
    assert.deepEqual(privacy, ["StaticText", "Stays on this device"]);
    assert.deepEqual(more, []);
  });

  test("a question is its prompt, what to do, and each answer with its button, and nothing of other questions", async () => {
    for (const state of ["quiz-first", "quiz-middle"]) {
      const phrases = await said(state);
      const question = joined(phrases.slice(first(phrases, "heading")));
      assert.deepEqual(
        question.slice(0, 8).map(([role]) => role),
        ["heading", "StaticText", "heading", "StaticText", "button", "heading", "StaticText", "button"],
      );
      const shown = await driver.executeScript(
        "return element.interview.next().candidates.map(({ text }) => text)",
      );
      assert.deepEqual(
        [question[3][1], question[6][1]],
        shown.map((text) => text.trim().replace(/\n{2,}/g, " ")),
      );
    }
  });

  test("grades come after both answers, and each names its own", async () => {
    const phrases = await said("quiz-grades");
    const question = joined(phrases.slice(first(phrases, "heading")));
    const roles = ["heading", "StaticText", "heading", "StaticText", "heading", "StaticText"];
    assert.deepEqual(
      question.slice(0, 6).map(([role]) => role),
      roles,
    );
    assert.deepEqual(
      question.slice(6, 11).map(([, words]) => words),
      [
        "Answer 1 Much better",
        "Answer 1 A bit better",
        "About the same",
        "Answer 2 A bit better",
        "Answer 2 Much better",
      ],
    );
  });

  test("the result begins with its sentence, and names nothing twice", async () => {
    const phrases = await said("quiz-done");
    assert.deepEqual(phrases[0], ["heading", "Your result"]);
    assert.match(phrases[1][1], /^Your taste/);
    const labels = await driver.executeScript(
      "return element.interview.profile().dimensions.map(({ label }) => label)",
    );
    for (const label of labels)
      assert.equal(phrases.filter(([, words]) => words.includes(label)).length, 1, label);
  });
});

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`by keyboard alone in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve({ "/keys.html": PAGE }, name);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const press = (...keys) =>
      driver
        .actions()
        .sendKeys(...keys)
        .perform();
    const run = (script) =>
      driver.executeScript(
        `const [quiz, profile] = document.querySelectorAll("leaning-quiz, leaning-profile"); ${script}`,
      );
    /** The control that has the focus: its action, or else its tag. */
    const focused = () =>
      run(`const inside = document.activeElement?.shadowRoot?.activeElement;
        return inside ? [document.activeElement.localName, inside.dataset.action ?? inside.localName].join(" ") : "";`);
    /** Presses the tab key until a control has the focus. */
    async function tabTo(control) {
      const passed = [];
      for (let presses = 0; presses < 60; presses++) {
        await press(Key.TAB);
        const now = await focused();
        if (now === control) return;
        passed.push(now);
      }
      assert.fail(`${control} is not among ${[...new Set(passed)].join(", ")}`);
    }

    test("the quiz is answered, the result taken along, and a dot moved", async () => {
      await driver.get(`${site.url}/keys.html`);
      const answered = () => run("return quiz.interview?.status().answered");
      await until(driver, async () => (await answered()) === 0, "the quiz");
      await tabTo("leaning-quiz 0");
      for (const [index, keys] of [
        ["1"],
        [Key.ARROW_RIGHT, Key.ARROW_RIGHT, Key.ENTER],
        ["0"],
        ["2"],
      ].entries()) {
        await unhurried(driver);
        await press(...keys);
        await until(driver, async () => (await answered()) === index + 1, `answer ${index + 1}`);
      }
      await until(driver, async () => (await focused()) === "leaning-quiz h2", "the heading of the result");
      await until(
        driver,
        () => run("return quiz.shadowRoot.querySelector('[data-action=share]') !== null"),
        "the end",
      );
      await tabTo("leaning-quiz more");
      await tabTo("leaning-quiz summary");
      await tabTo("leaning-quiz instructions");
      await unhurried(driver);
      await press(Key.ENTER);
      await until(driver, async () => (await focused()) === "leaning-quiz textarea", "the text");
      await tabTo("leaning-quiz copy-instructions");
      await press(Key.ENTER);
      await until(driver, () => run("return Boolean(given.copied)"), "the copy");
      await tabTo("leaning-quiz undo");
      await tabTo("leaning-quiz restart");
      await tabTo("leaning-profile input");
      await press(Key.ARROW_RIGHT);
      const stated = "return profile.interview.profile().dimensions[0].statement !== null";
      await until(driver, () => run(stated), "the statement");
      for (const action of [
        "undo-statement",
        "summary",
        "instructions",
        "share",
        "delete",
        "export",
        "restart",
      ])
        await tabTo(`leaning-profile ${action}`);
    });
  });
}
