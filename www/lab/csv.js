// The results as a table for other programs, with the settings in every row.

import { MEASURES } from "./measures.js";

const COLUMNS = [
  ...["deck", "people", "seed", "measured_on", "strategy", "measure", "answers"],
  ...["count", "mean", "standard_error", "low_95", "high_95"],
];

export function toCsv(results) {
  const { deck, people, seed, on } = results.settings;
  const rows = Object.keys(MEASURES).flatMap((measure) =>
    results
      .curves(measure)
      .flatMap(({ strategy, points }) =>
        points
          .filter(({ count }) => count)
          .map(({ answers, count, mean, error, low, high }) =>
            [deck, people, seed, on, strategy, measure, answers, count, mean, error, low, high].join(),
          ),
      ),
  );
  return `${[COLUMNS.join(), ...rows].join("\r\n")}\r\n`;
}
