// A question as a person sees it: the prompt, the candidates, and the buttons.

import { indexed } from "../../indexed.js";
import type { DeckImage, Question, ShownCandidate, Status, Verdict } from "../../types.js";
import { type Controls, type ControlsByKind, nameId } from "../controls/controls.js";
import { button, h, paragraph, windowOf } from "../dom.js";
import type { MessageKey, Messages } from "../messages.js";
import type { ViewContext } from "../view.js";

/** The most letters of a text whose card is a button as a whole. */
const SHORT = 120;
/** The most lines of a text that never folds: scrolling past it costs less than a tap to see it. */
const WHOLE_LINES = 14;
/** What may not be inside a button. */
const INTERACTIVE = "a, audio, button, details, iframe, input, select, textarea, video, [tabindex]";

export class QuestionView {
  readonly element = h("div", { class: "question", part: "question" });
  readonly #messages: Messages;
  readonly #render: ViewContext["render"];
  readonly #pictures: ViewContext["pictures"];
  readonly #kinds: ControlsByKind;
  readonly #verdicts: readonly Verdict[] | null;
  /**
   * The structure of the nodes, as JSON. A question of the same structure reuses them, which paints faster.
   */
  #structure = "";
  #prompt = h("h2");
  /** The place of the prompt's picture. */
  #promptPicture = h("div");
  #controls: Controls | undefined;
  #candidates: CandidateCard[] = [];
  #undo = h("button");
  #finish = h("button");
  #why = h("details");
  /** Says that the prompt has been asked before. */
  readonly #again: HTMLElement;
  /** The candidates with which each prompt has been asked about, as JSON. */
  readonly #asked = new Map<string, string>();

  /** `verdicts` are those that have a button, or null for all that are offered. */
  constructor(
    { messages, render, pictures }: Pick<ViewContext, "messages" | "render" | "pictures">,
    kinds: ControlsByKind,
    verdicts: readonly Verdict[] | null,
  ) {
    this.#verdicts = verdicts;
    this.#kinds = kinds;
    this.#messages = messages;
    this.#render = render;
    this.#pictures = pictures;
    this.#again = h("p", { class: "again", part: "again", hidden: true }, messages.text("again"));
  }

