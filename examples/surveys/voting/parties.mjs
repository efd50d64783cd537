// Prints the parties' mean positions by topic, as a table for `leaning rank`: `node voting/parties.mjs > parties.csv`.

import { readFileSync } from "node:fs";
import { runnerImport } from "vite";

const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
const { module } = await runnerImport("./voting/deck.ts", { configFile: false });
const topics = JSON.parse(read("topics.json"));
const { parties } = module.adviceFrom(read("theses.csv"), topics, {});
console.log(["id", ...Object.keys(topics)].join(","));
for (const { id, scores } of parties) console.log([id, ...scores].join(","));
