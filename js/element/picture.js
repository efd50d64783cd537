// The picture of a profile: one row a dimension, the estimate as a dot, its interval as a bar.

import { h, part, svg } from "./dom.js";

/** The list of dimensions, each with its two ends, its picture, and what that means in words. */
export class Picture {
  #messages;
  #rows = [];

  /** `label`: what it is called, for who cannot see it. */
  constructor(messages, label) {
    this.#messages = messages;
    this.element = part("ul", "dimensions", { "aria-label": label });
  }

  /** Shows a profile, or another one of the same dimensions in its place. */
  show({ dimensions, reach }) {
    if (!this.#rows.length) {
      this.#rows = dimensions.map(row);
      this.element.append(...this.#rows.map(({ element }) => element));
    }
    dimensions.forEach((leaned, place) => {
      const { words, sure, interval, dot } = this.#rows[place];
      words.textContent = this.#messages.leaning(leaned);
      sure.textContent = sureWords(leaned, this.#messages);
      spanInterval(interval, leaned, reach);
      dot.setAttribute("cx", percent(position(leaned.mean, leaned, reach)));
    });
  }
}

function row({ label, low, high }) {
  const span = (name, text) => part("span", name, {}, text);
  const [words, sure] = [span("words"), span("sure")];
  const interval = svg("rect", { class: "interval" });
  const dot = svg("circle", { class: "dot", cy: 10, r: 5 });
  const element = part(
    "li",
    "dimension",
    {},
    part("p", "meaning", {}, span("label", label), words, sure),
    part("div", "scale", {}, span("low", low), bar(interval, dot), span("high", high)),
  );
  return { element, words, sure, interval, dot };
}

/** How sure it is. A coin's chance beside "not clear yet" would only confuse. */
export function sureWords({ degree, sure }, messages) {
  return degree === "unclear" ? "" : messages.words("sure", { share: messages.percent(sure) });
}

/** Where a weight of a dimension lies on its picture: from the low end (0) to the high end (100), in percent. */
export function position(weight, { spread }, reach) {
  return reach > 0 ? Math.min(Math.max(50 + (50 * weight * spread) / reach, 0), 100) : 50;
}

/** The axis of one dimension, and what is drawn on it. The words beside it say the same. */
export function bar(...marks) {
  return svg(
    "svg",
    { class: "bar", "aria-hidden": "true" },
    svg("rect", { class: "axis", x: 0, y: 9, width: "100%", height: 2 }),
    svg("rect", { class: "middle", x: "50%", y: 3, width: 1, height: 14 }),
    marks,
  );
}

/** Has `rect` reach over the interval of a dimension. */
export function spanInterval(rect, leaned, reach) {
  const [from, to] = leaned.interval.map((weight) => position(weight, leaned, reach));
  for (const [name, value] of Object.entries({ x: percent(from), width: percent(to - from), y: 6, height: 8, rx: 4 })) {
    rect.setAttribute(name, value);
  }
}

export const percent = (share) => `${share.toFixed(1)}%`;
