// A question as a person sees it. Its parts stay where the next question has as many answers and offers the same: to say
// something else takes a third of the time that new parts take to be painted.

import { button, h, part } from "./dom.js";

export class Asking {
  #messages;
  #render;
  #shape;
  #prompt;
  #texts;
  #undo;
  #why;
  /** What is shown. */
  question;
  /** What stands on the screen. */
  element = part("div", "page");

  constructor({ messages, render }) {
    this.#messages = messages;
    this.#render = render;
  }

  show(question, status) {
    const { prompt, candidates, offered, strategy } = question;
    const shape = JSON.stringify([candidates.length, offered, strategy]);
    if (shape !== this.#shape) this.#make(question, status);
    this.#shape = shape;
    this.question = question;
    this.#render(this.#prompt, prompt?.text ?? "");
    candidates.forEach(({ text }, place) => this.#render(this.#texts[place], text));
    // Whether they are folded stays as it was for the texts before: the next are about as long.
    for (const text of this.#texts) unfold(text, false);
    this.#undo.hidden = !status.undoable;
    this.#why.open = false;
  }

  /** Shows the buttons that unfold a text where it does not fit. All is measured before anything changes: one layout. */
  fold() {
    const folded = this.#texts.filter((text) => !text.classList.contains("unfolded"));
    const long = folded.map((text) => text.scrollHeight > text.clientHeight + 1);
    folded.forEach((text, place) => {
      foldable(text).hidden = !long[place];
      text.classList.toggle("long", long[place]);
    });
  }

  #make({ candidates, offered, strategy }, { language }) {
    const count = candidates.length;
    const words = (tag, name, key, values) => part(tag, name, {}, this.#messages.words(key, values));
    const other = (verdict, key) => offered.includes(verdict) && this.#button("other", verdict, key);
    // It takes the focus when a question is answered.
    this.#prompt = part("h2", "prompt", { dir: "auto", lang: language, tabindex: "-1" });
    this.#texts = candidates.map((_, place) => part("div", "text", { id: `text-${place}`, dir: "auto", lang: language }));
    const cards = this.#texts.map((text, place) => this.#card(text, place));
    this.#undo = this.#button("other", "undo", "undo");
    this.#why = part(
      "details",
      "why",
      {},
      h("summary", {}, this.#messages.words("why")),
      // Not what the answers differ in: that would be asking for it by name.
      h("p", {}, this.#messages.words(strategy === "random" ? "whyRandom" : "whyChosen")),
    );
    this.element.replaceChildren(
      this.#prompt,
      words("p", "ask", "ask"),
      part("div", "candidates", { class: `candidates of-${count}` }, cards),
      part(
        "div",
        "others",
        {},
        other("tie", "tie"),
        other("neither", count === 2 ? "neither" : "none"),
        other("skip", "skip"),
        this.#undo,
      ),
      this.#why,
      words("p", "keys", offered.includes("tie") ? "keysTie" : "keys", { count }),
    );
  }

  #card(text, place) {
    const fold = { type: "button", "data-action": "fold", "aria-controls": text.id };
    const number = { place: place + 1 };
    return part(
      "article",
      "candidate",
      {},
      part("h3", "answer", {}, this.#messages.words("answer", number)),
      text,
      part(
        "button",
        "fold",
        fold,
        part("span", "more", {}, this.#messages.words("showAll")),
        part("span", "less", {}, this.#messages.words("showLess")),
      ),
      this.#button("choose", place, "choose", number),
    );
  }

  #button(name, action, key, values) {
    return button(name, action, this.#messages.words(key, values));
  }
}

/** The button that unfolds a text. */
const foldable = (text) => text.nextElementSibling;

function unfold(text, whole) {
  foldable(text).setAttribute("aria-expanded", whole);
  text.classList.toggle("unfolded", whole);
}

/** Unfolds the text that a button belongs to, or folds it again. */
export function toggle(button) {
  unfold(button.previousElementSibling, button.ariaExpanded === "false");
}
