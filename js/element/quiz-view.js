// The interview as a person sees it, over the public API alone.

import css from "leaning-css/quiz.css";
import { h, painted, part } from "./dom.js";
import { picture } from "./picture.js";

const VERDICTS = new Set(["tie", "neither", "skip"]);

export class QuizView {
  static css = css;

  #leaning;
  #render;
  #element;
  /** Replaced with every question. */
  #stage = part("div", "quiz");
  /** The live region: it has to stay in place to be heard. */
  #live = part("p", "live", { role: "status" });
  /** The question that is shown: only what it offers is there to be done. */
  #question = null;
  /** Where the interview stands, as it was last painted: see `#drawWhere`. */
  #where = part("div", "where");
  /** Whether the person was asked if everything should be forgotten. */
  #wavering = false;
  #freed = false;

  /** Shows the interview in `root`. */
  constructor(root, { leaning, messages, render, element }) {
    this.#leaning = leaning;
    this.messages = messages;
    this.#render = render;
    this.#element = element;
    root.replaceChildren(this.#stage, this.#live);
    this.draw();
  }

  /**
   * Does what a button or a key stands for: "0", "1", … chooses, "tie", "neither" and "skip" answer, "undo" takes back.
   */
  async act(action, button) {
    if (action === "fold") return fold(button);
    if (action === "restart" || action === "stay") return this.#waver(action === "restart");
    if (action === "forget") await this.#leaning.forget();
    else if (action === "undo") await this.#leaning.undo();
    else if (!(await this.#give(this.#answer(action)))) return;
    if (!this.#freed) this.#announce(action);
  }

  /** What a key stands for, which `act` then does; null for one that is dealt with here. */
  key({ key, target }, focused) {
    // In a disclosure or a host's own field keys mean what they always mean.
    if (target.closest?.("input, select, textarea, [contenteditable]")) return undefined;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
    if (step && this.#question) {
      this.#moveFocus(step, /Up|Down/.test(key), focused);
      return null;
    }
    if (key === "u" || key === "U") return this.#leaning.status(true).undoable ? "undo" : undefined;
    const action = key === "0" ? "tie" : /^[1-9]$/.test(key) ? String(key - 1) : "";
    return this.#answer(action) === null ? undefined : action;
  }

  /** Draws what there is to show now. */
  draw() {
    const question = this.#leaning.next();
    const same = question && this.#question && names(question) === names(this.#question);
    this.#question = question;
    this.#wavering = false;
    this.#stage.className = question ? "quiz asking" : "quiz over";
    // Another tab's answer may leave the question as it is: then neither the focus nor the reader's place may be lost.
    if (same) return this.#drawWhere();
    // What the answers come to takes long. The picture of before stands until the question is painted.
    if (!this.#where.firstChild) this.#drawWhere();
    else if (question) this.#later(() => this.#drawWhere());
    this.#stage.replaceChildren(...(question ? this.#asking() : this.#over()));
    // On a phone the button was far below the beginning of the next question.
    if (this.#stage.getBoundingClientRect().top < 0) this.#element.scrollIntoView({ block: "start" });
    for (const text of this.#stage.querySelectorAll(".text")) foldable(text);
  }

  /** Puts the focus where what is new begins. */
  focus() {
    this.#stage.querySelector("h2").focus({ preventScroll: true });
  }

  free() {
    this.#freed = true;
    this.#stage.remove();
    this.#live.remove();
  }

  #answer(action) {
    if (!this.#question || action === "") return null;
    if (VERDICTS.has(action)) return this.#question.offered.includes(action) ? action : null;
    return Number(action) < this.#question.candidates.length ? { chose: Number(action) } : null;
  }

  /** Whether there was anything to answer. */
  async #give(answer) {
    const question = this.#question;
    if (answer === null) return false;
    // Until it is stored there is nothing to answer: a double click is one answer.
    this.#question = null;
    try {
      await this.#leaning.note(answer);
    } catch (error) {
      this.#question = question;
      throw error;
    }
    return true;
  }

  /** Asks whether everything should be forgotten, or no longer asks. */
  #waver(wavering) {
    this.#wavering = wavering;
    this.#stage.querySelector(".others").replaceWith(this.#endings());
    this.#stage.querySelector(wavering ? "[data-action=stay]" : "[data-action=restart]").focus();
  }

  /** Moves the focus from choice to choice as they stand, from elsewhere to the first. */
  #moveFocus(step, upright, focused) {
    const choices = [...this.#stage.querySelectorAll(".choose")];
    // Not the buttons: how far down they are depends on the texts.
    const top = (choice) => choice.closest(".candidate").getBoundingClientRect().top;
    const count = choices.length;
    const columns = choices.filter((choice) => top(choice) === top(choices[0])).length;
    if (!upright && getComputedStyle(this.#stage).direction === "rtl") step = -step;
    // Where all stand in one row, up and down go along it.
    if (upright && columns < count) step *= columns;
    const place = choices.indexOf(focused);
    choices[place < 0 ? 0 : (place + step + count) % count]?.focus();
  }

  /** Does what takes long once the rest is painted. */
  #later(work) {
    painted().then(() => this.#freed || work());
  }

  #asking() {
    const { prompt, candidates, offered, strategy } = this.#question;
    const status = this.#leaning.status(true);
    const count = candidates.length;
    const others = [
      offered.includes("tie") && this.#button("other", "tie", "tie"),
      offered.includes("neither") && this.#button("other", "neither", count === 2 ? "neither" : "none"),
      offered.includes("skip") && this.#button("other", "skip", "skip"),
      status.undoable && this.#button("other", "undo", "undo"),
    ];
    return [
      // The host's own words stand before the first question alone.
      status.asked === 0 && h("slot", { name: "intro" }),
      this.#where,
      // It takes the focus when the button that had it is gone.
      this.#foreign("h2", "prompt", prompt?.text ?? "", status, { tabindex: "-1" }),
      this.#text("p", "ask", "ask"),
      part("div", "candidates", { class: `candidates of-${count}` }, candidates.map((candidate, place) => this.#card(candidate, place, status))),
      part("div", "others", {}, others),
      part(
        "details",
        "why",
        {},
        h("summary", {}, this.messages.words("why")),
        // Not what the answers differ in: that would be asking for it by name.
        h("p", {}, this.messages.words(strategy === "random" ? "whyRandom" : "whyChosen")),
      ),
      this.#text("p", "keys", offered.includes("tie") ? "keysTie" : "keys", { count }),
    ].filter(Boolean);
  }

  /** Where the interview stands: how many questions, how well the person is known, and what was learned in short. */
  #drawWhere() {
    const status = this.#leaning.status();
    const fit = Math.min(Math.max(1 - status.expectedRegret, 0), 1);
    this.#where.replaceChildren(
      part("p", "count", {}, this.#progress(status)),
      part("p", "fit", {}, this.messages.words("fit", { share: this.messages.percent(fit) })),
      part("progress", "progress", { max: 1, value: fit, "aria-hidden": "true" }),
      picture(this.#leaning.profile(), this.messages, this.messages.words("soFar")),
    );
  }

  #card(candidate, place, { language }) {
    const id = `text-${place}`;
    return part(
      "article",
      "candidate",
      {},
      this.#text("h3", "answer", "answer", { place: place + 1 }),
      part("div", "text", { id, dir: "auto", lang: language }, this.#render(candidate.text)),
      part(
        "button",
        "fold",
        { type: "button", "data-action": "fold", "aria-expanded": "false", "aria-controls": id, hidden: true },
        part("span", "more", {}, this.messages.words("showAll")),
        part("span", "less", {}, this.messages.words("showLess")),
      ),
      this.#button("choose", place, "choose", { place: place + 1 }),
    );
  }

  #over() {
    const { answered, reason, stored } = this.#leaning.status(true);
    const place = part("div", "learned");
    this.#later(() => place.append(picture(this.#leaning.profile(), this.messages)));
    return [
      part("h2", "done", { tabindex: "-1" }, this.messages.words("done")),
      part("p", "reason", {}, reason && this.messages.words(`reason-${reason}`)),
      this.#text("p", "count", "restsOn", { count: answered }),
      place,
      this.#text("p", "kept", stored ? "kept" : "notKept"),
      h("slot", { name: "done" }),
      this.#endings(),
    ];
  }

  #endings() {
    const buttons = this.#wavering
      ? [
          part("p", "sure-forget", {}, this.messages.words("restartSure")),
          this.#button("other", "forget", "restartYes"),
          this.#button("other", "stay", "restartNo"),
        ]
      : [
          this.#leaning.status(true).undoable && this.#button("other", "undo", "undo"),
          this.#button("other", "restart", "restart"),
        ];
    return part("div", "others", {}, buttons);
  }

  #announce(action) {
    const status = this.#leaning.status(true);
    const said = { undo: "takenBack", forget: "forgotten" }[action] ?? "noted";
    this.#live.textContent = status.reason
      ? this.messages.words(`reason-${status.reason}`)
      : this.messages.words(said, { progress: this.#progress(status) });
  }

  #progress({ answered, remaining, mayEndEarly }) {
    const question = answered + 1;
    const count = Math.max(remaining - 1, 0);
    if (!mayEndEarly) return this.messages.words("questionOf", { question, total: question + count });
    return this.messages.words(count ? "questionAbout" : "questionLast", { question, count });
  }

  #text(tag, name, key, values) {
    return part(tag, name, {}, this.messages.words(key, values));
  }

  /** A text of the deck, whose language and direction may be others than the page's. */
  #foreign(tag, name, text, { language }, attributes) {
    return part(tag, name, { dir: "auto", lang: language, ...attributes }, this.#render(text));
  }

  #button(name, action, key, values) {
    return part("button", name, { type: "button", "data-action": action }, this.messages.words(key, values));
  }
}

const names = ({ candidates }) => JSON.stringify(candidates.map(({ name }) => name));

/** Shows the button that unfolds a text which does not fit. */
function foldable(text) {
  const fits = text.scrollHeight <= text.clientHeight + 1;
  text.nextElementSibling.hidden = fits;
  text.classList.toggle("long", !fits);
}

function fold(button) {
  const open = button.getAttribute("aria-expanded") === "false";
  button.setAttribute("aria-expanded", open);
  button.previousElementSibling.classList.toggle("unfolded", open);
}
