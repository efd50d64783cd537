// A chat. A model, or a stand-in for one, writes several drafts of each reply. The library picks one, and asks when that
// helps.

import { findGateway } from "./chat/gateway.js";
import { growing } from "./chat/growing.js";
import { prepared } from "./chat/prepared.js";
import { Reply, unlike } from "./chat/reply.js";
import { Way } from "./chat/way.js";
import { showMeasured } from "./measured.js";
import { element, fetchJson, fetchPrompts } from "./page.js";
import { init } from "./pkg/element-slim.js";
import { markdown } from "./pkg/markdown.js";

/** The number of messages to choose from at a time. */
const SUGGESTED = 3;
/** The longest text that is heard whole, in characters. */
const SPOKEN = 600;

const byId = (id) => document.getElementById(id);
const compare = document.querySelector("leaning-compare");
const profile = document.querySelector("leaning-profile");
/** The messages with their drafts as they came, and the reply that was made of them. */
const turns = [];
let source;
/** The profile holds it as well, so that it stays when the comparison gets other sentences and loads again. */
let interview;
let way = null;
let waiting;

compare.renderer = markdown;
profile.renderer = markdown;

function say(text, isError = false) {
  byId("said").className = isError ? "error" : "quiet";
  byId("said").textContent = text;
}

/** Shows what stands below the chat. */
function showRest() {
  document.querySelector(".chat").classList.remove("loading");
}

function button(text, work) {
  const made = element("button", { type: "button" }, text);
  made.addEventListener("click", work);
  return made;
}

function showSuggestions() {
  byId("asking").hidden = false;
  const suggestion = ({ text }) =>
    element(
      "li",
      {},
      button(text, () => ask(text)),
    );
  byId("suggestions").replaceChildren(...waiting.slice(0, SUGGESTED).map(suggestion));
}

/**
 * The conversation as the model gets it. It wrote all drafts, so it would learn which one was picked from the one that the
 * next request carries: by default that is the first, whatever was shown.
 */
async function conversation(message) {
  const earlier = turns.flatMap(({ message, drafts, reply, isTold }) => [
    { role: "user", content: message },
    // Nothing is told that was picked before the person agreed, or after they changed their mind.
    { role: "assistant", content: isTold && way.tellsPick ? reply.text : drafts[0].text },
  ]);
  return [...(await way.before()), ...earlier, { role: "user", content: message }];
}

async function ask(message) {
  await turns.at(-1)?.reply.leave();
  const messages = way ? await conversation(message) : [{ role: "user", content: message }];
  const request = source.request({ messages, count: way?.count });
  if (!request)
    return say("This page has no model behind it: it knows only its own questions, such as those above.");
  // A stand-in answers the prepared question that the typed one is like.
  const asked = request.text ?? message;
  waiting = waiting.filter(({ text }) => text !== asked);
  const speaker = element("span", { className: "unseen" }, "You: ");
  const heading = element("h3", { className: "message", tabIndex: -1 }, speaker, asked);
  const view = element("div", { className: "reply", tabIndex: -1, role: "group", ariaLabel: "Answer" });
  const turn = element("article", { className: "turn" }, heading, view);
  byId("turns").append(turn);
  byId("asking").hidden = true;
  byId("message").value = "";
  say("");
  heading.focus();
  way?.showSent(request);
  const drafts = await written(request, view).catch((error) => {
    turn.remove();
    byId("message").value = message;
    showSuggestions();
    byId("message").focus();
    if (error.name === "AbortError") return say("Stopped. Your message is back in its field.");
    console.error(error);
    say(`${error.message} Your message is back in its field.`, true);
  });
  if (!drafts) return;
  const before = interview.status().entries;
  const preferred = await preferredOf(drafts, asked);
  const isNewChoice = interview.status().entries !== before;
  const more = way?.isTold ? (first) => another(messages, first) : undefined;
  const reply = new Reply(view, { interview, drafts, preferred, isNewChoice, say, more });
  turns.push({ message, drafts, reply, isTold: way?.tellsPick });
  // Of a choice the person has read both, and the button that had the focus is gone.
  if (isNewChoice) view.focus();
  else byId("heard").textContent = spoken(reply.card);
  showSuggestions();
}

/** The drafts of a reply, which grow in its view meanwhile. */
async function written(request, view) {
  const stopping = new AbortController();
  const drafts = growing(request.n ?? request.candidates.length, () => stopping.abort());
  view.replaceChildren(drafts.view);
  byId("heard").textContent = drafts.sentence;
  const all = unlike(await source.write(request, { signal: stopping.signal, grow: drafts.grow }));
  const hadFocus = view.contains(document.activeElement);
  view.replaceChildren();
  if (hadFocus) view.focus();
  if (all.length === 0) throw new Error("The model wrote nothing.");
  return all;
}

/** One more draft of a reply of which only one was asked for. The server sees that it was asked for. */
async function another(messages, first) {
  const request = source.request({ messages, count: 1, first });
  way.showSent(request);
  const { signal } = new AbortController();
  const [draft] = await source.write(request, { signal, grow: () => {} });
  if (!draft) throw new Error("The model wrote nothing.");
  return draft;
}

/** The place of the draft that the person says they prefer, or null if they are not asked or do not say. */
async function preferredOf(drafts, message) {
  const scored = drafts.filter(({ scores }) => scores);
  if (scored.length < 2) return null;
  const preferred = await compare.ask(scored, { message });
  return preferred === null ? null : drafts.indexOf(scored[preferred]);
}

function showCount() {
  const answered = (interview ?? compare.interview)?.status().answered ?? 0;
  byId("answered").textContent = answered === 1 ? "1 answer" : `${answered} answers`;
}

/** The beginning of a text to hear. A long one is on the page to be read at one's own pace. */
function spoken(card) {
  // biome-ignore lint/performance/useDomNodeTextContent: without line breaks the words of two blocks would run together.
  const text = card.innerText;
  if (text.length <= SPOKEN) return text;
  const { length } = text.trim().split(/\s+/);
  return `${text.slice(0, SPOKEN).replace(/\S*$/, "")} … An answer of ${length} words.`;
}

/** Who writes the drafts, in a sentence. */
function about(gateway) {
  if (!gateway)
    return "A stand-in for your model: it knows the questions of a list, with four drafts each, which arrive word by word.";
  if (gateway.isStandIn)
    return "A stand-in for your model: it has prepared drafts for some questions, and vague ones for all others.";
  // A local server may call its model by the path of a file.
  const name = gateway.model
    .split("/")
    .at(-1)
    .replace(/\.gguf$/, "");
  return `The drafts are written by ${name}. It gets your messages, and no word about your taste unless you say so.`;
}

byId("composer").addEventListener("submit", (submission) => {
  submission.preventDefault();
  const typed = byId("message").value.trim();
  if (typed) ask(typed);
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
  const [prompts, measure, gateway] = await Promise.all([
    fetchPrompts("decks/chat.json"),
    fetchJson("decks/style-basis.json"),
    findGateway(),
    started,
  ]);
  interview = compare.interview;
  source = gateway ?? prepared(prompts);
  if (gateway)
    way = new Way(interview, (messages) => {
      compare.messages = messages;
    });
  byId("about").textContent = about(gateway);
  waiting = prompts;
  showSuggestions();
  say("");
  showRest();
  await showMeasured(interview, measure.basis, prompts[0].candidates);
} catch (error) {
  console.error(error);
  say("The chat could not be loaded. Check your connection. ", true);
  byId("said").append(button("Try again", () => location.reload()));
  showRest();
}
