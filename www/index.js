// The page around the quiz. It ranks new replies by what the quiz has learned.

import { element, fetchPrompts, why } from "./page.js";
import { init } from "./pkg/element-slim.js";

// The element shows the error if the module does not load.
init(new URL("./pkg/leaning.wasm", import.meta.url)).catch(() => {});

const byId = (id) => document.getElementById(id);
const quiz = document.querySelector("leaning-quiz");
let prompt;

/** Shows the parts of the page that fit the quiz's progress. */
function show() {
  const isDone = prompt && quiz.interview?.status().done;
  byId("answers").hidden = !quiz.interview;
  byId("ranking").hidden = !isDone;
  byId("next").textContent = isDone ? "New replies are ranked for you below." : "";
  if (isDone) showRanking();
}

function showRanking() {
  const [best, ...others] = quiz.interview.rank(prompt.candidates);
  byId("why").replaceChildren(...why(best));
  byId("best").textContent = prompt.candidates[best.index].text;
  byId("others").replaceChildren(...others.map(otherAnswer));
}

function otherAnswer(ranked) {
  const text = element("p", { className: "text" }, prompt.candidates[ranked.index].text);
  const details = element("details", {}, element("summary", {}, "Read it"), text);
  return element("li", {}, element("p", { className: "why" }, ...why(ranked)), details);
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
}

function exportFile() {
  const href = URL.createObjectURL(new Blob([quiz.interview.exportLog()], { type: "application/json" }));
  element("a", { href, download: "leaning-answers.json" }).click();
  // Some browsers start to read it after the click.
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
  say("Exported to your downloads.");
}

async function importFile({ target }) {
  const [file] = target.files;
  if (!file) return;
  try {
    await quiz.interview.importLog(await file.text());
    const { answered } = quiz.interview.status();
    say(answered === 1 ? "Imported. There is 1 answer now." : `Imported. There are ${answered} answers now.`);
  } catch (error) {
    say(`${file.name} has no answers to these questions. Nothing has changed. (${error.message})`, true);
  }
  // The same file may be chosen again.
  target.value = "";
}

async function forget() {
  const log = quiz.interview.exportLog();
  await quiz.forget();
  say("Forgotten. ");
  // Until the person leaves the page they may change their mind.
  const bringBack = element("button", {}, "Bring my answers back");
  bringBack.addEventListener("click", () =>
    quiz.interview.importLog(log).then(() => say("Your answers are back.")),
  );
  byId("said").append(bringBack);
}

for (const event of ["ready", "answer", "error"]) quiz.addEventListener(`leaning-${event}`, show);
byId("export").addEventListener("click", exportFile);
byId("import").addEventListener("change", importFile);
byId("forget").addEventListener("click", forget);

try {
  // Loaded at once: after the first question the page asks no server for anything.
  const prompts = await fetchPrompts("decks/held-out.json");
  prompt = prompts[0];
  byId("prompts").append(...prompts.map(promptChoice));
  show();
} catch (error) {
  byId("next").textContent = `The replies to rank could not be loaded. ${error.message}`;
}