  /** `mayFinish` is whether the person may see the result now. */
  show(question: Question, status: Status, mayFinish: boolean): void {
    const { prompt, candidates, kind, of, offered, strategy } = question;
    const isShort = kind === "choice" && candidates.every((shown) => this.#isShort(shown));
    const structure = JSON.stringify([candidates.length, kind, of, offered, strategy, isShort]);
    if (structure === this.#structure) this.#controls?.reset?.();
    else this.#build(question, status, isShort);
    this.#structure = structure;
    this.#render(this.#prompt, prompt?.text ?? "");
    for (const [place, card] of indexed(this.#candidates)) {
      this.#render(card.text, candidates[place]?.text ?? "");
      card.setUnfolded(false);
      card.picture.replaceChildren();
    }
    // Only when none is in use is it known which are free.
    this.#promptPicture.replaceChildren(...this.#picture(prompt?.image));
    for (const [place, card] of indexed(this.#candidates))
      card.picture.replaceChildren(...this.#picture(candidates[place]?.image));
    this.element.classList.toggle(
      "pictured",
      candidates.some(({ image }) => image !== null),
    );
    this.#again.hidden = !this.#isAgain(question);
    this.#undo.hidden = !status.undoable;
    this.#finish.hidden = !mayFinish;
    this.#why.open = false;
  }

  /**
   * Lets long texts fold. All are measured before anything changes, so that the page is laid out once. `top`
   * is where the quiz begins, and `room` the height in which a person should see two candidates together, if one
   * of them is long; infinite if the page sets the height.
   */
  fit(top: number, room: number): void {
    const isWhole = Number.isFinite(room) && this.#candidates.every((card) => card.lines <= WHOLE_LINES);
    this.element.classList.toggle("whole", isWhole);
    if (!isWhole) this.#limitTextHeight(top, room);
    const folded = this.#candidates.filter((card) => !card.isUnfolded && !card.isShort);
    const isLong = folded.map((card) => card.isTooLong);
    for (const [place, card] of indexed(folded)) card.setFoldable(isLong[place] ?? false);
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
    if (
      !first ||
      !second ||
      this.#candidates.length > 2 ||
      first.isShort ||
      first.isUnfolded ||
      second.isUnfolded
    )
      return;
    const isStacked = second.element.offsetTop > first.element.offsetTop;
    const excess = second.foot.getBoundingClientRect().bottom - top - room;
    const tooLong = [first, second].filter((card) => card.isTooLong);
    if (!isStacked || excess <= 0 || tooLong.length === 0) return;
    const tallest = Math.max(first.text.clientHeight, second.text.clientHeight);
    this.element.style.setProperty("--_fold-height", `${Math.floor(tallest - excess / tooLong.length)}px`);
  }

  /** Whether a prompt comes again with other candidates: unsaid, that looks like a mistake. */
  #isAgain({ prompt, candidates }: Question): boolean {
    const names = JSON.stringify(candidates.map(({ name }) => name).sort());
    const before = this.#asked.get(prompt?.id ?? "");
    this.#asked.set(prompt?.id ?? "", before ?? names);
    return before !== undefined && before !== names;
  }

  /** Whether a verdict has a button. */
  offers(verdict: Verdict, question: Question): boolean {
    return question.offered.includes(verdict) && (this.#verdicts?.includes(verdict) ?? true);
  }

  /** The card of the candidate at a place. */
  card(place: number): HTMLElement | undefined {
    return this.#candidates[place]?.element;
  }

  focus(): void {
    this.#prompt.focus({ preventScroll: true });
  }

  get controls(): Controls | undefined {
    return this.#controls;
  }

  /** The buttons of the candidates, in the order in which they stand. */
  get buttons(): HTMLButtonElement[] {
    return this.#candidates.flatMap(({ element, foot }) =>
      element instanceof HTMLButtonElement ? element : [...foot.querySelectorAll("button")],
    );
  }

  /** Folds or unfolds the text that a button belongs to. */
  toggleFold(fold: HTMLElement | undefined): void {
    const card = this.#candidates.find((candidate) => candidate.fold === fold);
    card?.setUnfolded(!card.isUnfolded);
  }

  #picture(image: DeckImage | null | undefined): HTMLElement[] {
    const node = image && this.#pictures?.node(image);
    return node ? [node] : [];
  }

  #isShort({ text, image }: ShownCandidate): boolean {
    if (text.length > SHORT || text.includes("\n") || (text === "" && !image)) return false;
    return this.#render(h("div"), text).querySelector(INTERACTIVE) === null;
  }

  #build(question: Question, { language }: Status, isShort: boolean): void {
    const messages = this.#messages;
    const { candidates, kind, strategy } = question;
    const count = candidates.length;
    const controls = (this.#kinds[kind] ?? this.#kinds.choice)(question, messages);
    this.#controls = controls;
    const verdict = (action: Verdict, key: MessageKey) =>
      this.offers(action, question) && button("secondary-button", action, messages.text(key), action);
    // It takes the focus when a question has been answered.
    this.#prompt = h("h2", { class: "prompt", part: "prompt", dir: "auto", lang: language, tabindex: -1 });
    this.#candidates = controls.feet.map(
      (foot, place) => new CandidateCard(place, foot, messages, language, isShort),
    );
    this.#undo = button("secondary-button", "undo", messages.text("undo"), "undo");
    this.#finish = button("secondary-button", "finish", messages.text("finish"), "finish");
    // The text does not say in what the candidates differ, since that would bias the answer.
    const reason = messages.text(strategy === "random" ? "whyRandom" : "whyChosen");
    this.#why = h("details", { class: "why" }, h("summary", {}, messages.text("why")), h("p", {}, reason));
    this.#promptPicture = h("div", { class: "prompt-picture" });
    this.element.replaceChildren(
      this.#again,
      this.#prompt,
      this.#promptPicture,
      controls.instruction && paragraph("instruction", controls.instruction),
      h(
        "div",
        { class: `candidates of-${count}${isShort ? " are-short" : ""}` },
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
        this.#finish,
      ),
      this.#why,
      paragraph("key-hints", controls.keyHints),
    );
  }
}

/**
 * One candidate: its text, which folds if it is long, and at its foot the buttons that answer. The card of a
 * short one is the button.
 */
class CandidateCard {
  readonly text: HTMLElement;
  /** The place of its picture. */
  readonly picture = h("div", { class: "candidate-picture" });
  readonly fold: HTMLButtonElement;
  readonly foot: HTMLElement;
  readonly element: HTMLElement;

  constructor(
    place: number,
    foot: HTMLElement,
    messages: Messages,
    language: string | null,
    isShort: boolean,
  ) {
    this.text = h("div", { class: "text", id: `text-${place}`, dir: "auto", lang: language });
    this.fold = h(
      "button",
      { class: "fold", type: "button", "data-action": "fold", "aria-controls": this.text.id },
      h("span", { class: "when-folded" }, messages.text("showAll")),
      h("span", { class: "when-unfolded" }, messages.text("showLess")),
    );
    this.foot = foot;
    const name = messages.text("answer", { place: place + 1 });
    const whole = isShort && foot.querySelector("button");
    if (whole) {
      whole.className = "choose candidate short";
      whole.part.remove("choose");
      whole.part.add("candidate", "short");
      whole.removeAttribute("aria-describedby");
      whole.replaceChildren(this.picture, this.text);
      this.element = whole;
      return;
    }
    this.element = h(
      "article",
      { class: "candidate", part: "candidate" },
      h("h3", { class: "visually-hidden", id: nameId(place) }, name),
      this.picture,
      this.text,
      h("div", { class: "controls" }, this.fold, foot),
    );
  }

  get isShort(): boolean {
    return this.element instanceof HTMLButtonElement;
  }

  get isUnfolded(): boolean {
    return this.text.classList.contains("unfolded");
  }

  /** The number of lines of the whole text. */
  get lines(): number {
    const { lineHeight } = windowOf(this.text).getComputedStyle(this.text);
    return this.text.scrollHeight / Number.parseFloat(lineHeight);
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
