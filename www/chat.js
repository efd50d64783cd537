// A chat with four written answers to each message. The library picks one, and asks when that helps.

import { element, fetchPrompts, inWords, reasonsOf, why } from "./page.js";
import { init } from "./pkg/element-slim.js";

/** The number of messages to choose from at a time. */
const SUGGESTED = 3;

// The element shows the error if the module does not load.
init(new URL("./pkg/leaning.wasm", import.meta.url)).catch(() => {});

const byId = (id) => document.getElementById(id);
const compare = document.querySelector("leaning-compare");
let waiting;

function say(text, isError = false) {
  byId("said").className = isError ? "error" : "quiet";
  byId("said").textContent = text;
}

function button(text, work) {
  const made = element("button", { type: "button" }, text);
  made.addEventListener("click", work);
  return made;
}

function showSuggestions() {
  byId("asking").hidden = false;
  byId("asking-title").textContent = waiting.length
    ? "What would you like to ask?"
    : "That was all there is to ask.";
  const suggestions = waiting.slice(0, SUGGESTED);
  byId("suggestions").replaceChildren(
    ...suggestions.map((prompt) =>
      element(
        "li",
        {},
        button(`Ask: ${prompt.text}`, () => ask(prompt)),
      ),
    ),
  );
}

async function ask(prompt) {
  waiting = waiting.filter((other) => other !== prompt);
  const speaker = element("span", { className: "unseen" }, "You: ");
  const message = element("h3", { className: "message", tabIndex: -1 }, speaker, prompt.text);
  const reply = element("div", { className: "reply", tabIndex: -1 });
  byId("turns").append(element("article", { className: "turn" }, message, reply));
  byId("asking").hidden = true;
  for (const undo of byId("turns").querySelectorAll(".reply > button")) undo.remove();
  say("");
  message.focus();
  const before = compare.interview.status().answered;
  const preferred = await compare.ask(prompt.candidates);
  showFavourite(reply, prompt, preferred);
  showSuggestions();
  const { answered, entries } = compare.interview.status();
  if (answered === before) return;
  const undo = button("Undo", () => undoChoice(undo, entries, reply, prompt));
  reply.append(undo);
  // The button that had the focus is gone.
  reply.focus();
}

/** Shows the best draft for the person, or the one that they have just preferred. */
function showFavourite(reply, { candidates }, preferred) {
  const ranked = compare.interview.rank(candidates);
  const shown = ranked.find(({ index }) => index === preferred) ?? ranked[0];
  const others = ranked.filter((other) => other !== shown);
  reply.replaceChildren(
    element("p", { className: "text card" }, candidates[shown.index].text),
    element(
      "p",
      { className: "why" },
      shown.index === preferred ? "You preferred this one." : reasonFor(shown),
    ),
    element(
      "details",
      {},
      element("summary", {}, "The other three, by your taste"),
      element("ol", {}, ...others.map((other) => draft(other, candidates[other.index]))),
    ),
  );
}

function reasonFor(ranked) {
  const [pro] = reasonsOf(ranked);
  if (pro.length) return `Chosen for you: ${pro.map(inWords).join(", ")}`;
  if (compare.interview.profile().answers) return "Chosen for you, if only just.";
  return "The first of four, since nothing is known about your taste yet.";
}

function draft(ranked, { text }) {
  const reasons = element("p", { className: "why" }, ...why(ranked));
  return element("li", {}, reasons, element("p", { className: "text" }, text));
}

async function undoChoice(undo, entries, reply, prompt) {
  undo.remove();
  // Only the latest answer can be undone here, and any other one in the profile.
  if (compare.interview.status().entries !== entries) {
    return say(
      "You have answered something else since then. You can delete this answer under “How you lean”.",
    );
  }
  await compare.interview.undo();
  showFavourite(reply, prompt);
  say("Undone.");
  reply.focus();
}

compare.addEventListener("leaning-error", ({ detail }) => {
  say(`That did not work, but nothing is lost. (${detail.code})`, true);
});

try {
  const ready = new Promise((resolve) => compare.addEventListener("leaning-ready", resolve, { once: true }));
  waiting = await fetchPrompts("decks/chat.json");
  if (!compare.interview) await ready;
  showSuggestions();
  say("");
} catch (error) {
  say(`The chat cannot be shown. ${error.message}`, true);
}
