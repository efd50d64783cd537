// What the page does with what the quiz has learned.

import "./pkg/element.js";
import { element, fetchPrompts, why } from "./page.js";

const part = (id) => document.getElementById(id);
const quiz = document.querySelector("leaning-quiz");
let prompt;

/** Shows what belongs to the quiz's state. */
function show() {
  const done = quiz.leaning && prompt && quiz.status().done;
  part("answers").hidden = !quiz.leaning;
  part("ranking").hidden = !done;
  part("next").textContent = done ? "Below, fresh answers are ranked for you." : "";
  if (done) showRanking();
}

function showRanking() {
  const [best, ...others] = quiz.rank(prompt.candidates);
  part("why").replaceChildren(...why(best));
  part("best").textContent = prompt.candidates[best.index].text;
  part("others").replaceChildren(...others.map(other));
}

function other(ranked) {
  const text = element("p", { className: "text" }, prompt.candidates[ranked.index].text);
  const details = element("details", {}, element("summary", {}, "Read it"), text);
  return element("li", {}, element("p", { className: "why" }, ...why(ranked)), details);
}

function choice(offered) {
  const radio = element("input", { type: "radio", name: "prompt", checked: offered === prompt });
  radio.addEventListener("change", () => {
    prompt = offered;
    showRanking();
  });
  return element("label", {}, radio, element("span", {}, offered.text));
}

function say(text, wrong = false) {
  part("said").className = wrong ? "error" : "";
  part("said").textContent = text;
}

function exportFile() {
  const href = URL.createObjectURL(new Blob([quiz.export()], { type: "application/json" }));
  element("a", { href, download: "leaning-answers.json" }).click();
  // Some browsers read it after the click.
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
  say("Exported to your downloads.");
}

async function importFile({ target }) {
  const [file] = target.files;
  if (!file) return;
  try {
    await quiz.import(await file.text());
    say(`Imported. Answers that are here now: ${quiz.status().answered}.`);
  } catch (error) {
    say(`${file.name} holds no answers to these questions. Nothing has changed. (${error.message})`, true);
  }
  // So that the same file can be chosen again.
  target.value = "";
}

async function forget() {
  const log = quiz.export();
  await quiz.forget();
  say("Forgotten. ");
  // Until the page is left it can still be regretted.
  const regret = element("button", {}, "Bring my answers back");
  regret.addEventListener("click", () => quiz.import(log).then(() => say("Your answers are back.")));
  part("said").append(regret);
}

for (const event of ["ready", "answer", "error"]) quiz.addEventListener(`leaning-${event}`, show);
part("export").addEventListener("click", exportFile);
part("import").addEventListener("change", importFile);
part("forget").addEventListener("click", forget);
// A page that was kept as it was does not know what the chat has learned.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

try {
  // Now, not when it is wanted: after the first question no server is asked for anything.
  const prompts = await fetchPrompts("decks/held-out.json");
  prompt = prompts[0];
  part("prompts").append(...prompts.map(choice));
  show();
} catch (error) {
  part("next").textContent = `The answers to rank could not be loaded. ${error.message}`;
}
