// The picture in numbers, for who would rather read or hear a table.

import { h, part } from "./dom.js";

/** Estimates and intervals are of weight × spread, which can be compared across dimensions. */
export function dimensionTable({ dimensions }, messages) {
  const format = { maximumFractionDigits: 2, signDisplay: "exceptZero" };
  const number = new Intl.NumberFormat(messages.language, format);
  const heads = ["trait", "meaning", "certainty", "estimate", "interval"];
  const row = (leaned) => {
    const { spread, interval, degree, sure } = leaned;
    const [low, high] = interval.map((weight) => number.format(weight * spread));
    const cells = [
      messages.leaning(leaned),
      degree === "unclear" ? "" : messages.percent(sure),
      number.format(leaned.mean * spread),
      `${low} … ${high}`,
    ];
    return h("tr", {}, h("th", { scope: "row" }, leaned.label), cells.map((cell) => h("td", {}, cell)));
  };
  return part(
    "table",
    "numbers",
    {},
    h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, messages.words(head))))),
    h("tbody", {}, dimensions.map(row)),
  );
}
