// A question as a person sees it: the prompt, the candidates, and the buttons.

import type { Leaning } from "../../core.js";
import { indexed } from "../../indexed.js";
import type {
  DeckImage,
  DeckText,
  Question,
  QuestionKind,
  ShownCandidate,
  Status,
  Verdict,
} from "../../types.js";
import { type Controls, type ControlsByKind, nameId } from "../controls/controls.js";
import { button, h, paragraph } from "../dom.js";
import type { MessageKey, Messages } from "../messages.js";
import { hasOutliers, pictureSizers, sizers, tallest } from "../sizers.js";
import type { ViewContext } from "../view.js";
import type { QuizSettings } from "./settings.js";

/** The most letters of a text whose card is a button as a whole. */
const SHORT = 120;
/**
 * The most letters of a usual text in a deck whose texts do not fold: scrolling past it costs less than a tap to see it.
 * Letters, since a person who needs them large should not have to unfold what others see.
 */
const WHOLE = 500;
/** What may not be inside a button. */
const INTERACTIVE = "a, audio, button, details, iframe, input, select, textarea, video, [tabindex]";

interface QuestionParts extends Pick<QuizSettings, "candidatesPerQuestion" | "verdicts"> {
  controls: ControlsByKind;
}
type QuestionContext = Pick<ViewContext, "interview" | "messages" | "render" | "pictures">;

export class QuestionView {
  readonly element = h("div", { class: "question", part: "question" });
  readonly #messages: Messages;
  readonly #render: ViewContext["render"];
  readonly #pictures: ViewContext["pictures"];
  readonly #kinds: ControlsByKind;
  /** The verdicts that have a button, or null for all that are offered. */
  readonly #verdicts: readonly Verdict[] | null;
  /** The deck's kind of questions. */
  readonly #kind: QuestionKind;
  /** The most candidates that a question shows. */
  readonly #mostShown: number;
  /**
   * The structure of the nodes, as JSON. A question of the same structure reuses them, which paints faster.
   */
  #structure = "";
  #prompt = h("h2");
  /** The place of the prompt's picture. */
  #promptPicture = h("div");
  #controls: Controls | undefined;
  /** The scale below the candidates, if the buttons make one. */
  #scale: HTMLElement | undefined;
  #candidates: CandidateCard[] = [];
  /** The unseen texts beside the first candidate, the one of usual length first. */
  #sizers: HTMLElement = h("div");
  /** All prompts of the deck: what differs between questions must not change their size. */
  readonly #prompts: Leaning["prompts"];
  #instruction: HTMLElement | undefined;
  /** Whether the instruction gives way to the line that says that the prompt comes again. */
  #givesWay = false;
  #undo = h("button");
  #finish = h("button");
  #why = h("details");
  /** Says that the prompt has been asked before. */
  readonly #again: HTMLElement;
  /** The candidates with which each prompt has been asked about, as JSON. */
  readonly #asked = new Map<string, string>();

