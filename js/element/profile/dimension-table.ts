// The profile in numbers, for people who would rather read or hear a table.

import type { DimensionEstimate, Profile } from "../../types.js";
import { h } from "../dom.js";
import type { MessageKey, Messages } from "../messages.js";

/**
 * Estimates and intervals are of weight × RMS difference, which can be compared across dimensions. The roles are those
 * that the nodes have anyway, and that some browsers forget where a narrow element lays the rows out as blocks.
 */
export function dimensionTable({ dimensions }: Profile, messages: Messages): HTMLTableElement {
  const format = new Intl.NumberFormat(messages.language, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    signDisplay: "exceptZero",
  });
  const heads: MessageKey[] = ["trait", "meaning", "certainty", "estimate", "interval"];
  const names = heads.map((key) => messages.text(key));
  const row = (dimension: DimensionEstimate) => {
    const { label, mean, interval, rmsDifference, confidence, probabilityOfDirection } = dimension;
    const number = (weight: number) => format.format(weight * rmsDifference);
    const cells = [
      messages.describe(dimension),
      confidence === "low" ? "" : messages.percent(probabilityOfDirection),
      number(mean),
      // In a narrow column the second number stands below the first.
      interval.map(number).join("\u00a0… "),
    ];
    const head = h("th", { scope: "row", role: "rowheader" }, label);
    return h(
      "tr",
      { role: "row" },
      head,
      cells.map((cell, place) => h("td", { role: "cell", "data-head": names[place + 1] }, cell)),
    );
  };
  const headCells = names.map((name) => h("th", { scope: "col", role: "columnheader" }, name));
  return h(
    "table",
    { class: "numbers", role: "table" },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, headCells)),
    h("tbody", { role: "rowgroup" }, dimensions.map(row)),
  );
}
