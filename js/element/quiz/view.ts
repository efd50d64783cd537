// The interview as a person sees it: the question, where it stands, and the result.

import css from "leaning-css/quiz/quiz.css";
import type { Leaning } from "../../core.js";
import type { Answer, Question, Status, Verdict } from "../../types.js";
import type { Chart } from "../chart.js";
import type { ControlsByKind, Step } from "../controls/controls.js";
import { button, h, idle, liveRegion, painted, paragraph, windowOf } from "../dom.js";
import { emitDone } from "../events.js";
import { isArrow, moveFocus } from "../focus.js";
import { digitOf, isUndo } from "../key-digits.js";
import type { MessageKey, Messages } from "../messages.js";
import type { View, ViewContext } from "../view.js";
import type { EndView } from "./end.js";
import { chosenPlace, Guesses } from "./guesses.js";
import { mayUndo, QuestionView } from "./question-view.js";
import type { QuizSettings } from "./settings.js";
import { showTick } from "./tick.js";
import { Where } from "./where.js";

/** The number of answers from which on the person may see the result. */
const FINISH_FROM = 2;
/** The most questions that the result offers to go on with. */
const MORE = 4;
/** A picture above the questions shows at most so many dimensions, and of more than that the clearest. */
const MOST_UNFOLDED = 6;
const FOLDED = 5;
/** Actions that do no harm if they come too soon. */
const HARMLESS = ["fold", "see-all", "see-end", "undo", "restart", "stay"];

export interface Goal {
  /** The number of answers at which the person wants to see the result; null to go on to the end. */
  stopAt: number | null;
  /** The actions that make up half an answer, such as the best of an order, and the names of the candidates. */
  begun: { names: string; actions: string[] } | null;
}

/** What the quiz's view needs beside the interview. */
export interface QuizParts extends QuizSettings {
  /** The controls of all kinds of questions that the deck may ask. */
  controls: ControlsByKind;
  /** The picture above the question, for a quiz that shows it all the time. */
  Chart: typeof Chart | null;
  /** What the person wants, which outlives the view. */
  goal: Goal;
  /**
   * Lets the interview go on to a number of answers, whatever its stop rule; null for the rule again. Whether that is
   * other than before.
   */
  extend(answers: number | null): Promise<boolean>;
}

export class QuizView implements View {
  readonly css = css;
  readonly #interview: Leaning;
  readonly #messages: Messages;
  readonly #context: ViewContext;
  readonly #parts: QuizParts;
  readonly #questionView: QuestionView;
  readonly #where: Where;
  /** For a quiz that tells what it guessed. */
  readonly #guesses: Guesses | null;
  readonly #chart: Chart | null;

  readonly #seeAll: HTMLButtonElement;
  #showsAll = false;

  readonly #body = h("div", { class: "quiz" });
  readonly #announcement = liveRegion();
  /** The page's introduction, above the first question only. */
  readonly #intro = h("slot", { name: "intro" });
  readonly #resizes: ResizeObserver | undefined;

  /** The question on the screen; null at the end. */
  #question: Question | null | undefined;
  #status: Status;
  /** The module with the result, once it has been asked for. */
  #endModule: Promise<typeof import("./end.js")> | undefined;
  #end: EndView | undefined;
  /** Whether the person is being asked if they want to delete their answers. */
  #isConfirming = false;
  /** Counts the draws, so that estimates for an earlier one are dropped. */
  #draws = 0;

