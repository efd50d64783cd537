// A chat with four drafts of a reply to each message, which stand in for a model. The library picks one, and asks when
// that helps.

import { showMeasured } from "./measured.js";
import { element, fetchJson, fetchPrompts, inWords, whyPicked } from "./page.js";
import { init } from "./pkg/element-slim.js";
import { markdown } from "./pkg/markdown.js";

/** The number of messages to choose from at a time. */
const SUGGESTED = 3;
/** The time between two words of a reply, in milliseconds. */
const WORD_TIME = 25;

const byId = (id) => document.getElementById(id);
const compare = document.querySelector("leaning-compare");
const profile = document.querySelector("leaning-profile");
let waiting;

compare.renderer = markdown;
profile.renderer = markdown;

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
  byId("composer").hidden = waiting.length === 0;
  if (waiting.length === 0) say("That was all there is to ask.");
  const suggestion = (prompt) =>
    element(
      "li",
      {},
      button(prompt.text, () => ask(prompt)),
    );
  byId("suggestions").replaceChildren(...waiting.slice(0, SUGGESTED).map(suggestion));
  byId("questions").replaceChildren(...waiting.map(({ text }) => element("option", { value: text })));
}

/** The prepared question that shares the most words with a text, if it shares any that tell it apart. */
function closest(text) {
  const words = (of) => new Set(of.toLowerCase().match(/\p{L}{4,}/gu) ?? []);
  const typed = words(text);
  const shared = (prompt) => [...words(prompt.text)].filter((word) => typed.has(word)).length;
  const [best] = waiting.toSorted((one, other) => shared(other) - shared(one));
  return best && shared(best) > 0 ? best : undefined;
}

async function ask(prompt) {
  waiting = waiting.filter((other) => other !== prompt);
  const speaker = element("span", { className: "unseen" }, "You: ");
  const message = element("h3", { className: "message", tabIndex: -1 }, speaker, prompt.text);
  const reply = element("div", { className: "reply", tabIndex: -1 });
  byId("turns").append(element("article", { className: "turn" }, message, reply));
  byId("asking").hidden = true;
  byId("message").value = "";
  for (const undo of byId("turns").querySelectorAll(".reply > button")) undo.remove();
  say("");
  message.focus();
  const before = compare.interview.status().answered;
  const preferred = await compare.ask(prompt.candidates, { message: prompt.text });
  const { answered, entries } = compare.interview.status();
  // The button that had the focus is gone.
  if (answered !== before) reply.focus();
  await showFavourite(reply, prompt, preferred);
  if (answered !== before) {
    const undo = button("Undo", () => undoChoice(undo, entries, reply, prompt));
    reply.append(undo);
  }
  showSuggestions();
}

/** Shows the best draft for the person, or the one that they have just preferred. */
async function showFavourite(reply, { candidates }, preferred) {
  const ranked = compare.interview.rank(candidates);
  const shown = ranked.find(({ index }) => index === preferred) ?? ranked[0];
  const others = ranked.filter((other) => other !== shown);
  const text = element("div", { className: "text card" });
  reply.replaceChildren(text);
  await stream(candidates[shown.index].text, text);
  reply.append(
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

/** Lets a text arrive word by word, as from a model. Who hears the page hears it once it is complete. */
async function stream(text, into) {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  into.setAttribute("aria-busy", "true");
  let sofar = "";
  for (const word of isStill ? [text] : text.split(/(?<=\s)/)) {
    sofar += word;
    into.replaceChildren(markdown(sofar));
    if (!isStill) await new Promise((resolve) => setTimeout(resolve, WORD_TIME));
  }
  into.removeAttribute("aria-busy");
  byId("heard").textContent = into.textContent;
}

function reasonFor(ranked) {
  const taste = compare.interview.profile();
  const isKnown = taste.answers > 0 || taste.dimensions.some(({ statement }) => statement);
  return isKnown ? whyPicked(ranked, taste) : "Default answer: we don't know your taste yet.";
}

function draft(ranked, { text }) {
  const reasons = element("p", { className: "why" }, inWords(ranked, compare.interview.profile()));
  return element("li", {}, reasons, element("div", { className: "text" }, markdown(text)));
}

async function undoChoice(undo, entries, reply, prompt) {
  undo.remove();
  // Only the latest answer can be undone here, and any other one in the profile.
  if (compare.interview.status().entries !== entries)
    return say("You've answered since. Undo this one under “Your taste”.");
  await compare.interview.undo();
  await showFavourite(reply, prompt);
  say("Undone.");
  reply.focus();
}

function showCount() {
  const answered = compare.interview?.status().answered ?? 0;
  byId("answered").textContent = answered === 1 ? "1 answer" : `${answered} answers`;
}

byId("composer").addEventListener("submit", (submission) => {
  submission.preventDefault();
  const typed = byId("message").value.trim();
  const prompt = waiting.find(({ text }) => text === typed) ?? closest(typed);
  if (prompt) ask(prompt);
  else say("This page has no model behind it: it only knows the questions of the list.");
});
for (const event of ["ready", "answer"]) compare.addEventListener(`leaning-${event}`, showCount);

const started = new Promise((resolve, reject) => {
  compare.addEventListener("leaning-ready", resolve, { once: true });
  // Later errors change nothing here: the promise is settled.
  compare.addEventListener("leaning-error", ({ detail }) => {
    say("That did not work, but nothing is lost. Try again.", true);
    reject(new Error(detail.message));
  });
});

try {
  // The element shows its own error if the module does not load.
  init(new URL("./pkg/leaning.wasm", import.meta.url)).catch(() => {});
  const [prompts, measure] = await Promise.all([
    fetchPrompts("decks/chat.json"),
    fetchJson("decks/style-basis.json"),
    started,
  ]);
  waiting = prompts;
  showSuggestions();
  say("");
  await showMeasured(compare.interview, measure.basis, prompts[0].candidates);
} catch (error) {
  console.error(error);
  say("The chat could not be loaded. Check your connection. ", true);
  byId("said").append(button("Try again", () => location.reload()));
}
