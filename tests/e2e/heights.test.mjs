// All questions of a deck are equally tall, and their buttons stay where they are: the next question depends on the answers,
// and a page sees the height of an element and where it is clicked.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, FAMILIES, OPEN_ROOTS, published, requireFamily, serve } from "./harness.mjs";
import { SHORT_DECK } from "./states.mjs";

/** A deck in which prompts, pictures and texts have all kinds of sizes, and prompts come again. */
const UNEVEN = {
  format: "leaning-deck/1",
  id: "uneven",
  dimensions: ["a", "b", "c"].map((id) => ({ id, low: "little", high: "much" })),
  prompts: Array.from({ length: 9 }, (_, place) => ({
    id: `p${place}`,
    text: "What about this? ".repeat(1 + (place % 4)),
    candidates: Array.from({ length: 4 }, (_, k) => ({
      id: `c${k}`,
      text: "Some words of an answer. ".repeat(1 + ((place * 4 + k * 3) % 17)),
      scores: [(k - 1.5) * (1 + place / 5), ((place * 7 + k * 5) % 11) - 5, ((place * 3 + k * 7) % 13) - 6],
    })),
  })),
};
const picture = (width, height) => ({
  src: `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"/>`)}`,
  alt: "A picture",
  width,
  height,
});
const PICTURED = {
  ...UNEVEN,
  id: "pictured",
  prompts: UNEVEN.prompts.map(({ candidates, ...prompt }, place) => ({
    ...prompt,
    ...(place % 3 === 0 && { image: picture(300, 100 + 10 * place) }),
    candidates: candidates.map((candidate, k) => ({
      ...candidate,
      text: candidate.text.slice(0, 60),
      image: picture(200, 80 + 20 * ((place + k) % 5)),
    })),
  })),
};

/** What is asked, in how many questions every way to answer is tried, and how many answers each of them has. */
const QUIZZES = {
  "the demo's deck": { deck: "/decks/assistant-style-en.json", depth: 6 },
  "a deck of short texts": { deck: SHORT_DECK, depth: 4 },
  "uneven texts": { deck: UNEVEN, depth: 5 },
  "uneven texts, three in a question": {
    deck: UNEVEN,
    depth: 3,
    attributes: { "candidates-per-question": 3 },
    // The buttons of its last questions, which are about two, fill another number of lines where text is twice as large.
    layouts: { 1000: "100%", 390: "100%" },
  },
  "uneven pictures": { deck: PICTURED, depth: 4 },
  "uneven texts with grades": { deck: { ...UNEVEN, id: "graded", answers: { grades: 4 } }, depth: 4 },
  "uneven pictures with grades": { deck: { ...PICTURED, id: "graded", answers: { grades: 4 } }, depth: 3 },
};

/** The widths of the element, and the size of all text. */
const LAYOUTS = { 1000: "100%", 390: "100%", 328: "200%" };

const page = (family) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title>
<meta name="viewport" content="width=device-width">
<style>body { margin: 0 } :root { --leaning-font-family: "${family}" }</style>
${OPEN_ROOTS}
<div id="place"></div>
<script type="module" src="/pkg/element.js"></script>`;

/**
 * Answers the questions of a quiz in every way, and gives the heights of the element, and the distances of each button from
 * its top. `css` is put into the element.
 */
const WALK = `
  const [deck, depth, attributes, width, css, done] = arguments;
  (async () => {
    const place = document.getElementById("place");
    place.replaceChildren();
    place.style.width = width + "px";
    const element = document.createElement("leaning-quiz");
    Object.assign(element, { storage: "memory", deck, maxQuestions: 12, seed: 1 });
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    const ready = new Promise((resolve) => element.addEventListener("leaning-ready", resolve, { once: true }));
    place.append(element);
    await ready;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    const { shadowRoot } = element;
    shadowRoot.adoptedStyleSheets = [...shadowRoot.adoptedStyleSheets, sheet];
    const heights = {}, tops = {}, questions = new Set();
    const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => setTimeout(resolve)))));
    const note = (where, what, path) => { ((where[what] ??= []).length < 3) && where[what].push(path); };
    const measure = (path) => {
      const { top, height } = element.getBoundingClientRect();
      note(heights, Math.round(height), path);
      for (const button of element.shadowRoot.querySelectorAll("button, summary")) {
        if (!button.checkVisibility({ visibilityProperty: true })) continue;
        const name = button.dataset.action ?? "why";
        note(tops[name] ??= {}, Math.round(button.getBoundingClientRect().top - top), path);
      }
    };
    const walk = async (path) => {
      await drawn();
      const { interview } = element;
      const question = interview.next();
      questions.add(question.candidates.map(({ name }) => name).sort().join());
      measure(path);
      if (path.length === depth) return;
      const answers = question.candidates.map((_, chose) => (question.kind === "grades" ? { chose, grade: "much" } : { chose }));
      const verdicts = question.offered.filter((one) => ["tie", "neither", "skip"].includes(one));
      // Each verdict once along the way.
      for (const answer of path.length === 1 ? [...answers, ...verdicts] : answers) {
        await interview.answer(answer);
        await walk(path + (answer.chose ?? answer[0]));
        await interview.undo();
      }
    };
    await walk("");
    return { heights, tops, questions: questions.size };
  })().then(done, (error) => done({ failed: String(error?.stack ?? error) }));`;

