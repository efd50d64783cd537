// The chart of a profile: a row for each dimension, with the estimate as a dot and its interval as a bar.

import { indexed } from "../indexed.js";
import type { DimensionEstimate } from "../types.js";
import { h, svg } from "./dom.js";
import type { Messages } from "./messages.js";

/** The height of the axis in pixels, which base.css repeats. */
const HEIGHT = 20;
const MIDDLE = HEIGHT / 2;

/** The dimensions, each with its two ends, its picture, and its meaning in words. */
export class Chart {
  readonly element: HTMLElement;
  readonly #messages: Messages;
  #rows: ChartRow[] = [];

  /** `label` names the chart for screen readers. */
  constructor(messages: Messages, label: string) {
    this.#messages = messages;
    this.element = h("ul", { class: "dimensions", part: "profile", "aria-label": label });
  }

  /**
   * Shows dimensions of a profile. Later ones, as many in the same order, move the dots that are there. `most` is the
   * largest number of rows, for those that are clearest.
   */
  show(dimensions: DimensionEstimate[], axisLimit: number, most = dimensions.length): void {
    if (this.#rows.length === 0) {
      this.#rows = dimensions.map((dimension) => new ChartRow(dimension));
      this.element.append(...this.#rows.map((row) => row.element));
    }
    const clearest = new Set(clearestFirst(dimensions).slice(0, most));
    for (const [place, dimension] of indexed(dimensions)) {
      const row = this.#rows[place];
      row?.show(dimension, axisLimit, this.#messages);
      if (row) row.element.hidden = !clearest.has(dimension);
    }
  }
}

function clearestFirst(dimensions: DimensionEstimate[]): DimensionEstimate[] {
  return [...dimensions].sort((one, other) => other.probabilityOfDirection - one.probabilityOfDirection);
}

class ChartRow {
  readonly element: HTMLElement;
  readonly #words = h("span", { class: "words" });
  readonly #sure = h("span", { class: "sure" });
  readonly #interval = svg("rect", { class: "interval" });
  readonly #dot = svg("circle", { class: "dot", cy: MIDDLE, r: 5 });

  constructor({ label, low, high }: DimensionEstimate) {
    this.element = h(
      "li",
      { class: "dimension", part: "dimension" },
      h("p", { class: "meaning" }, h("span", { class: "label" }, label), this.#words, this.#sure),
      h(
        "div",
        { class: "scale" },
        // The words say both, to those who hear them.
        h("span", { class: "low", "aria-hidden": "true" }, low),
        axis(this.#interval, this.#dot),
        h("span", { class: "high", "aria-hidden": "true" }, high),
      ),
    );
  }

  show(dimension: DimensionEstimate, axisLimit: number, messages: Messages): void {
    this.#words.textContent = messages.describe(dimension);
    this.element.dataset.certainty = dimension.standing === "open" ? "none" : dimension.confidence;
    this.#sure.textContent = messages.certainty(dimension);
    spanInterval(this.#interval, dimension, axisLimit);
    this.#dot.setAttribute("cx", percent(position(dimension.mean, dimension, axisLimit)));
  }
}

/** The position of a weight on the axis of its dimension, in percent from the low end to the high end. */
export function position(weight: number, { rmsDifference }: DimensionEstimate, axisLimit: number): number {
  if (axisLimit <= 0) return 50;
  return Math.min(Math.max(50 + (50 * weight * rmsDifference) / axisLimit, 0), 100);
}

/** The axis of a dimension with marks on it. Screen readers have the words beside it. */
export function axis(...marks: (SVGElement | undefined)[]): SVGElement {
  return svg(
    "svg",
    { class: "axis", "aria-hidden": "true" },
    svg("rect", { class: "axis-line", x: 0, y: MIDDLE - 1, width: "100%", height: 2 }),
    svg("rect", { class: "axis-middle", x: "50%", y: MIDDLE - 7, width: 1, height: 14 }),
    marks,
  );
}

/** Lets a bar cover the interval of a dimension. */
export function spanInterval(bar: SVGRectElement, dimension: DimensionEstimate, axisLimit: number): void {
  const [from, to] = dimension.interval.map((weight) => position(weight, dimension, axisLimit)) as [
    number,
    number,
  ];
  const box = { x: percent(from), width: percent(to - from), y: MIDDLE - 4, height: 8, rx: 4 };
  for (const [name, value] of Object.entries(box)) bar.setAttribute(name, String(value));
}

export function percent(share: number): string {
  return `${share.toFixed(1)}%`;
}
