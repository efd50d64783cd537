// One dimension of the profile: where the person seems to stand, and what they set themselves.

import type { Leaning } from "../../core.js";
import type { DimensionEstimate } from "../../types.js";
import { axis, percent, position, spanInterval } from "../chart.js";
import { button, h, paragraph, svg } from "../dom.js";
import type { Messages } from "../messages.js";
import type { ViewContext } from "../view.js";

/** The slider goes from −SLIDER_END to SLIDER_END. */
const SLIDER_END = 100;
/** Steps so small that the dot can stand where the estimate is. */
const SLIDER_STEP = 2;
/**
 * How long the person may pause between two key presses, in milliseconds. Each statement is an entry of the
 * log, and several key presses make one statement.
 */
const PAUSE = 500;

export interface DimensionRowContext
  extends Pick<ViewContext, "interview" | "messages" | "perform" | "attempt"> {
  /** The language of the deck's texts. */
  language: string | null;
  /** Tells of each place to which the person moves the dot; null when they have let go. */
  onMove(row: DimensionRow, weight: number | null): void;
}

export class DimensionRow {
  readonly id: string;
  readonly element: HTMLElement;
  readonly slider: HTMLInputElement;
  readonly #interview: Leaning;
  readonly #messages: Messages;
  readonly #perform: DimensionRowContext["perform"];
  readonly #onMoveTo: DimensionRowContext["onMove"];
  readonly #meaning = paragraph("meaning");
  #picture: SVGElement = axis();
  readonly #track: HTMLFormElement;
  readonly #ownStatement = h("p", { class: "own-statement", hidden: true });
  #dimension: DimensionEstimate;
  #axisLimit = 0;
  /** The entry that the row shows as the person's own statement. */
  #statementId: string | undefined;
  /** Set while a statement waits for further key presses. */
  #pause: ReturnType<typeof setTimeout> | undefined;
  /** Whether the person moves the dot, which lasts until the statement is made. */
  #isMoving = false;
  #isMovedByKey = false;
  /** Whether the finger that moved the dot has turned out to scroll the page. */
  #isScrolled = false;

