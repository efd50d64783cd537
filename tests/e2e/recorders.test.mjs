// Session recorders and analytics on the page, as they come from npm: rrweb, and PostHog with everything that it can record
// turned on. A person drags a dot, answers a quiz and is shown drafts. Neither texts, names and scores of the deck nor any number
// that moves with a weight may be in what they write down.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { Key, Origin } from "selenium-webdriver";
import { BROWSERS, OPEN_ROOTS, serve, unhurried, until } from "./harness.mjs";
import { DECK } from "./states.mjs";

const read = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
const ANSWERS = 5;
/** The changes of all weights at a time, and the pause between them, in milliseconds, which recorders divide time by. */
const CHANGES = 12;
const PAUSE = 150;
/** The fewest changes by which a number is held to move with a weight: six by chance are alike once in thousands of tries. */
const FEWEST = 6;

const CONFIG = JSON.stringify({
  autocapture_opt_out: false,
  heatmaps: true,
  capturePerformance: { network_timing: true, web_vitals: true },
  captureDeadClicks: true,
  supportedCompression: [],
  sessionRecording: {
    endpoint: "/s/",
    consoleLogRecordingEnabled: true,
    recorderVersion: "v2",
    networkPayloadCapture: { recordBody: true, recordHeaders: true },
  },
  featureFlags: {},
  isAuthenticated: false,
  siteApps: [],
});

const RECORDERS = `<script src="/rrweb.js"></script>
<script>
window.written = { rrweb: [], posthog: [] };
rrweb.record({ emit: (event) => written.rrweb.push(event), recordCanvas: true, collectFonts: true });
</script>
<script type="module">
import posthog from "/posthog.js";
posthog.init("phc_test", {
  api_host: location.origin,
  autocapture: { capture_copied_text: true },
  capture_heatmaps: true,
  capture_dead_clicks: true,
  person_profiles: "always",
  disable_compression: true,
  opt_out_useragent_filter: true,
  request_batching: false,
  session_recording: { maskAllInputs: false, compress_events: false, recordCanvas: true },
  before_send: (event) => { written.posthog.push(event); return event; },
});
posthog.startSessionRecording();
window.posthog = posthog;
</script>`;

/** Assigns the value of each slider whose attribute changes. */
const LEAK = `<script>
const setAttribute = Element.prototype.setAttribute;
Element.prototype.setAttribute = function (name, value) {
  setAttribute.call(this, name, value);
  if (name === "value" && this instanceof HTMLInputElement) this.value = value;
};
</script>`;

const page = (head) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>${head}
<style>body { margin: 0 } leaning-profile { display: block }</style></head><body>
<leaning-profile deck="${DECK}" storage="memory"></leaning-profile>
<leaning-quiz deck="${DECK}" storage="memory" max-questions="8"></leaning-quiz>
<leaning-compare deck="${DECK}" storage="memory"></leaning-compare>
<p id="own">A line of the page’s own</p>
${RECORDERS}<script type="module" src="/pkg/element.js"></script></body></html>`;

const PAGES = {
  "/closed.html": page(""),
  "/leak.html": page(LEAK),
  "/open.html": page(OPEN_ROOTS),
  "/rrweb.js": read("node_modules/rrweb/umd/rrweb.js"),
  "/posthog.js": read("node_modules/posthog-js/dist/module.full.js"),
};

/** In the page: changes all weights again and again, and tells where they then were, and when. */
const CHANGE = `
const [changes, pause, done] = arguments;
(async () => {
  const { interview } = document.querySelector("leaning-quiz");
  const steps = [];
  for (let step = 0; step < changes; step++) {
    const from = Date.now();
    document.getElementById("own").dataset.step = step;
    const log = JSON.parse(interview.exportLog());
    // In one log, so that the profile is drawn once.
    log.answers = interview.profile().dimensions.map(({ id, rmsDifference }, place) => {
      const turn = Math.sin(12.9898 * (step + 1) + 78.233 * (place + 1)) * 43758.5453;
      const weight = ((turn - Math.floor(turn)) * 2 - 1) / rmsDifference;
      return { id: "step-" + step + "-" + place, kind: "statement", dimension: id, weight, sd: 0.1 };
    });
    await interview.forget();
    await interview.importLog(log);
    await new Promise((resolve) => setTimeout(resolve, pause));
    const weights = interview.profile().dimensions.map(({ mean, rmsDifference }) => mean * rmsDifference);
    steps.push({ from, to: Date.now(), weights });
  }
  return steps;
})().then(done, (error) => done(String(error)));`;

/** All numbers and numeric texts in a value, with their places. */
function* numbersIn(value, place) {
  if (typeof value === "object" && value !== null) {
    for (const [name, inner] of Object.entries(value)) yield* numbersIn(inner, `${place}.${name}`);
  } else if (typeof value === "number") {
    yield [place, value];
  } else if (typeof value === "string") {
    for (const [index, [number]] of [...value.matchAll(/-?\d+(?:\.\d+)?/g)].entries())
      yield [`${place}#${index}`, Number(number)];
  }
}

