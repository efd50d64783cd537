// A question as a person sees it: the prompt, the candidates, and the buttons.

import type { Question, Status, Verdict } from "../../types.js";
import { type Controls, type ControlsByKind, nameId } from "../controls/controls.js";
import { button, h, paragraph } from "../dom.js";
import type { MessageKey, Messages } from "../messages.js";
import type { ViewContext } from "../view.js";

export class QuestionView {
  readonly element = h("div", { class: "question", part: "question" });
  readonly #messages: Messages;
  readonly #render: ViewContext["render"];
  readonly #kinds: ControlsByKind;
  /**
   * The structure of the nodes, as JSON. A question of the same structure reuses them, which paints faster.
   */
  #structure = "";
  #prompt = h("h2");
  #controls: Controls | undefined;
  #candidates: CandidateCard[] = [];
  #undo = h("button");
  #why = h("details");

  constructor({ messages, render }: Pick<ViewContext, "messages" | "render">, kinds: ControlsByKind) {
    this.#kinds = kinds;
    this.#messages = messages;
    this.#render = render;
  }

  show(question: Question, status: Status): void {
    const { prompt, candidates, kind, of, offered, strategy } = question;
    const structure = JSON.stringify([candidates.length, kind, of, offered, strategy]);
    if (structure === this.#structure) this.#controls?.reset?.();
    else this.#build(question, status);
    this.#structure = structure;
    this.#render(this.#prompt, prompt?.text ?? "");
    for (const [place, card] of this.#candidates.entries()) {
      this.#render(card.text, candidates[place]?.text ?? "");
      card.setUnfolded(false);
    }
    this.#undo.hidden = !status.undoable;
    this.#why.open = false;
  }

  /**
   * Lets long texts fold. All are measured before anything changes, so that the page is laid out once. `top`
   * is where the quiz begins, and `room` the height in which a person should see two candidates together.
   */
  fit(top: number, room: number): void {
    this.#limitTextHeight(top, room);
    const folded = this.#candidates.filter((card) => !card.isUnfolded);
    const isLong = folded.map((card) => card.isTooLong);
    for (const [place, card] of folded.entries()) card.setFoldable(isLong[place] ?? false);
  }

  /** Forgets the limit that `fit` found for another size of the screen. */
  resetTextHeight(): void {
    this.element.style.removeProperty("--_fold-height");
  }

  /**
   * The style sheet limits the height of a folded text by the height of the screen, but it does not know how
   * many lines the prompt and the overview take. If the second button is below the screen, the texts get
   * shorter and stay so.
   */
  #limitTextHeight(top: number, room: number): void {
    const [first, second] = this.#candidates;
    if (!first || !second || this.#candidates.length > 2 || first.isUnfolded || second.isUnfolded) return;
    const isStacked = second.element.offsetTop > first.element.offsetTop;
    const excess = second.foot.getBoundingClientRect().bottom - top - room;
    const tooLong = [first, second].filter((card) => card.isTooLong);
    if (!isStacked || excess <= 0 || tooLong.length === 0) return;
    const tallest = Math.max(first.text.clientHeight, second.text.clientHeight);
    this.element.style.setProperty("--_fold-height", `${Math.floor(tallest - excess / tooLong.length)}px`);
  }

  focus(): void {
    this.#prompt.focus({ preventScroll: true });
  }

  get controls(): Controls | undefined {
    return this.#controls;
  }

  /** The buttons of the candidates, in the order in which they stand. */
  get buttons(): HTMLButtonElement[] {
    return this.#candidates.flatMap((card) => [...card.foot.querySelectorAll("button")]);
  }

  /** Folds or unfolds the text that a button belongs to. */
  toggleFold(fold: HTMLElement | undefined): void {
    const card = this.#candidates.find((candidate) => candidate.fold === fold);
    card?.setUnfolded(!card.isUnfolded);
  }

  #build(question: Question, { language }: Status): void {
    const messages = this.#messages;
    const { candidates, kind, offered, strategy } = question;
    const count = candidates.length;
    const controls = (this.#kinds[kind] ?? this.#kinds.choice)(question, messages);
    this.#controls = controls;
    const verdict = (action: Verdict, key: MessageKey) =>
      offered.includes(action) && button("secondary-button", action, messages.text(key));
    // It takes the focus when a question has been answered.
    this.#prompt = h("h2", { class: "prompt", part: "prompt", dir: "auto", lang: language, tabindex: -1 });
    this.#candidates = controls.feet.map((foot, place) => new CandidateCard(place, foot, messages, language));
    this.#undo = button("secondary-button", "undo", messages.text("undo"));
    // The text does not say in what the candidates differ, since that would bias the answer.
    const reason = messages.text(strategy === "random" ? "whyRandom" : "whyChosen");
    this.#why = h("details", { class: "why" }, h("summary", {}, messages.text("why")), h("p", {}, reason));
    this.element.replaceChildren(
      this.#prompt,
      paragraph("instruction", controls.instruction),
      h(
        "div",
        { class: `candidates of-${count}` },
        this.#candidates.map((card) => card.element),
      ),
      h(
        "div",
        { class: "secondary-buttons" },
        controls.finish,
        verdict("tie", "tie"),
        verdict("neither", count === 2 ? "neither" : "none"),
        verdict("skip", "skip"),
        this.#undo,
      ),
      this.#why,
      paragraph("key-hints", controls.keyHints),
    );
  }
}

/** One candidate: its text, which folds if it is long, and at its foot the buttons that answer. */
class CandidateCard {
  readonly text: HTMLElement;
  readonly fold: HTMLButtonElement;
  readonly foot: HTMLElement;
  readonly element: HTMLElement;

  constructor(place: number, foot: HTMLElement, messages: Messages, language: string | null) {
    this.text = h("div", { class: "text", id: `text-${place}`, dir: "auto", lang: language });
    this.fold = h(
      "button",
      { class: "fold", type: "button", "data-action": "fold", "aria-controls": this.text.id },
      h("span", { class: "when-folded" }, messages.text("showAll")),
      h("span", { class: "when-unfolded" }, messages.text("showLess")),
    );
    this.foot = foot;
    const name = messages.text("answer", { place: place + 1 });
    this.element = h(
      "article",
      { class: "candidate", part: "candidate" },
      h("h3", { class: "visually-hidden", id: nameId(place) }, name),
      this.text,
      h("div", { class: "controls" }, this.fold, foot),
    );
  }

  get isUnfolded(): boolean {
    return this.text.classList.contains("unfolded");
  }

  /** Whether the folded text does not fit. */
  get isTooLong(): boolean {
    return this.text.scrollHeight > this.text.clientHeight + 1;
  }

  setUnfolded(unfolded: boolean): void {
    this.fold.setAttribute("aria-expanded", String(unfolded));
    this.text.classList.toggle("unfolded", unfolded);
  }

  setFoldable(foldable: boolean): void {
    this.fold.hidden = !foldable;
    this.text.classList.toggle("long", foldable);
  }
}
