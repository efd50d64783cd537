// A chat whose answers were written beforehand, four to a message: the library picks, and asks where that helps.

import { init, Leaning } from "./pkg/slim.js";
import { element, fetched, fetchPrompts, reasonsOf, why } from "./page.js";

/** So many messages to choose from at a time. */
const SUGGESTED = 3;

const part = (id) => document.getElementById(id);
let leaning;
let waiting;
/** Whether the turn before was a question; never two in a row, so that it stays a chat. */
let justAsked;
/** Takes back the last choice, as long as nothing else was said. */
let undo;

function say(text, wrong = false) {
  part("said").className = wrong ? "error" : "quiet";
  part("said").textContent = text;
}

function button(text, work) {
  const made = element("button", { type: "button" }, text);
  made.addEventListener("click", work);
  return made;
}

/** What goes wrong later, such as a log that another page has made unreadable, is said too. */
const guarded = (work) => async () => {
  try {
    await work();
  } catch (error) {
    say(`That did not work, and nothing is lost. ${error.message}`, true);
  }
};

function showSuggestions() {
  part("asking").hidden = false;
  part("asking-title").textContent = waiting.length ? "What would you like to ask?" : "That was all there is to ask.";
  const suggestions = waiting.slice(0, SUGGESTED);
  part("suggestions").replaceChildren(
    ...suggestions.map((prompt) => element("li", {}, button(`Ask: ${prompt.text}`, guarded(() => ask(prompt))))),
  );
}

function showKnown() {
  const { dimensions, answers } = leaning.profile();
  part("known").replaceChildren(
    ...dimensions.map(({ label, words, sure }) => {
      const item = element("li", {}, element("strong", {}, label), ` ${words}`);
      if (sure >= 0.8) item.append(element("span", { className: "quiet" }, ` ${Math.floor(sure * 100)}% sure`));
      return item;
    }),
  );
  part("rests").textContent = `From ${answers === 1 ? "1 choice" : `${answers} choices`}.`;
}

function ask(prompt) {
  const question = justAsked ? null : leaning.compare(prompt.candidates);
  justAsked = question !== null;
  waiting = waiting.filter((other) => other !== prompt);
  say("");
  undo?.remove();
  const message = element("h3", { className: "message", tabIndex: -1 }, element("span", { className: "unseen" }, "You: "), prompt.text);
  const reply = element("div", { className: "reply", tabIndex: -1 });
  part("turns").append(element("article", { className: "turn" }, message, reply));
  if (question) showQuestion(reply, prompt, question);
  else showFavourite(reply, prompt);
  message.focus();
}

/** The best for the person, or the draft that they have just preferred. */
function showFavourite(reply, { candidates }, preferred) {
  const ranked = leaning.rank(candidates);
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
  showSuggestions();
}

function chosenFor(ranked) {
  const [pro] = reasonsOf(ranked);
  if (pro.length) return `Chosen for you: ${pro.map(({ end }) => end).join(", ")}`;
  if (leaning.profile().answers) return "Chosen for you, if only just.";
  return "The first of four, for nothing is known about your taste yet.";
}

function draft(ranked, { text }) {
  return element(
    "li",
    {},
    element("p", { className: "why" }, ...why(ranked)),
    element("p", { className: "text" }, text),
  );
}

function showQuestion(reply, prompt, question) {
  const answer = (given, preferred) => guarded(() => observe(reply, prompt, question, given, preferred));
  const verdicts = { tie: "About the same", skip: "Skip" };
  const offered = Object.keys(verdicts).filter((verdict) => question.offered.includes(verdict));
  part("asking").hidden = true;
  reply.replaceChildren(
    element("h4", {}, "Two drafts: which would you rather get?"),
    element("div", { className: "drafts" }, ...question.candidates.map((candidate, place) => choice(candidate, place, answer))),
    element("p", { className: "actions" }, ...offered.map((verdict) => button(verdicts[verdict], answer(verdict)))),
  );
}

/** One of the two drafts. */
function choice({ text, index }, place, answer) {
  const prefer = button("I prefer this one", answer({ chose: place }, index));
  prefer.append(element("span", { className: "unseen" }, `, draft ${place + 1}`));
  return element(
    "article",
    { className: "card" },
    element("h5", { className: "unseen" }, `Draft ${place + 1}`),
    element("p", { className: "text" }, text),
    prefer,
  );
}

async function observe(reply, prompt, question, given, preferred) {
  await leaning.observe(question.candidates, given);
  showFavourite(reply, prompt, preferred);
  showKnown();
  // The button that had the focus is gone.
  reply.focus();
  if (given === "skip") return;
  say("Noted, on this device only.");
  undo = button("Undo", guarded(() => takeBack(reply, prompt, question)));
  reply.append(undo);
}

async function takeBack(reply, prompt, question) {
  await leaning.undo();
  showQuestion(reply, prompt, question);
  showKnown();
  say("Taken back.");
  reply.focus();
}

try {
  const ready = init(new URL("pkg/leaning.wasm", document.baseURI));
  const files = [fetched("decks/assistant-style-en.json"), fetchPrompts("decks/chat.json")];
  const [deck, prompts] = await Promise.all([...files, ready]);
  leaning = await Leaning.open({ deck });
  waiting = prompts;
  justAsked = leaning.profile().answers > 0;
  showKnown();
  showSuggestions();
  say("");
} catch (error) {
  say(`The chat cannot be shown. ${error.message}`, true);
}