/** Shows people of all tastes drafts, and gives the heights of the question and of its buttons. */
const COMPARE = `
  const [deck, width, done] = arguments;
  (async () => {
    const place = document.getElementById("place");
    place.style.width = width + "px";
    const boxes = new Set(), pairs = new Set();
    const drafts = deck.prompts.slice(0, 2).flatMap(({ candidates }, p) =>
      candidates.map((candidate) => ({ ...candidate, id: candidate.id + p })));
    for (let taste = 0; taste < 8; taste++) {
      const element = document.createElement("leaning-compare");
      Object.assign(element, { storage: "memory", deck: { ...deck, id: "c" + taste } });
      const ready = new Promise((resolve) => element.addEventListener("leaning-ready", resolve, { once: true }));
      place.replaceChildren(element);
      await ready;
      for (const bit of [1, 2, 4]) {
        const { candidates } = element.interview.next();
        const names = candidates.map(({ name }) => name).sort();
        const chosen = names[taste & bit ? 1 : 0];
        await element.interview.answer({ chose: candidates.findIndex(({ name }) => name === chosen) });
      }
      element.ask(drafts);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const shown = [...element.shadowRoot.querySelectorAll(".text")].map((text) => text.textContent);
      if (shown.length === 0) continue;
      pairs.add(shown.sort().join());
      const { top, height } = element.getBoundingClientRect();
      const tops = [...element.shadowRoot.querySelectorAll("button")].map((button) =>
        Math.round(button.getBoundingClientRect().top - top));
      boxes.add([Math.round(height), ...tops].join());
    }
    return { boxes: [...boxes], pairs: pairs.size };
  })().then(done, (error) => done({ failed: String(error?.stack ?? error) }));`;

for (const [name, start] of Object.entries(BROWSERS)) {
  // Fonts differ more than engines do.
  const families = process.env.LEANING_THOROUGH || name === "chromium" ? FAMILIES : FAMILIES.slice(0, 1);
  for (const [index, family] of families.entries()) {
    describe(`the height of the questions in ${name}, in ${family}`, () => {
      let site;
      let driver;
      before(async () => {
        site = await serve({ ...published, "/heights.html": page(family) }, name);
        driver = await start();
        await driver.manage().setTimeouts({ script: 120_000 });
      });
      after(async () => {
        await driver?.quit();
        await site?.close();
      });

      test("drafts of a chat are as tall as the tallest of them, whichever two are shown", async () => {
        await driver.get(`${site.url}/heights.html`);
        for (const width of [390, 1000]) {
          const found = await driver.executeAsyncScript(COMPARE, UNEVEN, width);
          assert.equal(found.failed, undefined);
          assert.ok(found.pairs > 1, `${found.pairs} different pairs`);
          assert.equal(found.boxes.length, 1, `${width} px wide: ${found.boxes.join("; ")}`);
        }
      });

      // Each family breaks lines elsewhere, which one deck shows.
      const quizzes = Object.entries(QUIZZES).filter((_, place) => index === 0 || place === 2);
      for (const [what, { deck, depth, attributes = {}, layouts = LAYOUTS }] of quizzes) {
        test(`${what}: whatever is answered, the height and every button stay`, async (context) => {
          await driver.get(`${site.url}/heights.html`);
          await requireFamily(driver, family);
          for (const [width, text] of Object.entries(layouts)) {
            await driver.executeScript("document.documentElement.style.fontSize = arguments[0]", text);
            const found = await driver.executeAsyncScript(WALK, deck, depth, attributes, width, "");
            assert.equal(found.failed, undefined);
            const { heights, tops, questions } = found;
            assert.ok(questions > depth, `${questions} questions`);
            assert.equal(Object.keys(heights).length, 1, `${width} px wide: ${JSON.stringify(heights)}`);
            for (const [button, places] of Object.entries(tops))
              assert.equal(
                Object.keys(places).length,
                1,
                `${width} px wide, ${button}: ${JSON.stringify(places)}`,
              );
            context.diagnostic(`${width} px wide: ${questions} questions, ${Object.keys(heights)} px tall`);
          }
        });
      }

      test("uneven texts: without the unseen texts, the same walk finds several heights and places", async () => {
        await driver.get(`${site.url}/heights.html`);
        const { deck, depth } = QUIZZES["uneven texts"];
        const hidden = ".sizers { display: none !important }";
        const found = await driver.executeAsyncScript(WALK, deck, depth, {}, 390, hidden);
        assert.equal(found.failed, undefined);
        assert.ok(Object.keys(found.heights).length > 1, JSON.stringify(found.heights));
        const places = Object.values(found.tops).map((tops) => Object.keys(tops).length);
        assert.ok(Math.max(...places) > 1, JSON.stringify(found.tops));
      });
    });
  }
}
