// The profile in numbers, for people who would rather read or hear a table.

import type { DimensionEstimate, Profile } from "../../types.js";
import { h } from "../dom.js";
import type { MessageKey, Messages } from "../messages.js";

/** Estimates and intervals are of weight × RMS difference, which can be compared across dimensions. */
export function dimensionTable({ dimensions }: Profile, messages: Messages): HTMLTableElement {
  const format = new Intl.NumberFormat(messages.language, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    signDisplay: "exceptZero",
  });
  const heads: MessageKey[] = ["trait", "meaning", "certainty", "estimate", "interval"];
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
    const head = h("th", { scope: "row" }, label);
    return h(
      "tr",
      {},
      head,
      cells.map((cell) => h("td", {}, cell)),
    );
  };
  const headCells = heads.map((key) => h("th", { scope: "col" }, messages.text(key)));
  return h(
    "table",
    { class: "numbers" },
    h("thead", {}, h("tr", {}, headCells)),
    h("tbody", {}, dimensions.map(row)),
  );
}
