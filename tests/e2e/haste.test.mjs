// Double clicks, double taps and held keys: the second one may not answer the next question, which nobody can have read yet.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, OPEN_ROOTS, serve, unhurried, until } from "./harness.mjs";

/** Questions of the same height, so that a button of the next one stands where the last one stood. */
function evenDeck() {
  const prompts = Array.from({ length: 12 }, (_, place) => ({
    id: `p${place}`,
    text: `Question ${String.fromCharCode(65 + place)}`,
    candidates: [1, -1].map((sign, index) => ({
      id: `c${index}`,
      text: `An answer of a few words that stands in a card of its own, as long as the other one, so that no card moves. ${place}${index} `.repeat(
        2,
      ),
      scores: [sign * (1 - place / 20)],
    })),
  }));
  return {
    format: "leaning-deck/1",
    id: "even",
    dimensions: [{ id: "a", label: "A", low: "low", high: "high" }],
    prompts,
  };
}

const page = (tag) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title>
<meta name="viewport" content="width=device-width">${OPEN_ROOTS}
<style>body { font-family: "DejaVu Sans"; --leaning-font-family: "DejaVu Sans" }</style>
<body><${tag} deck="even.json" storage="memory"></${tag}>
<script type="module" src="/pkg/element.js"></script>`;

describe("haste in chromium", { skip: !BROWSERS.chromium }, () => {
  let site;
  let driver;
  before(async () => {
    site = await serve({
      "/quiz.html": page("leaning-quiz"),
      "/compare.html": page("leaning-compare"),
      "/even.json": JSON.stringify(evenDeck()),
    });
    driver = await BROWSERS.chromium();
  });
  after(async () => {
    await driver?.quit();
    await site?.close();
  });

  const devtools = (command, parameters) => driver.sendAndGetDevToolsCommand(command, parameters);
  const answered = () =>
    driver.executeScript("return document.querySelector('[deck]').interview?.status().answered ?? -1");
  const centre = (place) =>
    driver.executeScript(
      `const { left, top, width, height } = document.querySelector("[deck]").shadowRoot.querySelectorAll(".choose")[arguments[0]].getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };`,
      place,
    );
  /** The time of an event, in seconds as the browser wants it. Given with the event, it does not depend on the machine. */
  const now = () => Date.now() / 1000;

  async function open(path = "/quiz.html") {
    await driver.get(site.url + path);
    await until(driver, async () => (await answered()) === 0 && (await centre(0)), "the question");
  }
  /** Until the question can have been read. */
  const read = () => unhurried(driver);
  /** Until the page has painted what it shows. */
  const paint = () =>
    driver.executeAsyncScript("requestAnimationFrame(() => setTimeout(() => setTimeout(arguments[0])))");

  async function click({ x, y }, { clickCount = 1, timestamp = now() } = {}) {
    const given = { x, y, button: "left", clickCount, timestamp };
    const mouse = (type) => devtools("Input.dispatchMouseEvent", { type, ...given });
    await mouse("mousePressed");
    await mouse("mouseReleased");
  }
  async function tap({ x, y }, timestamp = now()) {
    await devtools("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }], timestamp });
    await devtools("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [], timestamp });
  }
  async function key(text, { autoRepeat = false, timestamp = now() } = {}) {
    const given = {
      timestamp,
      key: text,
      text,
      code: `Digit${text}`,
      windowsVirtualKeyCode: text.charCodeAt(0),
    };
    await devtools("Input.dispatchKeyEvent", { type: "keyDown", autoRepeat, ...given });
    await devtools("Input.dispatchKeyEvent", { type: "keyUp", ...given });
  }

  for (const pause of [20, 100, 200]) {
    test(`a second click ${pause} ms after the first answers nothing, counted by the browser or not`, async () => {
      for (const counted of [2, 1]) {
        await open();
        await read();
        const place = await centre(0);
        const timestamp = now();
        await click(place, { timestamp });
        await click(place, { clickCount: counted, timestamp: timestamp + pause / 1000 });
        await read();
        assert.equal(await answered(), 1, `clickCount ${counted}`);
        await click(await centre(0));
        await until(driver, async () => (await answered()) === 2, "a click after the question was read");
      }
    });
  }

  for (const pause of [80, 250]) {
    test(`a second tap ${pause} ms after the first answers nothing`, async () => {
      await open();
      await devtools("Emulation.setTouchEmulationEnabled", { enabled: true });
      await read();
      const place = await centre(1);
      const timestamp = now();
      await tap(place, timestamp);
      await tap(place, timestamp + pause / 1000);
      await read();
      await devtools("Emulation.setTouchEmulationEnabled", { enabled: false });
      assert.equal(await answered(), 1);
    });
  }

  test("a held key answers once, whether the system marks its repetitions or not", async () => {
    await open();
    await read();
    await driver.executeScript(
      "document.querySelector('[deck]').shadowRoot.querySelector('.choose').focus()",
    );
    const timestamp = now();
    await key("1", { timestamp });
    for (let repeat = 0; repeat < 6; repeat++) await key("1", { autoRepeat: true });
    await key("1", { timestamp: timestamp + 0.2 });
    await read();
    assert.equal(await answered(), 1);
    await key("1");
    await until(driver, async () => (await answered()) === 2, "a key after the question was read");
  });

  test("who moves the pointer to another answer is not kept waiting", async () => {
    await open();
    await read();
    await click(await centre(0));
    await until(driver, async () => (await answered()) === 1, "the first answer");
    await paint();
    await click(await centre(1));
    await until(driver, async () => (await answered()) === 2, "the second answer");
  });

  test("where events have no time, an answer counts once the question can have been read", async () => {
    await open();
    await driver.executeScript('Object.defineProperty(Event.prototype, "timeStamp", { get: () => 0 })');
    await read();
    await click(await centre(0));
    await until(driver, async () => (await answered()) === 1, "the answer");
  });

  test("a click by assistive technology counts soon after the question is painted", async () => {
    await open();
    await read();
    const press = (times) =>
      driver.executeScript(
        "for (let i = 0; i < arguments[0]; i++) document.querySelector('[deck]').shadowRoot.querySelector('.choose').click()",
        times,
      );
    await press(2);
    await read();
    assert.equal(await answered(), 1);
    await press(1);
    await until(driver, async () => (await answered()) === 2, "a click after the question was read");
  });

  test("drafts that appear under a click are not chosen by it", async () => {
    await driver.get(`${site.url}/compare.html`);
    await until(driver, async () => (await answered()) === 0, "the element");
    const timestamp = now();
    await driver.executeScript(`document.querySelector("leaning-compare").candidates =
      [1, -1].map((score, index) => ({ id: "d" + index, text: "A draft", scores: [score] }));`);
    await click(await centre(0), { timestamp });
    await read();
    assert.equal(await answered(), 0);
    await click(await centre(0));
    await until(driver, async () => (await answered()) === 1, "a click after the drafts were read");
  });
});

/**
 * Acts in the page itself, which no driver delays: once, and again as soon as the next question is painted. Gives the number
 * of answers then, and after a third time once that question can have been read.
 */
const HURRY = `
  const [kind, done] = arguments;
  const element = document.querySelector("[deck]"), root = element.shadowRoot;
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => setTimeout(resolve))));
  const act = (times) => {
    const button = root.querySelector(".choose");
    const { left, top, width, height } = button.getBoundingClientRect();
    const common = { bubbles: true, composed: true, cancelable: true };
    const point = { clientX: left + width / 2, clientY: top + height / 2 };
    if (kind === "key" || kind === "held key") {
      const repeat = kind === "held key" && times > 1;
      button.dispatchEvent(new KeyboardEvent("keydown", { ...common, key: "1", code: "Digit1", repeat }));
    } else {
      const detail = { click: 1, "double click": times, assistive: 0 }[kind];
      button.dispatchEvent(new MouseEvent("click", { ...common, ...point, detail }));
    }
  };
  (async () => {
    act(1);
    await painted();
    act(2);
    await pause(700);
    const { answered } = element.interview.status();
    act(1);
    await pause(100);
    return [answered, element.interview.status().answered];
  })().then(done, (error) => done(String(error)));`;

// With the clock of the page. In Chromium the tests above give the time of each event.
for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`haste in ${name}, by the clock of the page`, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve(
        { "/quiz.html": page("leaning-quiz"), "/even.json": JSON.stringify(evenDeck()) },
        name,
      );
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    for (const kind of ["click", "double click", "assistive", "key", "held key"]) {
      test(`a second act at once answers nothing, and a later one does: ${kind}`, async () => {
        await driver.get(`${site.url}/quiz.html`);
        const isReady = "return document.querySelector('[deck]').interview?.status().answered === 0";
        await until(driver, () => driver.executeScript(isReady), "the question");
        await unhurried(driver);
        assert.deepEqual(await driver.executeAsyncScript(HURRY, kind), [1, 2]);
      });
    }
  });
}