  constructor(body: HTMLElement, context: ViewContext, parts: QuizParts) {
    const { interview, messages } = context;
    this.#interview = interview;
    this.#messages = messages;
    this.#context = context;
    this.#parts = parts;
    this.#questionView = new QuestionView(context, parts);
    const told = { showsFit: parts.showsFit, tellsSoFar: parts.picture === "end", reveals: parts.reveals };
    this.#where = new Where(messages, interview.meanWords, interview.dimensions, told);
    this.#guesses = parts.reveals ? new Guesses(interview, messages) : null;
    this.#chart = parts.Chart && new parts.Chart(messages, messages.text("done"));
    this.#seeAll = button("secondary-button", "see-all", messages.text("showAll"));
    this.#status = interview.status();
    body.replaceChildren(this.#body, this.#announcement);
    // At first the estimates are drawn at once: above the question they would push it down later.
    context.attempt(() => this.#drawFit());
    context.attempt(() => this.#drawPicture());
    this.draw(this.#status);
    // Where it is missing, nothing is fitted to a screen that is turned.
    if (globalThis.ResizeObserver) this.#resizes = new ResizeObserver(() => this.#resized());
    // It is as wide as the whole, and its height does not depend on what is folded.
    this.#resizes?.observe(this.#where.element);
    // When it loads must not tell when the interview ends.
    painted(context.host)
      .then(idle)
      .then(() => this.#loadEnd())
      .catch(() => {});
  }

  draw(status: Status): boolean {
    if (status.answered === 0) this.#forgetGoal();
    const next = this.#interview.next();
    const question =
      this.#parts.goal.stopAt !== null && status.answered >= this.#parts.goal.stopAt ? null : next;
    // After an answer in another tab the question may be the same. The focus and the scroll position then
    // stay.
    const isNew = !question || !isSame(question, this.#question);
    const wasAsking = this.#question !== null && this.#question !== undefined;
    this.#question = question;
    this.#status = status;
    this.#context.attempt(() => this.#drawEstimates());
    if (question) this.#where.show(status, this.#remaining(), question);
    if (!isNew) return false;
    // It is about the change before. Whoever makes an announcement has drawn by then.
    this.#announcement.textContent = "";
    this.#isConfirming = false;
    this.#intro.hidden = status.asked > status.observed;
    if (question) this.#showQuestion(question);
    else this.#showEnd();
    if (!question && next && wasAsking) emitDone(this.#context.host, status);
    this.#body.classList.toggle("is-asking", question !== null);
    windowOf(this.#body).requestAnimationFrame?.(() => this.#context.attempt(() => this.#place()));
    return true;
  }

  async act(action: string, control?: HTMLElement): Promise<void> {
    switch (action) {
      case "fold":
        return this.#questionView.toggleFold();
      case "see-all":
        this.#showsAll = true;
        return this.#drawPicture();
      case "finish":
        this.#parts.goal.stopAt = this.#status.answered;
        this.#announcement.textContent = "";
        return this.#context.redraw();
      case "more":
        return this.#goOn();
      case "see-end":
        this.#showEnd();
        return this.#drawEstimates();
      case "restart":
      case "stay":
        return this.#confirm(action === "restart");
      case "forget":
        await this.#interview.forget();
        return this.#announce("forgotten");
      case "undo":
        this.#parts.goal.stopAt = null;
        this.#where.showGuess("");
        await this.#interview.undo();
        return this.#announce("undone");
    }
    if (this.#question) return this.#answer(action);
    return this.#end?.act(action, control);
  }

  needsReading(action: string): boolean {
    return !HARMLESS.includes(action);
  }

  failureKey(action: string): MessageKey {
    const isAnswer = this.#question && action !== "undo" && action !== "forget";
    return isAnswer ? "answerNotSaved" : "didNotWork";
  }

  keyAction(event: KeyboardEvent, focused: Element | null): string | null | undefined {
    const { key, target } = event;
    // In a form field of the page's own, keys mean what they always mean.
    if ((target as Element).closest("input, select, textarea, [contenteditable]")) return undefined;
    if (isArrow(key) && this.#question) {
      // The top of a candidate, since that of its button depends on the length of the text.
      const topOf = (choice: HTMLElement) => choice.closest(".candidate")?.getBoundingClientRect().top ?? 0;
      moveFocus(key, this.#questionView.buttons, focused, topOf);
      return null;
    }
    if (key === "Escape" && this.#isConfirming) return "stay";
    if (isUndo(event)) return mayUndo(this.#status) ? "undo" : undefined;
    const digit = digitOf(event);
    if (digit === undefined || !this.#question) return undefined;
    const action = this.#questionView.controls?.actionOfDigit(digit);
    return action && isVerdict(action) && !this.#questionView.offers(action, this.#question)
      ? undefined
      : action;
  }

  focus(): void {
    if (this.#question) this.#questionView.focus();
    else this.#body.querySelector("h2")?.focus({ preventScroll: true });
  }

  fit(): void {
    if (!this.#question) return;
    const view = windowOf(this.#context.host);
    const style = view.getComputedStyle(this.#context.host);
    const isChosenByPage = style.getPropertyValue("--leaning-fold-height") !== "";
    const room = isChosenByPage
      ? Number.POSITIVE_INFINITY
      : view.innerHeight - Number.parseFloat(style.scrollMarginTop);
    this.#questionView.fit(this.#body.getBoundingClientRect().top, room);
  }

  free(): void {
    this.#draws++;
    this.#question = undefined;
    this.#resizes?.disconnect();
    this.#body.remove();
    this.#announcement.remove();
  }

  /** Brings a new question, of which the browser has just laid out the first lines, into its place. */
  #place(): void {
    // On a phone the button may be far below the beginning of the next question.
    if (this.#body.getBoundingClientRect().top < 0) this.#context.host.scrollIntoView({ block: "start" });
    this.fit();
  }

  adopted(): void {
    this.#resizes?.observe(this.#where.element);
  }

  /** Chromium would report an error to the page at every frame. */
  gone(): void {
    this.#resizes?.disconnect();
  }

  #resized(): void {
    this.#context.attempt(() => {
      this.#questionView.resetTextHeight();
      this.fit();
    });
  }

  /** Stores the answer first. The next question is drawn when the interview reports the change. */
  async #answer(action: string): Promise<void> {
    // The page or another tab may have moved on, but the person answers what is on the screen.
    if (!this.#question || !isSame(this.#interview.next(), this.#question)) return;
    const { answer, words = "" } = this.#step(action);
    if (!answer) {
      if (words) this.#parts.goal.begun?.actions.push(action);
      this.#announcement.textContent = words;
      return;
    }
    const guess = this.#guessed(this.#question, answer);
    this.#parts.goal.begun = null;
    await this.#interview.answer(answer);
    this.#where.showGuess(guess);
    if (this.#question) this.#context.attempt(() => this.#tick(chosenPlace(answer)));
    this.#announce(this.#status.stored ? "saved" : "savedHere", guess);
  }

  /** The guess is looked at before the answer is stored, but no failure here may lose that. */
  #guessed(question: Question, answer: Answer): string {
    let guess = "";
    this.#context.attempt(() => {
      guess = this.#guesses?.reveal(question, answer) ?? "";
    });
    return guess;
  }

  /** Over the card of the next question that stands where the chosen one stood, which may have been taller. */
  #tick(place: number): void {
    const card = this.#questionView.card(place);
    if (card) showTick(this.#questionView.element, card);
  }

  #step(action: string): Step {
    if (isVerdict(action))
      return this.#question && this.#questionView.offers(action, this.#question) ? { answer: action } : {};
    return this.#questionView.controls?.act(action) ?? {};
  }

  /** The questions still to answer, this one among them. */
  #remaining(): number {
    const { answered, remaining } = this.#status;
    return this.#parts.goal.stopAt === null
      ? remaining
      : Math.min(remaining, this.#parts.goal.stopAt - answered);
  }

  /** The number of questions that the person can go on with. */
  #more(): number {
    const { reason, remaining } = this.#status;
    if (reason === "exhausted") return 0;
    return reason ? MORE : Math.min(MORE, remaining);
  }

  async #goOn(): Promise<void> {
    const { answered, done } = this.#status;
    this.#parts.goal.stopAt = answered + this.#more();
    this.#where.restart();
    if (!done) return this.#context.redraw();
    await this.#parts.extend(this.#parts.goal.stopAt);
  }

  /** A new interview ends where the page wants it to. */
  #forgetGoal(): void {
    this.#parts.goal.stopAt = null;
    this.#parts.extend(null).then(
      (isOther) => isOther && this.#context.redraw(),
      () => {},
    );
  }

  #showQuestion(question: Question): void {
    const { answered } = this.#status;
    const mayFinish = answered >= FINISH_FROM && this.#remaining() > 1;
    this.#questionView.show(question, this.#status, mayFinish);
    this.#takeUp(question);
    if (this.#where.element.isConnected) return;
    const { element, assurance } = this.#where;
    this.#body.replaceChildren(this.#intro, element, assurance, this.#questionView.element);
  }

  /** Takes up the half of an answer that another view has got, in another language. */
  #takeUp(question: Question): void {
    const { goal } = this.#parts;
    const names = namesIn(question);
    const actions = goal.begun?.names === names ? goal.begun.actions : [];
    goal.begun = { names, actions };
    for (const action of actions) this.#questionView.controls?.act(action);
  }

  #showEnd(): void {
    const { stored } = this.#status;
    const messages = this.#messages;
    // Under every element there is a notice if answers should be stored and are not.
    const isMeantSo = stored || this.#context.host.getAttribute("storage") === "memory";
    const result = h("div", { class: "result" }, this.#end?.element);
    this.#body.replaceChildren(
      h("h2", { class: "done", part: "done", tabindex: -1 }, messages.text("done")),
      result,
      ...(isMeantSo ? [paragraph("storage-note", messages.text(stored ? "kept" : "notKept"))] : []),
      h("slot", { name: "done" }),
      this.#endButtons(),
    );
    if (this.#end) return;
    const fillIn = async () => {
      try {
        await this.#loadEnd();
      } catch (error) {
        this.#showEndFailure();
        throw error;
      }
      if (result.isConnected && this.#end) result.replaceChildren(this.#end.element);
    };
    this.#context.attempt(fillIn);
  }

  /** Says that there is no result to see, and offers to try again. */
  #showEndFailure(): void {
    const alert = h("p", { class: "error", part: "error", role: "alert" }, this.#messages.text("didNotWork"));
    const again = button("secondary-button", "see-end", this.#messages.text("tryAgain"));
    this.#body.querySelector(".result")?.replaceChildren(alert, again);
  }

  /** Loads the result, and fills it in if it is being shown. */
  async #loadEnd(): Promise<void> {
    this.#endModule ??= import("./end.js");
    try {
      const { EndView } = await this.#endModule;
      const announce = (text: string) => {
        this.#announcement.textContent = text;
      };
      this.#end ??= new EndView(this.#context, this.#parts.picture !== "none", announce);
    } catch (error) {
      this.#endModule = undefined;
      throw error;
    }
    await this.#end.prepare();
    if (this.#question === null) this.#drawEstimates();
  }

  #endButtons(): HTMLElement {
    const messages = this.#messages;
    const other = (action: string, key: MessageKey, part = "") =>
      button("secondary-button", action, messages.text(key), part);
    const buttons = this.#isConfirming
      ? [
          paragraph("confirm-question", messages.text("restartSure")),
          other("forget", "restartYes"),
          other("stay", "restartNo"),
        ]
      : [mayUndo(this.#status) && other("undo", "undo", "undo"), other("restart", "restart")];
    return h("div", { class: "secondary-buttons own" }, buttons);
  }

  /** Asks whether all answers should be deleted, or stops asking. */
  #confirm(isConfirming: boolean): void {
    this.#isConfirming = isConfirming;
    this.#body.querySelector(".own")?.replaceWith(this.#endButtons());
    this.#context.appeared();
    this.#body.querySelector<HTMLElement>(`[data-action=${isConfirming ? "stay" : "restart"}]`)?.focus();
  }

  /** The estimates take long to compute. Beside a question each waits for an idle moment, the result for the paint. */
  async #drawEstimates(): Promise<void> {
    const draw = ++this.#draws;
    await painted(this.#context.host);
    if (this.#question === null) {
      if (draw === this.#draws) this.#drawEnd();
      return;
    }
    const seal = () => this.#guesses?.seal(this.#question ?? null, this.#status.answered);
    for (const drawEstimate of [seal, () => this.#drawFit(), () => this.#drawPicture()]) {
      await idle();
      if (draw !== this.#draws) return;
      drawEstimate();
    }
  }

  #drawFit(): void {
    if (!this.#parts.showsFit) return;
    this.#where.showFit(Math.min(Math.max(1 - (this.#interview.expectedRegret() ?? 1), 0), 1));
  }

  #drawPicture(): void {
    if (this.#chart) {
      const { dimensions, axisLimit } = this.#interview.profile();
      const folds = dimensions.length > MOST_UNFOLDED && !this.#showsAll;
      this.#chart.show(dimensions, axisLimit, folds ? FOLDED : dimensions.length);
      if (!this.#chart.element.isConnected) this.#where.element.append(this.#chart.element, this.#seeAll);
      this.#seeAll.hidden = !folds;
    } else if (this.#where.tellsSoFar) this.#where.showSoFar(this.#interview.profile());
  }

  #drawEnd(): void {
    try {
      this.#end?.draw(this.#status, this.#more());
    } catch (error) {
      this.#showEndFailure();
      throw error;
    }
  }

  #announce(key: MessageKey, guess = ""): void {
    const { reason } = this.#status;
    const words = !this.#question
      ? this.#messages.text(reason ? `reason-${reason}` : "done")
      : this.#messages.text(key, { progress: this.#where.position(this.#status, this.#remaining()) });
    this.#announcement.textContent = guess ? `${guess} ${words}` : words;
  }
}

function isVerdict(action: string): action is Verdict {
  return action === "tie" || action === "neither" || action === "skip";
}

/** Whether two questions are about the same candidates. */
function isSame(one: Question | null, other: Question | null | undefined): boolean {
  return !!one && !!other && namesIn(one) === namesIn(other);
}

/** The names of a question's candidates, as JSON. */
function namesIn({ candidates }: Question): string {
  return JSON.stringify(candidates.map(({ name }) => name));
}
