// The picture of a profile: one row a dimension, the estimate as a dot, its interval as a bar.

import { h, svg } from "./dom.js";

/** The list of dimensions, each with its two ends, its picture, and what that means in words. */
export function picture(profile, messages, label) {
  return h(
    "ul",
    { class: "dimensions", part: "dimensions", "aria-label": label },
    ...profile.dimensions.map((leaned) => row(leaned, profile.reach, messages)),
  );
}

function row(leaned, reach, messages) {
  const span = (name, text) => h("span", { class: name, part: name }, text);
  return h(
    "li",
    { class: "dimension", part: "dimension" },
    h(
      "p",
      { class: "meaning", part: "meaning" },
      span("label", leaned.label),
      span("words", messages.leaning(leaned)),
      // A coin's chance beside "not clear yet" would only confuse.
      leaned.degree !== "unclear" && span("sure", messages.words("sure", { share: messages.percent(leaned.sure) })),
    ),
    h("div", { class: "scale", part: "scale" }, span("low", leaned.low), bar(leaned, reach, dot(leaned, reach)), span("high", leaned.high)),
  );
}

/** Where a weight of a dimension lies on its picture: from the low end (0) to the high end (100), in percent. */
export function place(weight, { spread }, reach) {
  return reach > 0 ? Math.min(Math.max(50 + (50 * weight * spread) / reach, 0), 100) : 50;
}

/** The picture of one dimension; `marks` are drawn above the interval. */
export function bar(leaned, reach, ...marks) {
  const [from, to] = leaned.interval.map((weight) => place(weight, leaned, reach));
  // The words beside it say the same.
  return svg(
    "svg",
    { class: "bar", "aria-hidden": "true" },
    svg("rect", { class: "axis", x: 0, y: 9, width: "100%", height: 2 }),
    svg("rect", { class: "middle", x: "50%", y: 3, width: 1, height: 14 }),
    svg("rect", { class: "interval", x: percent(from), y: 6, width: percent(to - from), height: 8, rx: 4 }),
    marks,
  );
}

function dot(leaned, reach) {
  return svg("circle", { class: "dot", cx: percent(place(leaned.mean, leaned, reach)), cy: 10, r: 5 });
}

export const percent = (share) => `${share.toFixed(1)}%`;
