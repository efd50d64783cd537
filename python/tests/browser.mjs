// Prints what the package for browsers infers from a deck and a log, for the tests in Python.

import { readFileSync } from "node:fs";

const url = (relative) => new URL(relative, import.meta.url);
const { init, Leaning } = await import(url("../../pkg/index.js"));
const { deck, log, candidates } = JSON.parse(readFileSync(process.argv[2], "utf8"));

await init();
const interview = await Leaning.open({ deck, storage: "memory" });
await interview.importLog(log);
const { mean, covariance } = interview.laplaceApproximation();
const ranked = interview.rank(candidates);
const result = {
  mean: Array.from(mean),
  covariance: Array.from(covariance, (row) => Array.from(row)),
  intervals: interview.profile().dimensions.map(({ interval }) => interval),
  ranking: ranked.map(({ index, reward, sd, probabilityBest }) => [index, reward, sd, probabilityBest]),
};
console.log(JSON.stringify(result));
