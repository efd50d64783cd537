// One dimension of the profile: where the person seems to stand, what they set themselves, and what depends
// on it.

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

export interface DimensionRowContext extends Pick<ViewContext, "interview" | "messages" | "perform"> {
  /** The language of the deck's texts. */
  language: string | null;
}

export class DimensionRow {
  readonly id: string;
  readonly element: HTMLElement;
  readonly slider: HTMLInputElement;
  readonly #interview: Leaning;
  readonly #messages: Messages;
  readonly #perform: DimensionRowContext["perform"];
  readonly #language: string | null;
  readonly #meaning = paragraph("meaning");
  #picture: SVGElement = axis();
  readonly #ownStatement = h("p", { class: "own-statement", hidden: true });
  readonly #whatIfText = h("div");
  readonly #whatIf: HTMLDetailsElement;
  #dimension: DimensionEstimate;
  #axisLimit = 0;
  /** The entry that the row shows as the person's own statement. */
  #statementId: string | undefined;
  /** Set while a statement waits for further key presses. */
  #pause: ReturnType<typeof setTimeout> | undefined;
  /** Whether the person moves the dot, which lasts until the statement is made. */
  #isMoving = false;
  #isMovedByKey = false;

  constructor(dimension: DimensionEstimate, { interview, messages, language, perform }: DimensionRowContext) {
    const { id, label, low, high } = dimension;
    this.id = id;
    this.#dimension = dimension;
    this.#interview = interview;
    this.#messages = messages;
    this.#perform = perform;
    this.#language = language;
    const range = { min: -SLIDER_END, max: SLIDER_END, step: SLIDER_STEP };
    const name = messages.text("setWeight", { label });
    this.slider = h("input", {
      class: "slider",
      part: "slider",
      type: "range",
      ...range,
      "aria-label": name,
    });
    this.slider.addEventListener("input", () => this.#onMove());
    this.slider.addEventListener("keydown", () => {
      this.#isMovedByKey = true;
    });
    this.slider.addEventListener("pointerdown", () => {
      this.#isMovedByKey = false;
    });
    // It fires at every key press, and when a pointer lets go.
    this.slider.addEventListener("change", () => {
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => this.finishStatement(), PAUSE);
      if (!this.#isMovedByKey) this.finishStatement();
    });
    const track = h("div", { class: "track" }, this.#picture, this.slider);
    this.#whatIf = h(
      "details",
      { class: "what-if" },
      h("summary", { "aria-label": messages.text("whatIfOf", { label }) }, messages.text("whatIf")),
      this.#whatIfText,
    );
    this.#whatIf.addEventListener("toggle", () => this.#drawWhatIf());
    const end = (className: string, text: string) =>
      h("span", { class: className, lang: language, dir: "auto" }, text);
    this.element = h(
      "li",
      { class: "dimension", part: "dimension" },
      this.#meaning,
      h("div", { class: "scale" }, end("low", low), track, end("high", high)),
      this.#ownStatement,
      this.#whatIf,
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
      this.slider.value = String((position(dimension.mean, dimension, axisLimit) - 50) * (SLIDER_END / 50));
      this.#describeValue(dimension.mean);
    }
    this.#drawStatement(statement?.id);
    this.#drawWhatIf();
  }

  focus(): void {
    this.slider.focus();
  }

  /** Makes the statement that waits for further key presses, since none may come. */
  finishStatement(): void {
    if (this.#pause === undefined) return;
    this.#endPause();
    this.#isMoving = false;
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
    this.#endPause();
    this.#isMoving = true;
    this.#describeValue(this.weight);
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

  #drawWhatIf(): void {
    this.#whatIfText.replaceChildren();
    if (!this.#whatIf.open) return;
    const messages = this.#messages;
    const { prompts, changed, example } = this.#interview.whatIf(this.id);
    const summary = changed
      ? messages.text("whatIfChanged", { count: changed, prompts })
      : messages.text("whatIfUnchanged");
    const deckText = (className: string, text: string) =>
      h("p", { class: className, lang: this.#language, dir: "auto" }, text);
    this.#whatIfText.append(paragraph("changed", summary));
    if (!example) return;
    const pick = (name: string, text: string) =>
      h("div", { class: "pick" }, h("dt", {}, name), h("dd", {}, deckText("excerpt", text)));
    this.#whatIfText.append(
      deckText("example-prompt", example.prompt.text),
      h(
        "dl",
        { class: "example" },
        pick(messages.text("whatIfCurrent"), example.current.text),
        pick(messages.text("whatIfAlternative"), example.alternative.text),
      ),
    );
  }
}
