// The page in the sealed frame. It takes one message, the opening, and sends two at most: "ready", before anything
// that was answered is read, and "done", when the person presses the button for it. So neither whether nor when they are
// sent can depend on an answer.

import frameCss from "leaning-css/frame/frame.css";
import { init, type Leaning, setDefaultSource } from "./core.js";
import { button, h, styleSheet } from "./element/dom.js";
import { Messages } from "./element/messages.js";
import { LeaningQuiz } from "./element/quiz/element.js";
import { type Opening, readOpening } from "./frame-opening.js";
import { inlinedModule } from "./inlined.js";
import english from "./lang/en-frame.js";

setDefaultSource(inlinedModule);
customElements.define("leaning-quiz", LeaningQuiz);
document.adoptedStyleSheets = [styleSheet(frameCss, document) ?? []].flat();

/** Whether nothing of this page can be reached from the one around it. */
function isSealed(): boolean {
  if (parent === window) return false;
  try {
    return parent.document === null;
  } catch {
    return true;
  }
}

function listen(): void {
  addEventListener("message", function receive({ source, data, ports }) {
    const [port] = ports;
    if (source !== parent || !port || ports.length !== 1) return;
    const opening = readOpening(data);
    if (!opening) return;
    removeEventListener("message", receive);
    // Without a handler, started ports drop what is sent to them.
    port.start();
    open(opening, port);
  });
}

async function open(opening: Opening, port: MessagePort) {
  const { deck, candidates, maxQuestions, retention, language, theme } = opening;
  document.documentElement.lang = language;
  if (theme) document.documentElement.style.colorScheme = theme;
  const messages = await Messages.load(language);
  messages.addEnglish(english);
  // Whether it loads has nothing to do with the answers. If it does not, the element says so.
  await init().then(
    () => port.postMessage("ready"),
    () => {},
  );
  const done = button("secondary-button", "done", messages.text("frameDone"));
  done.addEventListener(
    "click",
    () => {
      port.postMessage("done");
      done.disabled = true;
    },
    { once: true },
  );
  const sealed = messages.text("frameSealed");
  const note = h("p", { class: "note" }, sealed);
  const chosen = h("section", { slot: "done", class: "chosen", hidden: true });
  const quiz = h("leaning-quiz", { "max-questions": maxQuestions, retention, theme }, chosen);
  // The browser would scroll the page around the frame too, which shows that the person had scrolled.
  quiz.scrollIntoView = () => scrollTo({ top: quiz.offsetTop });
  quiz.addEventListener("leaning-ready", () => {
    const { interview } = quiz;
    if (!interview) return;
    note.textContent = interview.status().stored ? sealed : `${sealed} ${messages.text("notKept")}`;
    const show = () => showChosen(chosen, interview, candidates, messages.text("frameChosen"));
    interview.addEventListener("change", show);
    show();
  });
  quiz.deck = parsed(deck);
  document.body.replaceChildren(quiz, h("footer", {}, note, done));
}

/** An object in any case: the element would fetch a string. */
function parsed(deck: string): never {
  try {
    return Object(JSON.parse(deck)) as never;
  } catch {
    return {} as never;
  }
}

/** Shows the best candidate once the interview is over. */
function showChosen(
  into: HTMLElement,
  interview: Leaning,
  candidates: Opening["candidates"],
  heading: string,
) {
  into.hidden = true;
  if (candidates.length === 0 || !interview.status().done) return;
  const [best] = interview.rank(candidates);
  const text = best && candidates[best.index]?.text;
  if (text === undefined) return;
  into.hidden = false;
  into.replaceChildren(h("h2", {}, heading), h("p", { dir: "auto" }, text));
}

async function refuse(): Promise<void> {
  const messages = await Messages.load(navigator.language);
  document.body.replaceChildren(h("p", {}, messages.text("notShown")));
}

if (isSealed()) listen();
else refuse();
