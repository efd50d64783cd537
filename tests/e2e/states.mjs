// The states of the widget, for tests and pictures. The roots are open, since neither axe-core nor WebKit's driver can look
// into a closed one.

import { OPEN_ROOTS } from "./harness.mjs";

export const DECK = "decks/assistant-style-en.json";

/** A deck whose cards are buttons. */
export const SHORT_DECK = `data:application/json,${encodeURIComponent(
  JSON.stringify({
    format: "leaning-deck/1",
    id: "weekend",
    language: "en",
    dimensions: [
      { id: "active", label: "Pace", low: "restful", high: "active" },
      { id: "company", label: "Company", low: "alone", high: "in company" },
    ],
    prompts: Array.from({ length: 6 }, (_, place) => ({
      id: `p${place}`,
      text: "A free Saturday: what would you do?",
      candidates: [
        { id: "a", text: "A long walk in the hills, with friends", scores: [0.9 - place / 10, 0.6] },
        { id: "b", text: "A book on the sofa", scores: [-0.8, -0.9 + place / 10] },
        { id: "c", text: "Run ten kilometres before breakfast", scores: [1, -0.7 + place / 8] },
      ],
    })),
  }),
)}`;

const click = (action) => `inside().querySelector('[data-action="${action}"]').click();`;
const unfold = `for (const details of inside().querySelectorAll("details")) details.open = true;`;

/** Each state has the element's tag, its attributes, the number of answers, and a script that runs after them. */
export const STATES = {
  "quiz-first": { tag: "leaning-quiz", attributes: 'max-questions="10"' },
  "quiz-middle": { tag: "leaning-quiz", attributes: 'max-questions="10"', answers: 5, script: unfold },
  "quiz-live": { tag: "leaning-quiz", attributes: 'picture="live" show-fit', answers: 4 },
  "quiz-short": { tag: "leaning-quiz", deck: SHORT_DECK, answers: 3 },
  "quiz-three": { tag: "leaning-quiz", attributes: 'candidates-per-question="3" max-questions="6"' },
  "quiz-four": {
    tag: "leaning-quiz",
    attributes: 'candidates-per-question="4" max-questions="6"',
    answers: 2,
  },
  "quiz-grades": { tag: "leaning-quiz", model: { grades: 4 } },
  "quiz-grades-no-tie": { tag: "leaning-quiz", model: { grades: 4, indifference: 0 }, answers: 1 },
  "quiz-thumbs": { tag: "leaning-quiz", model: { kind: "rating", ratings: 2 } },
  "quiz-rating": { tag: "leaning-quiz", model: { kind: "rating" } },
  "quiz-rating-eleven": { tag: "leaning-quiz", model: { kind: "rating", ratings: 11 } },
  "quiz-best-worst": {
    tag: "leaning-quiz",
    model: { kind: "best-worst" },
    script: click("best-1"),
  },
  "quiz-order": {
    tag: "leaning-quiz",
    attributes: 'candidates-per-question="4"',
    model: { kind: "order" },
    script: click("place-2") + click("place-0"),
  },
  // Told after the sixth answer, once that was guessed in an idle moment.
  "quiz-guess": {
    tag: "leaning-quiz",
    attributes: 'reveal="guess"',
    answers: 5,
    script: `while (element.interview.status().answered > 5) await element.interview.undo();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      inside().querySelector(".choose").click();
      do await drawn();
      while (inside().querySelector(".tick"));`,
  },
  "quiz-unfolded": {
    tag: "leaning-quiz",
    attributes: 'style="--leaning-fold-height: 6rem"',
    script: click("fold"),
  },
  "quiz-done": { tag: "leaning-quiz", attributes: 'max-questions="8"', answers: 8 },
  "quiz-forget": {
    tag: "leaning-quiz",
    attributes: 'max-questions="3"',
    answers: 3,
    script: click("restart"),
  },
  "quiz-error": { tag: "leaning-quiz", deck: "decks/missing.json" },
  compare: {
    tag: "leaning-compare",
    script: `const { prompts } = await (await fetch("decks/chat.json")).json();
      element.candidates = prompts[0].candidates;`,
  },
  "compare-grades": {
    tag: "leaning-compare",
    model: { grades: 4 },
    script: `const { prompts } = await (await fetch("decks/chat.json")).json();
      element.candidates = prompts[0].candidates;`,
  },
  "profile-empty": { tag: "leaning-profile" },
  profile: { tag: "leaning-profile", answers: 9 },
  // One answer of each kind.
  "profile-kinds": {
    tag: "leaning-profile",
    script: `await give({ grades: 4 }, { chose: 1, grade: "much" });
      await give({ kind: "rating" }, { rating: 4 });
      await give({ kind: "rating", ratings: 2 }, { rating: 1 });
      await give({ kind: "best-worst" }, { best: 2, worst: 0 }, 3);
      await give({ kind: "order" }, { order: [3, [0, 2], 1] }, 4);
      await drawn();`,
  },
  // As under a finger that has not let go.
  "profile-moving": {
    tag: "leaning-profile",
    answers: 9,
    script: `const slider = inside().querySelector("input");
      slider.value = -90;
      slider.dispatchEvent(new Event("input"));`,
  },
  "profile-pictured": { tag: "leaning-profile", deck: "decks/weekend.json", answers: 6 },
  "profile-instructions": {
    tag: "leaning-profile",
    answers: 9,
    script: `while (!inside().querySelector("[data-action=instructions]")) await drawn(); ${click("instructions")}`,
  },
  "profile-open": {
    tag: "leaning-profile",
    answers: 9,
    script: `await element.interview.setWeight("warmth", 1.5); await drawn(); ${unfold} ${click("restart")}`,
  },
};

