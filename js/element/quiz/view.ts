// The interview as a person sees it: the question, the progress, and the result.

import css from "leaning-css/quiz/quiz.css";
import type { Leaning } from "../../core.js";
import type { Question, Status, Verdict } from "../../types.js";
import { Chart } from "../chart.js";
import type { ControlsByKind, Step } from "../controls/controls.js";
import { button, h, idle, liveRegion, painted, paragraph } from "../dom.js";
import { isArrow, moveFocus } from "../focus.js";
import type { MessageKey, Messages } from "../messages.js";
import type { View, ViewContext } from "../view.js";
import { QuestionView } from "./question-view.js";

export class QuizView implements View {
  readonly css = css;
  readonly #interview: Leaning;
  readonly #messages: Messages;
  readonly #host: HTMLElement;
  readonly #appeared: ViewContext["appeared"];
  readonly #questionView: QuestionView;
  readonly #chart: Chart;

  readonly #body = h("div", { class: "quiz" });
  readonly #announcement = liveRegion();
  /** The page's introduction, above the first question only. */
  readonly #intro = h("slot", { name: "intro" });
  readonly #count = paragraph("count");
  readonly #match = paragraph("match");
  readonly #progress = h("progress", { class: "progress", part: "progress", max: 1, "aria-hidden": "true" });
  /** The progress and the chart, above the question. */
  readonly #overview = h("div", { class: "overview" }, this.#count, this.#match, this.#progress);
  /** The place of the chart at the end. */
  readonly #result = h("div", { class: "result" });
  readonly #resizes = new ResizeObserver(() => {
    this.#questionView.resetTextHeight();
    this.fit();
  });

  /** The question on the screen; null at the end. */
  #question: Question | null | undefined;
  #status: Status;
  /** Whether the person is being asked if they want to delete their answers. */
  #isConfirming = false;
  /** Counts the draws, so that estimates for an earlier one are dropped. */
  #draws = 0;

  /** `controls` are those of all kinds of questions that the deck may ask. */
  constructor(
    body: HTMLElement,
    { interview, messages, host, render, appeared }: ViewContext,
    controls: ControlsByKind,
  ) {
    this.#interview = interview;
    this.#messages = messages;
    this.#host = host;
    this.#appeared = appeared;
    this.#questionView = new QuestionView({ messages, render }, controls);
    this.#chart = new Chart(messages, messages.text("soFar"));
    this.#status = interview.status();
    body.replaceChildren(this.#body, this.#announcement);
    // At first the estimates are drawn at once: above the question they would push it down later.
    this.#drawMatch();
    this.#drawChart();
    this.draw(this.#status);
    // It is as wide as the whole, and its height does not depend on what is folded.
    this.#resizes.observe(this.#overview);
  }

  draw(status: Status): boolean {
    const question = this.#interview.next();
    // After an answer in another tab the question may be the same. The focus and the scroll position then
    // stay.
    const isNew = !question || !isSame(question, this.#question);
    this.#question = question;
    this.#status = status;
    this.#drawEstimates();
    if (question) this.#count.textContent = this.#position(status);
    if (!isNew) return false;
    this.#isConfirming = false;
    this.#intro.hidden = status.asked > 0;
    if (question) this.#showQuestion(question);
    else this.#showEnd();
    this.#body.classList.toggle("is-asking", question !== null);
    requestAnimationFrame(() => {
      // On a phone the button may be far below the beginning of the next question.
      if (this.#body.getBoundingClientRect().top < 0) this.#host.scrollIntoView({ block: "start" });
      this.fit();
    });
    return true;
  }

  async act(action: string, control?: HTMLElement): Promise<void> {
    switch (action) {
      case "fold":
        return this.#questionView.toggleFold(control);
      case "restart":
      case "stay":
        return this.#confirm(action === "restart");
      case "forget":
        await this.#interview.forget();
        return this.#announce("forgotten");
      case "undo":
        await this.#interview.undo();
        return this.#announce("undone");
      default:
        return this.#answer(action);
    }
  }

  needsReading(action: string): boolean {
    return !["fold", "undo", "restart", "stay"].includes(action);
  }

  failureKey(action: string): MessageKey {
    return action === "undo" || action === "forget" ? "didNotWork" : "answerNotSaved";
  }

  keyAction({ key, target }: KeyboardEvent, focused: Element | null): string | null | undefined {
    // In a form field of the page's own, keys mean what they always mean.
    if ((target as Element).closest("input, select, textarea, [contenteditable]")) return undefined;
    if (isArrow(key) && this.#question) {
      // The top of a candidate, since that of its button depends on the length of the text.
      const topOf = (choice: HTMLElement) => choice.closest("article")?.getBoundingClientRect().top ?? 0;
      moveFocus(key, this.#questionView.buttons, focused, topOf);
      return null;
    }
    if (key.toLowerCase() === "u") return this.#status.undoable ? "undo" : undefined;
    const action = this.#question && this.#questionView.controls?.actionOfKey(key);
    return action && isVerdict(action) && !this.#question?.offered.includes(action) ? undefined : action;
  }

  focus(): void {
    if (this.#question) this.#questionView.focus();
    else this.#body.querySelector("h2")?.focus({ preventScroll: true });
  }

  fit(): void {
    if (!this.#question) return;
    const style = getComputedStyle(this.#host);
    const isChosenByPage = style.getPropertyValue("--leaning-fold-height") !== "";
    const room = isChosenByPage
      ? Number.POSITIVE_INFINITY
      : innerHeight - Number.parseFloat(style.scrollMarginTop);
    this.#questionView.fit(this.#body.getBoundingClientRect().top, room);
  }

  free(): void {
    this.#draws++;
    this.#question = undefined;
    this.#resizes.disconnect();
    this.#body.remove();
    this.#announcement.remove();
  }

  /** Stores the answer first. The next question is drawn when the interview reports the change. */
  async #answer(action: string): Promise<void> {
    // The page or another tab may have moved on, but the person answers what is on the screen.
    if (!this.#question || !isSame(this.#interview.next(), this.#question)) return;
    const { answer, words = "" } = this.#step(action);
    if (answer) {
      await this.#interview.answer(answer);
      this.#announce("saved");
    } else this.#announcement.textContent = words;
  }

  #step(action: string): Step {
    if (isVerdict(action)) return this.#question?.offered.includes(action) ? { answer: action } : {};
    return this.#questionView.controls?.act(action) ?? {};
  }

  #showQuestion(question: Question): void {
    this.#questionView.show(question, this.#status);
    if (this.#overview.isConnected) return;
    this.#overview.append(this.#chart.element);
    this.#body.replaceChildren(this.#intro, this.#overview, this.#questionView.element);
  }

  #showEnd(): void {
    const { answered, reason, stored } = this.#status;
    const messages = this.#messages;
    this.#body.replaceChildren(
      h("h2", { class: "done", part: "done", tabindex: -1 }, messages.text("done")),
      paragraph("reason", reason ? messages.text(`reason-${reason}`) : ""),
      paragraph("count", messages.text("basedOn", { count: answered })),
      this.#result,
      paragraph("storage-note", messages.text(stored ? "kept" : "notKept")),
      h("slot", { name: "done" }),
      this.#endButtons(),
    );
  }

  #endButtons(): HTMLElement {
    const messages = this.#messages;
    const other = (action: string, key: MessageKey) => button("secondary-button", action, messages.text(key));
    const buttons = this.#isConfirming
      ? [
          paragraph("confirm-question", messages.text("restartSure")),
          other("forget", "restartYes"),
          other("stay", "restartNo"),
        ]
      : [this.#status.undoable && other("undo", "undo"), other("restart", "restart")];
    return h("div", { class: "secondary-buttons" }, buttons);
  }

  /** Asks whether all answers should be deleted, or stops asking. */
  #confirm(isConfirming: boolean): void {
    this.#isConfirming = isConfirming;
    this.#body.querySelector(".secondary-buttons")?.replaceWith(this.#endButtons());
    this.#appeared();
    this.#body.querySelector<HTMLElement>(`[data-action=${isConfirming ? "stay" : "restart"}]`)?.focus();
  }

  /** The match and the chart take long to compute. Each waits for the paint and for an idle moment. */
  async #drawEstimates(): Promise<void> {
    const draw = ++this.#draws;
    await painted();
    for (const drawEstimate of [() => this.#drawMatch(), () => this.#drawChart()]) {
      await idle();
      if (draw !== this.#draws) return;
      drawEstimate();
    }
  }

  #drawMatch(): void {
    const match = Math.min(Math.max(1 - (this.#interview.expectedRegret() ?? 1), 0), 1);
    // Nothing better than a blind pick is not worth mentioning.
    this.#match.textContent =
      match < 0.01 ? "" : this.#messages.text("match", { share: this.#messages.percent(match) });
    this.#progress.value = match;
  }

  #drawChart(): void {
    this.#chart.show(this.#interview.profile());
    if (this.#question === null) this.#result.append(this.#chart.element);
  }

  #announce(key: MessageKey): void {
    const { reason } = this.#status;
    this.#announcement.textContent = reason
      ? this.#messages.text(`reason-${reason}`)
      : this.#messages.text(key, { progress: this.#position(this.#status) });
  }

  /** Where the interview stands, such as "Question 3 of 8". */
  #position({ answered, remaining, mayEndEarly }: Status): string {
    const question = answered + 1;
    const count = Math.max(remaining - 1, 0);
    if (!mayEndEarly) return this.#messages.text("questionOf", { question, total: question + count });
    return this.#messages.text(count > 0 ? "questionAbout" : "questionLast", { question, count });
  }
}

function isVerdict(action: string): action is Verdict {
  return action === "tie" || action === "neither" || action === "skip";
}

/** Whether two questions are about the same candidates. */
function isSame(one: Question | null, other: Question | null | undefined): boolean {
  const names = (question: Question) => JSON.stringify(question.candidates.map(({ name }) => name));
  if (!one || !other) return false;
  return names(one) === names(other);
}