  constructor(
    dimension: DimensionEstimate,
    { interview, messages, language, perform, attempt, onMove }: DimensionRowContext,
  ) {
    const { id, label, low, high } = dimension;
    this.id = id;
    this.#dimension = dimension;
    this.#interview = interview;
    this.#messages = messages;
    this.#perform = perform;
    this.#onMoveTo = onMove;
    const range = { min: -SLIDER_END, max: SLIDER_END, step: SLIDER_STEP };
    const name = messages.text("setWeight", { label });
    this.slider = h("input", {
      class: "slider",
      part: "slider",
      type: "range",
      ...range,
      "aria-label": name,
    });
    this.slider.addEventListener("input", () => attempt(() => this.#onMove()));
    this.slider.addEventListener("keydown", ({ key }) => {
      this.#isMovedByKey = true;
      this.#isScrolled = false;
      if (key === "Escape") attempt(() => this.#letGo());
    });
    this.slider.addEventListener("pointerdown", () => {
      this.#isMovedByKey = false;
      this.#isScrolled = false;
    });
    // The finger scrolls the page.
    this.slider.addEventListener("pointercancel", () => {
      this.#isScrolled = true;
      attempt(() => this.#letGo());
    });
    // It fires at every key press, and when a pointer lets go.
    this.slider.addEventListener("change", () => {
      if (this.#isScrolled) return attempt(() => this.#letGo());
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => this.finishStatement(), PAUSE);
      if (!this.#isMovedByKey) this.finishStatement();
    });
    this.#track = h("form", { class: "track" }, this.#picture, this.slider);
    // Enter on a slider would submit it.
    this.#track.addEventListener("submit", (event) => event.preventDefault());
    const end = (className: string, text: string) =>
      h("span", { class: className, lang: language, dir: "auto" }, text);
    this.element = h(
      "li",
      { class: "dimension", part: "dimension" },
      this.#meaning,
      h("div", { class: "scale" }, end("low", low), this.#track, end("high", high)),
      this.#ownStatement,
    );
  }

  /** The weight at which the slider stands. */
  get weight(): number {
    return (this.slider.valueAsNumber / SLIDER_END) * (this.#axisLimit / this.#dimension.rmsDifference);
  }

  /** Shows the dimension as it is estimated now. */
  update(dimension: DimensionEstimate, axisLimit: number): void {
    this.#dimension = dimension;
    this.#axisLimit = axisLimit;
    const messages = this.#messages;
    this.element.dataset.certainty = dimension.standing === "open" ? "none" : dimension.confidence;
    this.#meaning.replaceChildren(
      h("span", { class: "label" }, dimension.label),
      h("span", { class: "words" }, messages.describe(dimension)),
      h("span", { class: "sure" }, messages.certainty(dimension)),
    );
    const interval = svg("rect", { class: "interval" });
    spanInterval(interval, dimension, axisLimit);
    const { statement } = dimension;
    const picture = axis(interval, statement ? this.#statementMark(statement.weight) : undefined);
    // The slider stays in the document, or it would lose the focus.
    this.#picture.replaceWith(picture);
    this.#picture = picture;
    this.slider.disabled = !(axisLimit > 0 && dimension.rmsDifference > 0);
    // The dot stays under the finger that moves it.
    if (!this.#isMoving) {
      this.#moveSlider((position(dimension.mean, dimension, axisLimit) - 50) * (SLIDER_END / 50));
      this.#describeValue(dimension.mean);
    }
    this.#drawStatement(statement?.id);
  }

  focus(): void {
    this.slider.focus();
  }

  /** Session recorders replace the setter of `value`, and so hear it wherever the slider is. */
  #moveSlider(to: number): void {
    this.slider.setAttribute("value", String(to));
    this.#track.reset();
  }

  /** Makes the statement that waits for further key presses, since none may come. */
  finishStatement(): void {
    if (this.#pause === undefined) return;
    this.#endPause();
    this.#isMoving = false;
    this.#onMoveTo(this, null);
    this.#perform("set-weight", this.slider);
  }

  free(): void {
    if (this.#pause === undefined) return;
    this.#endPause();
    // If it cannot be stored, there is no view left to say so.
    this.#interview.setWeight(this.id, this.weight).catch(() => {});
  }

  #endPause(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
  }

  #onMove(): void {
    if (this.#isScrolled) return;
    this.#endPause();
    this.#isMoving = true;
    this.#describeValue(this.weight);
    this.#onMoveTo(this, this.weight);
  }

  /** Leaves the dot where it was, before anything is recorded. */
  #letGo(): void {
    if (!this.#isMoving && !this.#isScrolled) return;
    this.#endPause();
    this.#isMoving = false;
    this.update(this.#dimension, this.#axisLimit);
    this.#onMoveTo(this, null);
  }

  #statementMark(weight: number): SVGElement {
    const x = percent(position(weight, this.#dimension, this.#axisLimit));
    return svg(
      "svg",
      { x, overflow: "visible" },
      svg("path", { class: "statement-mark", d: "M0 16l-4 6h8z" }),
    );
  }

  /** Tells screen readers what the position of the slider means. */
  #describeValue(weight: number): void {
    const { low, high } = this.#dimension;
    const share = (position(weight, this.#dimension, this.#axisLimit) - 50) / 50;
    const isMiddle = Math.abs(share) < 0.01;
    const values = { share: this.#messages.percent(Math.abs(share)), end: share < 0 ? low : high };
    this.slider.setAttribute("aria-valuetext", this.#messages.text(isMiddle ? "middle" : "towards", values));
  }

  #drawStatement(id: string | undefined): void {
    this.#ownStatement.hidden = id === undefined;
    // For the same statement the button stays the same, since it may have the focus.
    if (id === this.#statementId) return;
    this.#statementId = id;
    if (id === undefined) {
      this.#ownStatement.replaceChildren();
      return;
    }
    const undo = button("secondary-button", "undo-statement", this.#messages.text("undoStatement"));
    undo.dataset.id = id;
    undo.setAttribute("aria-label", this.#messages.text("undoStatementOf", { label: this.#dimension.label }));
    this.#ownStatement.replaceChildren(
      h("span", { class: "stated" }, this.#messages.text("statement")),
      undo,
    );
  }
}