/**
 * The page of a state, which may have an answer model for the deck in place of its own. A look may have a `language`, a
 * `direction` a `theme`, and a size of all `text`.
 */
export function statePage(
  { tag, attributes = "", deck = DECK, model },
  { language = "en", direction, theme, text } = {},
) {
  return `<!doctype html>
<html lang="${language}"${direction ? ` dir="${direction}"` : ""}${text ? ` style="font-size: ${text}"` : ""}><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>${tag}</title><link rel="stylesheet" href="site.css">
${OPEN_ROOTS}</head>
<body><main><h1 class="unseen">${tag}</h1>
<${tag} ${model ? "" : `deck="${deck}"`} storage="memory" seed="3"${theme ? ` theme="${theme}"` : ""} ${attributes}></${tag}></main>
<script type="module">
window.element = document.querySelector("${tag}");
window.inside = () => element.shadowRoot;
// A change by the page is drawn after the next paint.
window.drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => setTimeout(resolve))));
window.modelled = async (answers) => ({ ...(await (await fetch("${DECK}")).json()), answers });
${model ? `element.deck = await modelled(${JSON.stringify(model)});` : ""}
// One answer of a kind that the deck does not ask for. A script of Firefox's driver would import another module.
window.give = async (model, answer, candidatesPerQuestion) => {
  const { Leaning } = await import("./pkg/element.js");
  const deck = await modelled(model);
  const interview = await Leaning.open({ deck, storage: "memory", seed: 3, candidatesPerQuestion });
  interview.next();
  await interview.answer(answer);
  await element.interview.importLog(interview.exportLog());
};
// A simulated person, who mostly chooses the briefer of two.
window.answer = async (count) => {
  for (let i = 0; i < count; i++) {
    const question = element.interview.next();
    if (!question) return;
    const [one, other] = question.candidates.map(({ text }) => text.length);
    if (i === 3) await element.interview.answer("tie");
    else await element.interview.answer({ chose: (one < other) === (i !== 5) ? 0 : 1 });
  }
};
window.ready = new Promise((resolve) => {
  for (const event of ["leaning-ready", "leaning-error"]) element.addEventListener(event, resolve);
});
await import("./pkg/element.js");
</script></body></html>`;
}

/** Brings the open page into its state. */
export function reach(driver, { answers = 0, script = "" }) {
  return perform(
    driver,
    `await until(() => window.ready); await ready; await answer(${answers}); await drawn(); ${script}`,
  );
}

/** Changes the language of the open page, which is in its state. */
export function translate(driver, { script = "" }, { language, direction = "ltr" }) {
  return perform(
    driver,
    `const told = new Promise((resolve) => element.addEventListener("leaning-error", resolve, { once: true }));
    Object.assign(document.documentElement, { lang: "${language}", dir: "${direction}" });
    element.lang = "${language}";
    await Promise.race([until(() => inside().querySelector(".stage").lang === "${language}"), told]);
    ${script}`,
  );
}

/** Runs a script in the page, and waits until its effects are drawn. */
async function perform(driver, script) {
  const failed = await driver.executeAsyncScript(
    `const done = arguments[0];
    const until = async (holds) => { while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10)); };
    // The result comes in a module of its own.
    const isComplete = () => {
      const result = inside().querySelector(".result");
      const summary = result?.querySelector(".summary");
      return !result || (summary && (summary.hidden || summary.textContent !== ""));
    };
    (async () => { ${script}; await until(isComplete); })().then(() => setTimeout(done, 100), (error) => done(String(error)));`,
  );
  if (failed) throw new Error(failed);
}

/** The log of another deck: nothing is written over it. */
export const ANOTHER_LOG = JSON.stringify({
  format: "leaning-answers/1",
  deck: { id: "another", dimensions: ["x"] },
  answers: [],
});
