// The page around the quiz. It ranks new answers by what the quiz has learned.

import {
  element,
  fetchPrompts,
  follow,
  followRemaining,
  inNumbers,
  inWords,
  isLiking,
  more,
  reasonBars,
  whyPicked,
} from "./page.js";
import { init } from "./pkg/element-slim.js";

// The element shows the error if the module does not load.
// The page has begun to load it.
init(fetch(new URL("./pkg/leaning.wasm", import.meta.url))).catch(() => {});

const byId = (id) => document.getElementById(id);
const quiz = document.querySelector("leaning-quiz");
let prompt;
/** The answers that the last words of this page are about. */
let saidOf;
const isDone = follow(quiz, show);

/** Draws a text of the decks, which have lists. It is there before the quiz, whose module is larger. */
let draw = (text) => text;
const drawing = import("./pkg/markdown.js").then(({ markdown }) => {
  quiz.renderer = draw = markdown;
});

/** Shows the parts of the page that fit the quiz's progress. */
function show() {
  byId("answers").hidden = !quiz.interview;
  const isEmpty = !quiz.interview?.status().entries;
  byId("save").hidden = isEmpty;
  byId("delete").hidden = isEmpty;
  const isRanked = isDone() && isSomethingClear();
  byId("ranking").hidden = !prompt || !isRanked;
  byId("next").textContent = isRanked ? "New answers are ranked for you below." : "";
  if (prompt && isRanked) showRanking();
}

/** A pick by a taste of which nothing is known would be a pick by chance. */
function isSomethingClear() {
  return quiz.interview.profile().dimensions.some(isLiking);
}

function showRanking() {
  const profile = quiz.interview.profile();
  const [best, ...others] = quiz.interview.rank(prompt.candidates);
  byId("best").replaceChildren(draw(prompt.candidates[best.index].text));
  byId("why").textContent = whyPicked(best, profile);
  byId("reasons").replaceChildren(...reasonBars(best, profile));
  byId("numbers").textContent = inNumbers(best, prompt.candidates.length);
  byId("others").replaceChildren(...others.map((other) => otherAnswer(other, profile)));
}

function otherAnswer(ranked, profile) {
  const { length } = prompt.candidates;
  const text = element("div", { className: "text" }, draw(prompt.candidates[ranked.index].text));
  const numbers = element("p", { className: "quiet" }, inNumbers(ranked, length));
  const details = element("details", {}, element("summary", {}, "Read it"), text, numbers);
  return element("li", {}, element("p", { className: "why" }, inWords(ranked, profile)), details);
}

function promptChoice(offered) {
  const radio = element("input", { type: "radio", name: "prompt", checked: offered === prompt });
  radio.addEventListener("change", () => {
    prompt = offered;
    showRanking();
  });
  return element("label", {}, radio, element("span", {}, offered.text));
}

function say(text, isError = false) {
  byId("said").className = isError ? "error" : "";
  byId("said").textContent = text;
  saidOf = quiz.interview?.exportLog();
}

function save() {
  const href = URL.createObjectURL(new Blob([quiz.interview.exportLog()], { type: "application/json" }));
  element("a", { href, download: "leaning-answers.json" }).click();
  // Some browsers start to read it after the click.
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
  say("Saved to your downloads.");
}

async function load({ target }) {
  const [file] = target.files;
  if (!file) return;
  try {
    await quiz.interview.importLog(await file.text());
    const { answered } = quiz.interview.status();
    say(answered === 1 ? "Loaded. There is 1 answer now." : `Loaded. There are ${answered} answers now.`);
  } catch (error) {
    console.error(error);
    say(`${file.name} has no answers for this quiz. Nothing was changed.`, true);
  }
  // The same file may be chosen again.
  target.value = "";
}

async function deleteAnswers() {
  const log = quiz.interview.exportLog();
  await quiz.forget();
  say("Your answers are deleted. ");
  // Until the person leaves the page they may change their mind.
  const bringBack = element("button", {}, "Bring my answers back");
  bringBack.addEventListener("click", () =>
    quiz.interview.importLog(log).then(() => say("Your answers are back.")),
  );
  byId("said").append(bringBack);
  // The quiz starts again after the next paint, and in the frame after that it scrolls to its first question.
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => bringBack.focus())));
}

/** Counts what the browser fetches from the first answer on. It should stay at nothing. */
function countRequests() {
  const since = performance.now();
  let count = 0;
  new PerformanceObserver((list) => {
    count += list.getEntries().filter(({ startTime }) => startTime >= since).length;
    byId("requests").textContent = count;
  }).observe({ type: "resource" });
}

quiz.addEventListener("leaning-answer", countRequests, { once: true });
// The answers may also change in another tab, and by a dot in a profile.
const changed = () => {
  if (quiz.interview?.exportLog() !== saidOf) say("");
  show();
};
quiz.addEventListener("leaning-ready", () => quiz.interview.addEventListener("change", changed));
followRemaining(quiz, (remaining, isNew) => {
  byId("invitation").hidden = remaining === 0;
  byId("times").textContent = isNew ? "eight times" : more(remaining, "time");
  byId("duration").hidden = !isNew;
});
byId("save").addEventListener("click", save);
byId("load").addEventListener("change", load);
byId("delete").addEventListener("click", deleteAnswers);

try {
  // Loaded at once: after the first question the page asks no server for anything.
  const [prompts] = await Promise.all([fetchPrompts("decks/held-out.json"), drawing]);
  prompt = prompts[0];
  byId("prompts").append(...prompts.map(promptChoice));
  show();
} catch (error) {
  console.error(error);
  byId("next").textContent = "The answers to rank could not be loaded. Check your connection.";
}