function correlation(one, other) {
  const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [a, b] = [mean(one), mean(other)];
  const product = (f, g) => one.reduce((sum, _, i) => sum + f(i) * g(i), 0);
  const [x, y] = [(i) => one[i] - a, (i) => other[i] - b];
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}

function mostFrequent(numbers) {
  const count = (number) => numbers.filter((other) => other === number).length;
  return numbers.toSorted((one, other) => count(other) - count(one))[0];
}

/** The places in what was written whose number moves with a weight from step to step. */
function inStep(events, steps) {
  const kinds = new Map();
  for (const [step, { from, to }] of steps.entries()) {
    for (const { type, data, timestamp } of events) {
      if (timestamp < from || timestamp >= to) continue;
      const kind = JSON.stringify([type, data?.source, data?.id]);
      const bySteps = kinds.get(kind) ?? steps.map(() => []);
      bySteps[step].push(data);
      kinds.set(kind, bySteps);
    }
  }
  const found = new Set();
  for (const [kind, bySteps] of kinds) {
    // A value that stays the same is not written again, and then the events of that step are not those of another.
    const usual = mostFrequent(bySteps.map(({ length }) => length));
    const numbers = bySteps.map((list) => new Map(numbersIn(list, kind)));
    const all = [...bySteps.keys()];
    const alike = all.filter((step) => bySteps[step].length === usual);
    for (const place of new Set(numbers.flatMap((known) => [...known.keys()]))) {
      for (const some of [all, alike]) {
        const there = some.filter((step) => numbers[step].has(place));
        const written = there.map((step) => numbers[step].get(place));
        for (const dimension of steps[0].weights.keys()) {
          const weights = there.map((step) => steps[step].weights[dimension]);
          if (there.length >= FEWEST && Math.abs(correlation(written, weights)) > 0.98) found.add(place);
        }
      }
    }
  }
  return [...found];
}

