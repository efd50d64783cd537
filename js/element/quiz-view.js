// The interview as a person sees it, over the public API alone.

import css from "leaning-css/quiz.css";
import { Asking, toggle } from "./asking.js";
import { button, h, painted, part, soon } from "./dom.js";
import { Picture } from "./picture.js";

export class QuizView {
  static css = css;

  #leaning;
  #element;
  #stage = part("div", "quiz");
  /** The live region: it has to stay in place to be heard. */
  #live = part("p", "live", { role: "status" });
  /** The question that is shown: only what it offers is there to be done. */
  #question = null;
  /** Where the interview stood when that was drawn. */
  #status;
  #asking;
  /** What comes if the button that is held is let go, laid out beforehand; then for a moment what it took the place of. */
  #ahead;
  /** Takes in what was answered, where what comes then is shown already: to take it in takes as long as to show that. */
  #owed;
  /** What makes a question's parts. */
  #means;
  /** The host's own words, which stand before the first question alone. */
  #intro = h("slot", { name: "intro" });
  /** Where the interview stands: how many questions, how well the person is known, and what was learned in short. */
  #count = part("p", "count");
  #fit = part("p", "fit");
  #progress = part("progress", "progress", { max: 1, "aria-hidden": "true" });
  #picture;
  #where;
  /** Where the picture stands at the end. */
  #learned = part("div", "learned");
  /** Whether the person was asked if everything should be forgotten. */
  #wavering = false;
  /** Counts what was shown: work for what is no longer shown is left. */
  #shown = 0;
  #resizes = new ResizeObserver(() => this.settle());