  constructor(
    { interview, messages, render, pictures }: QuestionContext,
    { controls, verdicts, candidatesPerQuestion }: QuestionParts,
  ) {
    this.#verdicts = verdicts;
    this.#kinds = controls;
    this.#prompts = interview.prompts;
    this.#kind = interview.questionKind;
    const most = Math.max(...this.#prompts.map(({ candidates }) => candidates.length));
    this.#mostShown = Math.min(candidatesPerQuestion ?? interview.candidatesPerQuestion, most);
    this.#messages = messages;
    this.#render = render;
    this.#pictures = pictures;
    this.#again = h("p", { class: "again", part: "again", hidden: true }, messages.text("again"));
  }

  /** `mayFinish` is whether the person may see the result now. */
  show(question: Question, status: Status, mayFinish: boolean): void {
    const { prompt, candidates, kind, of, offered, strategy } = question;
    const structure = JSON.stringify([candidates.length, kind, of, offered, strategy]);
    if (structure === this.#structure) this.#controls?.reset?.();
    else this.#build(question, status);
    this.#structure = structure;
    this.#render(this.#prompt, prompt?.text ?? "");
    for (const [place, card] of indexed(this.#candidates)) {
      this.#render(card.text, candidates[place]?.text ?? "");
      card.picture.replaceChildren();
    }
    // Only when none is in use is it known which are free.
    this.#promptPicture.replaceChildren(...this.#picture(prompt?.image));
    for (const [place, card] of indexed(this.#candidates))
      card.picture.replaceChildren(...this.#picture(candidates[place]?.image));
    this.#setUnfolded(false);
    const isAgain = this.#isAgain(question);
    this.#again.hidden = !isAgain;
    if (this.#instruction) this.#instruction.hidden = this.#givesWay && isAgain;
    this.#undo.hidden = !mayUndo(status);
    this.#finish.hidden = !mayFinish;
    this.#why.open = false;
  }

  /**
   * Lets long texts fold. All are measured before anything changes, so that the page is laid out once. `top`
   * is where the quiz begins, and `room` the height in which a person should see two candidates together, if the
   * deck's texts are long; infinite if the page sets the height.
   */
  fit(top: number, room: number): void {
    const letters = this.#sizers.firstElementChild?.textContent?.length ?? 0;
    const isWhole = Number.isFinite(room) && letters <= WHOLE;
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
   * many lines the prompt and the overview take. If the second button is below the screen, all texts get
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
    // The scale sticks to the bottom of the screen.
    const [last, below] = this.#scale ? [second.element, this.#scale.offsetHeight] : [second.foot, 0];
    const excess = last.getBoundingClientRect().bottom + below - top - room;
    const isLimited = this.#sizers.scrollHeight > this.#sizers.clientHeight + 1;
    if (!isStacked || excess <= 0 || !isLimited) return;
    const height = Math.floor(this.#sizers.clientHeight - excess / 2);
    this.element.style.setProperty("--_fold-height", `${height}px`);
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

  /** Focuses the prompt, or what comes after it in a deck without prompts. */
  focus(): void {
    const isEmpty = this.#prompt.textContent === "";
    const next = this.#instruction?.hidden === false ? this.#instruction : this.buttons[0];
    ((isEmpty && next) || this.#prompt).focus({ preventScroll: true });
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

  /** Folds or unfolds the texts: they are compared with each other. */
  toggleFold(): void {
    this.#setUnfolded(!this.#candidates.some((card) => card.isUnfolded));
  }

  #setUnfolded(unfolded: boolean): void {
    this.element.classList.toggle("is-unfolded", unfolded);
    for (const card of this.#candidates) card.setUnfolded(unfolded);
  }

  #picture(image: DeckImage | null | undefined): HTMLElement[] {
    const node = image && this.#pictures?.node(image);
    return node ? [node] : [];
  }

  /** Whether a text may be inside a button, as it is rendered. */
  #isPlain({ text }: DeckText): boolean {
    return this.#render(h("div"), text).querySelector(INTERACTIVE) === null;
  }

  #build(question: Question, { language }: Status): void {
    const messages = this.#messages;
    const { candidates, kind, strategy } = question;
    const count = candidates.length;
    const all = this.#prompts.flatMap((prompt) => prompt.candidates);
    const isShort = kind === "choice" && all.every(isShortText) && all.every((one) => this.#isPlain(one));
    const images = all.map(({ image }) => image);
    const isPictured = images.some((image) => image !== null);
    const controls = (this.#kinds[kind] ?? this.#kinds.choice)(question, messages);
    this.#controls = controls;
    const verdict = (action: Verdict, key: MessageKey) =>
      this.offers(action, question) && button("secondary-button", action, messages.text(key), action);
    // It takes the focus when a question has been answered.
    this.#prompt = h("h2", { class: "prompt", part: "prompt", dir: "auto", lang: language, tabindex: -1 });
    this.#candidates = controls.feet.map(
      (foot, place) =>
        new CandidateCard(place, foot, messages, language, isShort, isPictured, controls.isScale),
    );
    this.#undo = button("secondary-button", "undo", messages.text("undo"), "undo");
    this.#finish = button("secondary-button", "finish", messages.text("finish"), "finish");
    // The text does not say in what the candidates differ, since that would bias the answer.
    const reason = messages.text(strategy === "random" ? "whyRandom" : "whyChosen");
    this.#why = h("details", { class: "why" }, h("summary", {}, messages.text("why")), h("p", {}, reason));
    this.#promptPicture = h("div");
    this.element.classList.toggle("pictured", isPictured);
    const tie = verdict("tie", "tie");
    this.#scale = controls.isScale ? scale(controls.feet, tie) : undefined;
    this.element.replaceChildren(
      h("div", { class: "place" }, this.#prompt, this.#promptSizers(language)),
      this.#promptPictures(),
      this.#line(controls.instruction, kind, count),
      h(
        "div",
        { class: `candidates of-${Math.max(count, this.#mostShown)}${isShort ? " are-short" : ""}` },
        this.#candidates.map((card) => card.element),
        // A prompt of which fewer are left leaves places empty.
        Array.from({ length: Math.max(this.#mostShown - count, 0) }, () => h("div")),
      ),
      this.#scale ?? "",
      h(
        "div",
        { class: "secondary-buttons" },
        !this.#scale && tie,
        verdict("neither", count === 2 ? "neither" : "none"),
        verdict("skip", "skip"),
        this.#undo,
        controls.finish,
      ),
      h("div", { class: "below" }, this.#why, this.#finish),
      this.#keyHints(question, controls),
    );
    const texts = all.map(({ text }) => text);
    this.#sizers = sizers(this.#unseen("div", "text-sizer", tallest(texts, !isShort), language));
    const first = this.#candidates[0];
    // With the buttons below both, a short text need not leave a gap, as long as the whole keeps its height.
    const flows = this.#scale !== undefined && !isPictured && !hasOutliers(texts);
    this.element.classList.toggle("scaled", this.#scale !== undefined);
    this.element.classList.toggle("flowing", flows);
    if (flows) this.#candidates.at(-1)?.element.after(reserve(this.#sizers));
    // The rows of the candidates are equally tall, so it is enough to have the unseen in one of them.
    else first?.place.append(this.#sizers);
    if (isPictured) this.#candidates[0]?.picturePlace.append(sizers(pictureSizers(images)));
  }

  #promptSizers(language: string | null): HTMLElement {
    const texts = this.#prompts.map(({ text }) => text);
    const unseen = this.#unseen("p", "prompt-sizer", tallest(texts, false), language);
    // A page that styles the prompt may make it larger.
    for (const node of unseen) node.setAttribute("part", "prompt");
    return sizers(unseen);
  }

  #promptPictures(): HTMLElement | "" {
    const images = this.#prompts.map(({ image }) => image);
    if (images.every((image) => image === null)) return "";
    return h("div", { class: "place prompt-picture" }, this.#promptPicture, sizers(pictureSizers(images)));
  }

  /** Above the candidates: what to do, and whether the prompt comes again, which any may if one may. */
  #line(instruction: string, kind: QuestionKind, count: number): HTMLElement | "" {
    const mayRepeat = this.#prompts.some(({ candidates }) => candidates.length > count);
    if (!mayRepeat && !instruction) return "";
    this.#instruction = instruction ? h("p", { class: "instruction", tabindex: -1 }, instruction) : undefined;
    // After the first question it is clear what to do, unless it takes more than a choice.
    this.#givesWay = kind === "choice" || kind === "grades";
    const look = this.#givesWay ? "line place" : "line";
    return h("div", { class: look }, mayRepeat && this.#again, this.#instruction);
  }

  /** The keys that answer. A question with fewer candidates than others has other keys. */
  #keyHints(question: Question, { keyHints }: Controls): HTMLElement {
    const hints = (kind: QuestionKind, count: number, offered: Question["offered"]) => {
      const candidates = new Array<ShownCandidate>(count).fill(question.candidates[0] as ShownCandidate);
      const create = this.#kinds[kind] ?? this.#kinds.choice;
      return create({ ...question, candidates, offered }, this.#messages).keyHints;
    };
    const others =
      this.#mostShown > 2
        ? [hints(this.#kind, this.#mostShown, ["choice"]), hints("choice", 2, ["choice", "tie"])]
        : [];
    return h(
      "div",
      { class: "key-hints place" },
      paragraph("", keyHints),
      sizers(others.map((text) => paragraph("", text))),
    );
  }

  /** Texts that are laid out as those that are shown. */
  #unseen(tag: "div" | "p", className: string, texts: string[], language: string | null): HTMLElement[] {
    return texts.map((text) => this.#render(h(tag, { class: className, dir: "auto", lang: language }), text));
  }
}

/** The unseen room of two candidates that are as tall as the tallest. */
function reserve(unseen: HTMLElement): HTMLElement {
  const attributes = { class: "reserve", "aria-hidden": "true" };
  return h("div", attributes, h("div", { class: "place reserved" }, unseen), h("div"));
}

/** The buttons of both candidates in a row, with the tie between them if it is offered. */
function scale([first, last]: HTMLElement[], tie: HTMLElement | false): HTMLElement {
  const row = h("div", { class: "answer-scale" }, first, tie, last);
  row.style.setProperty("--_columns", tie ? "5" : "4");
  return row;
}

/** Whether there is something to take back that was said here. What was said in a chat is taken back there. */
export function mayUndo({ undoable, asked, observed }: Status): boolean {
  return undoable && !(observed > 0 && asked === observed);
}

function isShortText({ text, image }: DeckText): boolean {
  return text.length <= SHORT && !text.includes("\n") && (text !== "" || image !== null);
}

/**
 * One candidate: its text, which folds if it is long, and at its foot the buttons that answer. The card of a
 * short one is the button.
 */
class CandidateCard {
  readonly text: HTMLElement;
  /** Where the text stands, perhaps among unseen ones. */
  readonly place: HTMLElement;
  readonly picture = h("div");
  readonly picturePlace = h("div", { class: "place candidate-picture" }, this.picture);
  readonly #fold: HTMLButtonElement;
  readonly foot: HTMLElement;
  readonly element: HTMLElement;

  constructor(
    place: number,
    foot: HTMLElement,
    messages: Messages,
    language: string | null,
    isShort: boolean,
    isPictured: boolean,
    hasFootBelow = false,
  ) {
    this.text = h("div", { class: "text", id: `text-${place}`, dir: "auto", lang: language });
    this.#fold = h(
      "button",
      { class: "fold", type: "button", "data-action": "fold", "aria-controls": this.text.id, hidden: true },
      h("span", { class: "when-folded" }, messages.text("showAll")),
      h("span", { class: "when-unfolded" }, messages.text("showLess")),
    );
    this.foot = foot;
    this.place = h("div", { class: "place" }, this.text, !isShort && this.#fold);
    const content = isPictured ? [this.picturePlace, this.place] : [this.place];
    const name = messages.text("answer", { place: place + 1 });
    const whole = isShort && foot.querySelector("button");
    if (whole) {
      whole.className = "choose candidate short";
      whole.setAttribute("part", "candidate short");
      whole.removeAttribute("aria-describedby");
      whole.replaceChildren(...content);
      this.element = whole;
      return;
    }
    this.element = h(
      "article",
      { class: "candidate", part: "candidate" },
      h("h3", { class: "visually-hidden", id: nameId(place) }, name),
      content,
      !hasFootBelow && foot,
    );
  }

  get isShort(): boolean {
    return this.element instanceof HTMLButtonElement;
  }

  get isUnfolded(): boolean {
    return this.text.classList.contains("unfolded");
  }

  /** Whether the folded text does not fit. */
  get isTooLong(): boolean {
    return this.text.scrollHeight > this.text.clientHeight + 1;
  }

  setUnfolded(unfolded: boolean): void {
    this.#fold.setAttribute("aria-expanded", String(unfolded));
    this.text.classList.toggle("unfolded", unfolded);
  }

  setFoldable(foldable: boolean): void {
    this.#fold.hidden = !foldable;
    this.text.classList.toggle("long", foldable);
  }
}