const deck = JSON.parse(read(`www/${DECK}`));
const chat = JSON.parse(read("www/decks/chat.json"));
const prompts = [...deck.prompts, ...chat.prompts];
const candidates = prompts.flatMap((prompt) =>
  prompt.candidates.map((one) => ({ ...one, prompt: prompt.id })),
);
/** Texts, names and scores that a question, a draft or a log has. */
const SECRETS = [
  ...[...prompts, ...candidates].map(({ text }) => JSON.stringify(text.slice(0, 30)).slice(1, -1)),
  ...candidates.map(({ prompt, id }) => `${prompt}/${id}`),
  // One by one they are found in timings.
  ...candidates.map(({ scores }) => scores.slice(0, 2).join(",")),
];

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`recorders in ${name}`, () => {
    let site;
    let driver;
    /** The bodies that PostHog has sent. */
    const sent = [];
    before(async () => {
      const answer = (text, type) => (request, response) => {
        let body = "";
        request.setEncoding("utf8");
        request.on("data", (part) => {
          body += part;
        });
        request.on("end", () => {
          sent.push(body);
          response.writeHead(200, { "content-type": type }).end(text);
        });
      };
      const config = `window._POSTHOG_REMOTE_CONFIG = { phc_test: { config: ${CONFIG}, siteApps: [] } }`;
      site = await serve({
        ...PAGES,
        ...Object.fromEntries(
          ["/flags/", "/array/phc_test/config"].map((path) => [path, answer(CONFIG, "application/json")]),
        ),
        "/array/phc_test/config.js": answer(config, "text/javascript"),
        ...Object.fromEntries(
          ["/e/", "/i/v0/e/", "/s/"].map((path) => [path, answer("{}", "application/json")]),
        ),
      });
      driver = await start({ width: 1000, height: 900 });
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const run = (script, ...values) => driver.executeScript(script, ...values);
    const answered = () => run("return document.querySelector('leaning-quiz').interview.status().answered");
    const place = (css) =>
      `const { left, top, width } = document.querySelector("leaning-profile").shadowRoot.querySelector("${css}").getBoundingClientRect();
      return { x: Math.round(left + width / 2), y: Math.round(top + 20) };`;
    let slider;

    /** Brings a page through everything. Returns all that was written, and the steps of the weights. */
    async function visit(path) {
      sent.length = 0;
      await driver.get(site.url + path);
      const ready = `return [...document.querySelectorAll("leaning-quiz, leaning-profile, leaning-compare")]
        .every(({ interview }) => interview) && window.posthog?.sessionRecordingStarted?.() === true;`;
      await until(driver, () => run(ready), "elements and recorders");
      await unhurried(driver);
      // The open page shows where the closed ones have their sliders.
      if (path === "/open.html") slider = await run(place("input[type=range]"));
      const drag = driver.actions({ async: true }).move({ origin: Origin.VIEWPORT, ...slider });
      await drag
        .press()
        .move({ origin: Origin.POINTER, x: 30, y: 0 })
        .move({ origin: Origin.POINTER, x: 30, y: 0 })
        .release()
        .perform();
      await until(
        driver,
        async () =>
          run(
            "return document.querySelector('leaning-quiz').interview.profile().dimensions[0].statement !== null",
          ),
        "the statement",
      );
      const focused = "return document.activeElement.localName";
      for (let presses = 0; presses < 40 && (await run(focused)) !== "leaning-quiz"; presses++)
        await driver.actions().sendKeys(Key.TAB).perform();
      for (let answer = 0; answer < ANSWERS; answer++) {
        await unhurried(driver);
        await driver
          .actions()
          .sendKeys(String(1 + (answer % 2)))
          .perform();
        await until(driver, async () => (await answered()) === answer + 1, `answer ${answer + 1}`);
      }
      await run(
        "document.querySelector('leaning-compare').ask(arguments[0], { message: arguments[1] })",
        chat.prompts[0].candidates,
        chat.prompts[0].text,
      );
      const steps = await driver.executeAsyncScript(CHANGE, CHANGES, PAUSE);
      assert.ok(Array.isArray(steps), `${steps}`);
      await run(
        "getSelection().selectAllChildren(document.getElementById('own')); document.getElementById('own').dispatchEvent(new ClipboardEvent('copy', { bubbles: true, composed: true })); getSelection().removeAllRanges();",
      );
      // PostHog records for some seconds before it sends.
      const snapshots =
        "return written.posthog.filter(({ event }) => event === '$snapshot').flatMap(({ properties }) => properties.$snapshot_data)";
      await until(
        driver,
        async () => (await run(snapshots)).some(({ timestamp }) => timestamp > steps.at(-2).from),
        "the snapshots",
      );
      const written = await run("return JSON.stringify(written)");
      const { rrweb, posthog } = JSON.parse(written);
      const recorded = await run(snapshots);
      // The rest is sent when the page is left.
      await driver.get(`${site.url}/icon.svg`);
      await driver.sleep(500);
      const texts = written + sent.join("\n");
      return {
        secrets: SECRETS.filter((secret) => texts.includes(secret)),
        rrweb: inStep(rrweb, steps),
        posthog: inStep(recorded, steps),
        kinds: [...new Set(posthog.map(({ event }) => event))],
        texts,
      };
    }

    test("the same search finds texts and weights where the roots are open", async () => {
      const { secrets, rrweb, posthog, kinds, texts } = await visit("/open.html");
      assert.ok(secrets.length > 4, `${secrets}`);
      assert.ok(rrweb.length > 0 && posthog.length > 0);
      for (const kind of ["$autocapture", "$copy_autocapture", "$snapshot"])
        assert.ok(kinds.includes(kind), kinds);
      assert.ok(texts.includes("A line of the page’s own"));
    });

    test("write down no text, no name, no score, and no number in step with a weight", async () => {
      const { secrets, rrweb, posthog, texts } = await visit("/closed.html");
      assert.deepEqual({ secrets, rrweb, posthog }, { secrets: [], rrweb: [], posthog: [] });
      assert.ok(texts.includes("A line of the page’s own"));
    });

    test("are caught writing down the weights if the profile assigns the values of its sliders", async () => {
      const { rrweb, posthog } = await visit("/leak.html");
      assert.ok(rrweb.length > 0, "rrweb");
      assert.ok(posthog.length > 0, "PostHog");
    });
  });
}
