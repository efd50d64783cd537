// The reader's own calibration: a profile predicts answers that it does not learn from.

import { predict } from "./calibration/predict.js";
import { chooseQuestions, testDeck } from "./calibration/questions.js";
import { showResult } from "./calibration/result.js";
import { element, fetchJson } from "./page.js";

/** The number of answers that make a profile, and those from which on an earlier one is tested as it is. */
const [PROFILE_QUESTIONS, ENOUGH] = [8, 6];
const TEST_QUESTIONS = 10;
const STEPS = ["start", "learning", "testing", "result"];

const byId = (id) => document.getElementById(id);
let deck;
/** The profile's interview. It is only read once the test has begun. */
let profile;
/** The pairs asked in the test with what was predicted and chosen. */
let tested = [];
/** Makes the node of a text with lists. It loads with the engine. */
let draw;

/** Loads the engine, once somebody wants the test. */
async function loadEngine() {
  const [{ init }, { markdown }] = await Promise.all([
    import("./pkg/element-slim.js"),
    import("./pkg/markdown.js"),
  ]);
  await init(new URL("./pkg/leaning.wasm", import.meta.url));
  draw = markdown;
}

const makeQuiz = (properties) => element("leaning-quiz", { renderer: draw, ...properties });

function show(step) {
  for (const id of STEPS) byId(id).hidden = id !== step;
  byId("said").textContent = "";
  byId("said").className = "";
}

/** Shows a step, and moves the reader there. */
function goTo(step) {
  show(step);
  byId(`${step}-title`).focus();
}

function fail(error) {
  console.error(error);
  show("start");
  byId("begin").disabled = false;
  byId("said").className = "error";
  byId("said").textContent = "The questions could not be loaded. Check your connection, and try again.";
}

/** Puts a quiz into a step in place of the one before. Resolves when it is ready, with a promise of its end. */
async function put(quiz, step) {
  for (const earlier of byId(step).querySelectorAll("leaning-quiz")) earlier.remove();
  const done = new Promise((resolve) => quiz.addEventListener("leaning-done", resolve, { once: true }));
  await new Promise((resolve, reject) => {
    quiz.addEventListener("leaning-ready", resolve, { once: true });
    quiz.addEventListener("leaning-error", ({ detail }) => reject(new Error(detail.message)), { once: true });
    byId(step).append(quiz);
  });
  return { done };
}

async function begin() {
  byId("begin").disabled = true;
  byId("said").textContent = "Loading …";
  const file = `decks/${byId("deck").value}.json`;
  if (!draw) await loadEngine();
  deck = await fetchJson(file);
  tested = [];
  const quiz = makeQuiz({ deck: file, maxQuestions: PROFILE_QUESTIONS, picture: "none" });
  const { done } = await put(quiz, "learning");
  byId("begin").disabled = false;
  profile = quiz.interview;
  const { answered, done: isOver } = profile.status();
  if (answered < ENOUGH && !isOver) {
    goTo("learning");
    await done;
  }
  await test();
}

/** Asks another ten questions, or as many as there are. */
async function test() {
  const questions = chooseQuestions(deck, [...profile.entries(), ...tested], TEST_QUESTIONS);
  const predictions = questions.map(({ candidates }) => predict(profile, deck, candidates));
  const round = tested.length;
  const quiz = makeQuiz({
    deck: testDeck(deck, questions),
    storage: "memory",
    storageKey: `calibration-${round}`,
    maxQuestions: questions.length,
    strategy: "random",
    picture: "none",
    answers: "choice",
  });
  const { done } = await put(quiz, "testing");
  goTo("testing");
  await done;
  for (const { prompt, candidates, answer } of quiz.interview.entries()) {
    const place = Number(prompt.id);
    const asked = questions[place];
    const chosen = asked.candidates.findIndex(({ id }) => id === candidates[answer.chose].id);
    tested.push({ ...asked, chosen, probability: predictions[place][chosen] });
  }
  const left = chooseQuestions(deck, [...profile.entries(), ...tested], TEST_QUESTIONS).length;
  byId("more").hidden = left === 0;
  byId("more").textContent = left === TEST_QUESTIONS ? "Ten more" : `${left} more`;
  showResult(tested, profile.status().answered, draw);
  goTo("result");
}

byId("begin").addEventListener("click", () => begin().catch(fail));
byId("more").addEventListener("click", () => test().catch(fail));
byId("restart").addEventListener("click", () => goTo("start"));
byId("begin").disabled = false;
