// Fits style-basis.json, the map from the style that is measured in a text to the demo deck's scores. With it a page can
// score answers that nobody has rated. Run after `cargo xtask package`; no dependencies:
//
//   node www/decks/basis.mjs            writes style-basis.json beside this file
//   node www/decks/basis.mjs --check    writes nothing; prints, by dimension, how the predicted scores correlate with those
//                                       of held-out.json and chat.json, whose texts the fit has not seen
//
// It is a ridge regression of the deck's scores on the standardised features. Jokes cannot be counted: a dimension that is
// predicted worse than LEAST_CORRELATION gets a row of zeros, so it counts neither for nor against an answer.

import { readFileSync, writeFileSync } from "node:fs";
import { init, STYLE, scoreStyle } from "../../pkg/style.js";

const DECK = "assistant-style-en.json";
const UNSEEN = ["held-out.json", "chat.json"];
const BASIS = new URL("style-basis.json", import.meta.url);
/** The penalty on squared coefficients of standardised features. */
const RIDGE = 5;
export const LEAST_CORRELATION = 0.6;

const read = (file) => JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8"));
const candidatesOf = (file) => read(file).prompts.flatMap(({ candidates }) => candidates);
const average = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const round = (value) => Number(value.toPrecision(5));

export function correlation(one, other) {
  const [a, b] = [average(one), average(other)];
  const product = (x, y, mx, my) => x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0);
  return product(one, other, a, b) / Math.sqrt(product(one, one, a, a) * product(other, other, b, b));
}

/** How the scores by a basis correlate with those of unseen texts, by dimension. */
export function correlations(basis) {
  const unseen = UNSEEN.flatMap(candidatesOf);
  const predicted = scoreStyle(
    unseen.map(({ text }) => text),
    basis,
  );
  return basis.head.map((_, j) =>
    correlation(
      predicted.map((scores) => scores[j]),
      unseen.map(({ scores }) => scores[j]),
    ),
  );
}

/** Solves a symmetric positive definite system by elimination. */
function solve(matrix, right) {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < rows.length; j++) {
      if (j === i) continue;
      const factor = rows[j][i] / rows[i][i];
      for (let k = i; k <= rows.length; k++) rows[j][k] -= factor * rows[i][k];
    }
  }
  return rows.map((row, i) => row[rows.length] / row[i]);
}

function fit() {
  const candidates = candidatesOf(DECK);
  const measured = scoreStyle(candidates.map(({ text }) => text));
  const columns = STYLE.map((_, k) => measured.map((row) => row[k]));
  const mean = columns.map((column) => round(average(column)));
  const scale = columns.map((column, k) => round(Math.sqrt(average(column.map((x) => (x - mean[k]) ** 2))) || 1));
  const rows = measured.map((row) => row.map((x, k) => (x - mean[k]) / scale[k]));
  const gram = STYLE.map((_, a) =>
    STYLE.map((_, b) => rows.reduce((sum, row) => sum + row[a] * row[b], a === b ? RIDGE : 0)),
  );
  const head = read(DECK).dimensions.map((_, j) => {
    const right = STYLE.map((_, a) => rows.reduce((sum, row, i) => sum + row[a] * candidates[i].scores[j], 0));
    return solve(gram, right).map(round);
  });
  const basis = { features: STYLE.map(({ name }) => name), mean, scale, head };
  const found = correlations(basis);
  basis.head = head.map((row, j) => (found[j] < LEAST_CORRELATION ? row.map(() => 0) : row));
  return basis;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  await init();
  const basis = process.argv.includes("--check") ? read("style-basis.json").basis : fit();
  const { dimensions } = read(DECK);
  const found = correlations(basis);
  for (const [j, { id }] of dimensions.entries())
    console.log(id, basis.head[j].some(Boolean) ? found[j].toFixed(2) : "not predicted");
  if (!process.argv.includes("--check"))
    writeFileSync(BASIS, `${JSON.stringify({ deck: read(DECK).id, basis }, null, 1)}\n`.replaceAll(/\n\s{3,}/g, " "));
}