  /** Shows the interview in `root`. */
  constructor(root, { leaning, messages, render, element }) {
    this.#leaning = leaning;
    this.messages = messages;
    this.#element = element;
    this.#means = { messages, render };
    this.#asking = new Asking(this.#means);
    this.#picture = new Picture(messages, messages.words("soFar"));
    this.#where = part("div", "where", {}, this.#count, this.#fit, this.#progress);
    root.replaceChildren(this.#stage, this.#live);
    this.#stage.addEventListener("pointerdown", ({ target }) => this.#layOutAhead(target));
    this.#drawFit();
    this.#drawPicture();
    this.draw();
    // It is as wide as everything, and as high whatever is folded.
    this.#resizes.observe(this.#where);
  }

  /**
   * Does what a button or a key stands for: "0", "1", … chooses, "tie", "neither" and "skip" answer, "undo" takes back.
   */
  async act(action, button) {
    if (action === "fold") return toggle(button);
    if (action === "restart" || action === "stay") return this.#waver(action === "restart");
    if (action === "forget") await this.#leaning.forget();
    else if (action === "undo") await this.#leaning.undo();
    else if (!(await this.#give(this.#answer(action)))) return;
    await painted();
    if (this.#shown) this.#announce(action);
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
    if (key === "u" || key === "U") return this.#status.undoable ? "undo" : undefined;
    const action = key === "0" ? "tie" : /^[1-9]$/.test(key) ? String(key - 1) : "";
    return this.#answer(action) === null ? undefined : action;
  }

  /** Draws what there is to show now, where the interview stands there; true where that is something new. */
  draw(status = this.#leaning.status(true)) {
    const question = this.#leaning.next();
    const same = alike(question, this.#question);
    this.#question = question;
    this.#status = status;
    this.#wavering = false;
    this.#think();
    // Another tab's answer may leave the question as it is: then neither the focus nor the reader's place may be lost.
    if (same) return false;
    this.#show(question, status);
    return true;
  }

  /** Puts the focus where what is new begins. */
  focus() {
    const place = this.#question ? this.#asking.element : this.#stage;
    place.querySelector("h2").focus({ preventScroll: true });
  }

  free() {
    this.#owed?.();
    this.#shown = 0;
    this.#question = null;
    this.#resizes.disconnect();
    this.#stage.remove();
    this.#live.remove();
  }

  /** Fits what is shown into the room there is. */
  settle() {
    if (this.#question) this.#asking.fold();
  }

  /**
   * What the answers come to takes long to work out, and so does the question after the next answer: both wait until what
   * is new is painted, and come piece by piece, so that no click waits for more than one.
   */
  async #think() {
    const shown = ++this.#shown;
    const prepare = () => this.#leaning.prepare();
    // The draws come in three pieces, the expected regret in one.
    const draws = [prepare, prepare, prepare, prepare];
    const pieces = [() => this.#tidy(), ...draws, () => this.#drawFit(), () => this.#drawPicture()];
    await painted();
    do {
      await soon();
      if (shown !== this.#shown) return;
    } while (pieces.length ? (pieces.shift()(), true) : prepare());
  }

  /** Shows a question, or that there is none any more. */
  #show(question, status) {
    if (alike(question, this.#asking.question)) return;
    this.#intro.hidden = status.asked > 0;
    const laidOut = alike(question, this.#ahead?.question);
    if (laidOut) this.#takeAhead();
    else {
      this.#dropAhead();
      if (question) this.#ask(question, status);
      else this.#stage.replaceChildren(...this.#over(status));
    }
    // Last: what goes away with the focus in it would be laid out once more.
    this.#stage.className = question ? "quiz asking" : "quiz over";
    requestAnimationFrame(() => {
      // On a phone the button was far below the beginning of the next question.
      if (this.#stage.getBoundingClientRect().top < 0) this.#element.scrollIntoView({ block: "start" });
      if (!laidOut) this.settle();
    });
  }

  #ask(question, status) {
    this.#asking.show(question, status);
    if (this.#where.isConnected) return;
    // While the questions go on, the picture stands above them.
    this.#where.append(this.#picture.element);
    this.#stage.replaceChildren(this.#intro, this.#where, this.#asking.element);
  }

  /** While a button is held that answers, lays out the question that follows: a piece a task, as `#think` does. */
  async #layOutAhead(target) {
    await soon();
    const answer = this.#answer(target.closest("button")?.dataset.action);
    const question = answer && this.#leaning.foresee(answer);
    if (!question) return;
    this.#dropAhead();
    const ahead = new Asking(this.#means);
    this.#ahead = ahead;
    ahead.show(question, { ...this.#status, undoable: true });
    ahead.element.className = "page ahead";
    this.#stage.append(ahead.element);
    await painted();
    ahead.fold();
    // Who holds it for longer has thought better of it.
    setTimeout(() => ahead === this.#ahead && this.#dropAhead(), 999);
  }

  /**
   * Shows it where it stands, for what is moved is laid out anew. What was shown keeps the focus until that is painted, or
   * the next key would be lost.
   */
  #takeAhead() {
    [this.#asking, this.#ahead] = [this.#ahead, this.#asking];
    this.#asking.element.className = "page";
    this.#ahead.element.className = "page ahead";
  }

  #dropAhead() {
    this.#ahead?.element.remove();
    this.#ahead = undefined;
  }

  #answer(action) {
    if (!this.#question || action === "") return null;
    if (this.#question.offered.includes(action)) return action;
    return Number(action) < this.#question.candidates.length ? { chose: Number(action) } : null;
  }

  /** Whether there was anything to answer. */
  async #give(answer) {
    const question = this.#question;
    if (answer === null) return false;
    // Until it is stored there is nothing to answer: a double click is one answer.
    this.#question = null;
    const note = () => this.#leaning.note(answer);
    try {
      const next = this.#ahead?.question;
      if (next && alike(next, this.#leaning.foresee(answer))) {
        this.#owed = async () => {
          this.#owed = undefined;
          // Somebody else may have dealt with it since.
          if (alike(this.#leaning.next(), question)) await note();
        };
        this.#shown++;
        this.#show(next, { asked: 1 });
        await painted();
        await this.#owed?.();
      } else await note();
    } catch (error) {
      this.draw();
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
    const choices = [...this.#asking.element.querySelectorAll(".choose")];
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

  /** What nobody misses before the question itself is painted. */
  #tidy() {
    this.#dropAhead();
    this.settle();
    if (this.#question) this.#count.textContent = this.#stands(this.#status);
  }

  #drawFit() {
    const fit = Math.min(Math.max(1 - this.#leaning.status().expectedRegret, 0), 1);
    const share = this.messages.percent(fit);
    // No better than a blind pick is nothing to tell.
    this.#fit.textContent = fit < 0.01 ? "" : this.messages.words("fit", { share });
    this.#progress.value = fit;
  }

  #drawPicture() {
    this.#picture.show(this.#leaning.profile());
  }

  #over({ answered, reason, stored }) {
    this.#asking.question = null;
    const words = (name, key, values) => part("p", name, {}, this.messages.words(key, values));
    // Its words are all new there, and would take as long as the rest.
    painted().then(() => this.#question || this.#learned.append(this.#picture.element));
    return [
      part("h2", "done", { tabindex: "-1" }, this.messages.words("done")),
      words("reason", `reason-${reason}`),
      words("count", "restsOn", { count: answered }),
      this.#learned,
      words("kept", stored ? "kept" : "notKept"),
      h("slot", { name: "done" }),
      this.#endings(),
    ];
  }

  #endings() {
    const other = (action, key) => button("other", action, this.messages.words(key));
    const buttons = this.#wavering
      ? [
          part("p", "sure-forget", {}, this.messages.words("restartSure")),
          other("forget", "restartYes"),
          other("stay", "restartNo"),
        ]
      : [this.#status.undoable && other("undo", "undo"), other("restart", "restart")];
    return part("div", "others", {}, buttons);
  }

  #announce(action) {
    const said = { undo: "takenBack", forget: "forgotten" }[action] ?? "noted";
    this.#live.textContent = this.#status.reason
      ? this.messages.words(`reason-${this.#status.reason}`)
      : this.messages.words(said, { progress: this.#stands(this.#status) });
  }

  #stands({ answered, remaining, mayEndEarly }) {
    const question = answered + 1;
    const count = Math.max(remaining - 1, 0);
    if (!mayEndEarly) return this.messages.words("questionOf", { question, total: question + count });
    return this.messages.words(count ? "questionAbout" : "questionLast", { question, count });
  }
}

const names = ({ candidates }) => JSON.stringify(candidates.map(({ name }) => name));

/** Whether two questions are about the same. */
const alike = (one, other) => one && other && names(one) === names(other);
