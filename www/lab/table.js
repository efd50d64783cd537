// The curves as a table: a row for each number of answers, a column for each strategy.

import { element } from "../page.js";

/** Writes the figures of curves into a table that has a head and a body, or `advice` in their place. */
export function fillTable(table, curves, advice) {
  const heads = ["Answers", ...curves.map(({ name }) => name)];
  const after = curves[0]?.points.map(({ answers }) => answers) ?? [];
  table.tHead.replaceChildren(
    element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head))),
  );
  if (advice) {
    const cell = element("td", { colSpan: heads.length, className: "advice" }, advice);
    table.tBodies[0].replaceChildren(element("tr", {}, cell));
    return;
  }
  table.tBodies[0].replaceChildren(
    ...after.map((answers, place) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, String(answers)),
        ...curves.map(({ points }) => element("td", {}, element("bdi", {}, figure(points[place])))),
      ),
    ),
  );
}

function figure({ mean, high }) {
  return mean === undefined ? "–" : `${mean.toFixed(3)} ± ${(high - mean).toFixed(3)}`;
}
