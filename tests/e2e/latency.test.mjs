// The time until the next question is painted on a slow phone: Chromium with its processor slowed down four times. Times
// are printed and not asserted, since they depend on the machine. `LEANING_THOROUGH=1 node --test
// tests/e2e/latency.test.mjs` asks five times as many questions, and then questions about three and four.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, serve, until } from "./harness.mjs";
import { DECK } from "./states.mjs";

const SLOWER = 4;
const THOROUGH = Boolean(process.env.LEANING_THOROUGH);
const ROUNDS = THOROUGH ? 5 : 1;
/** Answers in a browser. Another question follows each of them. */
const QUESTIONS = 12;
/** The time between two answers, in milliseconds. Nobody reads a question in less. */
const PAUSE = 400;
/** The time for which a button is held, in milliseconds. */
const PRESS = 80;

const page = (
  candidates,
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title><link rel="stylesheet" href="site.css"></head><body>
<leaning-quiz deck="${DECK}" candidates-per-question="${candidates}" max-questions="${QUESTIONS + 1}"></leaning-quiz>
<script type="module">
import "./pkg/element.js";
window.times = [];
window.shown = [];
window.long = [];
const quiz = document.querySelector("leaning-quiz");
addEventListener("click", ({ timeStamp }) => {
  // The next question is drawn in the same task and so painted in the next frame. A task of the highest priority that is
  // posted within that frame runs right after the paint.
  requestAnimationFrame(() => scheduler.postTask(() => times.push(performance.now() - timeStamp), { priority: "user-blocking" }));
}, true);
const observe = (type, tell, options) => new PerformanceObserver((list) => list.getEntries().forEach(tell)).observe({ type, ...options });
observe("event", ({ name, duration }) => name === "click" && shown.push(duration), { durationThreshold: 16 });
quiz.addEventListener("leaning-ready", () => {
  requestIdleCallback(() => {
    observe("longtask", ({ duration }) => long.push(duration));
    window.loaded = true;
  });
});
</script></body></html>`;

describe("the next question on a slow phone, in chromium", () => {
  let site;
  before(async () => {
    site = await serve(
      Object.fromEntries([2, 3, 4].map((candidates) => [`/${candidates}.html`, page(candidates)])),
    );
  });
  after(() => site?.close());

  for (const candidates of THOROUGH ? [2, 3, 4] : [2]) {
    test(`${ROUNDS * QUESTIONS} answers to questions about ${candidates}, each from the click to the paint`, (context) =>
      measure(context, candidates));
  }

  async function measure(context, candidates) {
    const times = [];
    const shown = [];
    const long = [];
    for (let round = 0; round < ROUNDS; round++) {
      // A new browser has nothing compiled or cached, as for a first visit.
      const driver = await BROWSERS.chromium({ width: 400, height: 800 });
      try {
        await driver.get(`${site.url}/${candidates}.html`);
        await until(driver, () => driver.executeScript("return window.loaded"), "the quiz");
        await driver.sendAndGetDevToolsCommand("Emulation.setCPUThrottlingRate", { rate: SLOWER });
        await driver.sleep(PAUSE);
        const root = await (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot();
        for (let question = 0; question < QUESTIONS; question++) {
          const choices = await root.findElements({ css: "button.choose" });
          const choice = choices[(question + round) % choices.length];
          await driver.executeScript("arguments[0].scrollIntoView({ block: 'nearest' })", choice);
          // A hand moves there, presses and releases. The page is left alone until it has painted, since a query takes its time.
          const hand = driver.actions({ async: true }).move({ origin: choice });
          await hand.pause(PRESS).press().pause(PRESS).release().pause(PAUSE).perform();
          await until(
            driver,
            () => driver.executeScript("return times.length === arguments[0]", question + 1),
            "the paint",
          );
        }
        times.push(...(await driver.executeScript("return times")));
        shown.push(...(await driver.executeScript("return shown")));
        long.push(...(await driver.executeScript("return long")));
      } finally {
        await driver.quit();
      }
    }
    assert.equal(times.length, ROUNDS * QUESTIONS);
    const first = times.filter((_, place) => place % QUESTIONS === 0);
    const spread = (times) => {
      times.sort((one, other) => one - other);
      const at = (share) => times[Math.ceil(share * times.length) - 1].toFixed(1);
      return `median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, longest ${at(1)} ms`;
    };
    context.diagnostic(`processor slowed down ${SLOWER} times, until it is painted: ${spread(times)}`);
    context.diagnostic(`of these each browser's first: ${spread(first)}`);
    context.diagnostic(`until the browser says that it is on the screen, in steps of 8 ms: ${spread(shown)}`);
    context.diagnostic(
      `tasks of over 50 ms after loading: ${long.length} ${long.map((time) => time.toFixed(0)).join(" ")}`,
    );
  }
});
