// A chat whose answers were written beforehand, four to a message: the library picks, and asks where that helps.

import "./pkg/element.js";
import { element, fetchPrompts, reasonsOf, why } from "./page.js";

/** So many messages to choose from at a time. */
const SUGGESTED = 3;

const part = (id) => document.getElementById(id);
const compare = document.querySelector("leaning-compare");
let waiting;

function say(text, wrong = false) {
  part("said").className = wrong ? "error" : "quiet";
  part("said").textContent = text;
}

function button(text, work) {
  const made = element("button", { type: "button" }, text);
  made.addEventListener("click", work);
  return made;
}

function showSuggestions() {
  part("asking").hidden = false;
  part("asking-title").textContent = waiting.length ? "What would you like to ask?" : "That was all there is to ask.";
  const suggestions = waiting.slice(0, SUGGESTED);
  part("suggestions").replaceChildren(
    ...suggestions.map((prompt) => element("li", {}, button(`Ask: ${prompt.text}`, () => ask(prompt)))),
  );
}

async function ask(prompt) {
  waiting = waiting.filter((other) => other !== prompt);
  const message = element("h3", { className: "message", tabIndex: -1 }, element("span", { className: "unseen" }, "You: "), prompt.text);
  const reply = element("div", { className: "reply", tabIndex: -1 });
  part("turns").append(element("article", { className: "turn" }, message, reply));
  part("asking").hidden = true;
  for (const undo of part("turns").querySelectorAll(".reply > button")) undo.remove();
  say("");
  message.focus();
  const before = compare.leaning.status().answered;
  const preferred = await compare.ask(prompt.candidates);
  showFavourite(reply, prompt, preferred);
  showSuggestions();
  const { answered, records } = compare.leaning.status();
  if (answered === before) return;
  const undo = button("Undo", () => takeBack(undo, records, reply, prompt));
  reply.append(undo);
  // The button that had the focus is gone.
  reply.focus();
}

/** The best for the person, or the draft that they have just preferred. */
function showFavourite(reply, { candidates }, preferred) {
  const ranked = compare.rank(candidates);
  const shown = ranked.find(({ index }) => index === preferred) ?? ranked[0];
  const others = ranked.filter((other) => other !== shown);
  reply.replaceChildren(
    element("p", { className: "text card" }, candidates[shown.index].text),
    element("p", { className: "why" }, shown.index === preferred ? "You preferred this one." : chosenFor(shown)),
    element(
      "details",
      {},
      element("summary", {}, "The other three, by your taste"),
      element("ol", {}, ...others.map((other) => draft(other, candidates[other.index]))),
    ),
  );
}

function chosenFor(ranked) {
  const [pro] = reasonsOf(ranked);
  if (pro.length) return `Chosen for you: ${pro.map(({ end }) => end).join(", ")}`;
  if (compare.profile().answers) return "Chosen for you, if only just.";
  return "The first of four, for nothing is known about your taste yet.";
}

function draft(ranked, { text }) {
  return element("li", {}, element("p", { className: "why" }, ...why(ranked)), element("p", { className: "text" }, text));
}

async function takeBack(undo, records, reply, prompt) {
  undo.remove();
  // Only the last thing that was said can be taken back here; every other one in the profile.
  if (compare.status().records !== records) return say("Something else was said since: take it back where you see how you lean.");
  await compare.undo();
  showFavourite(reply, prompt);
  say("Taken back.");
  reply.focus();
}

compare.addEventListener("leaning-error", ({ detail }) => say(`That did not work, and nothing is lost. (${detail.code})`, true));

try {
  const ready = new Promise((resolve) => compare.addEventListener("leaning-ready", resolve, { once: true }));
  waiting = await fetchPrompts("decks/chat.json");
  if (!compare.leaning) await ready;
  showSuggestions();
  say("");
} catch (error) {
  say(`The chat cannot be shown. ${error.message}`, true);
}
