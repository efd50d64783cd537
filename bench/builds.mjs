// Times several builds of the module in Node.js, and writes bench/builds.json, which docs/performance.md shows. Run by
// `cargo xtask bench --builds`, which compiles them: node bench/builds.mjs FOLDER (NAME MODULE)…
// The first one is what the others are compared with.

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { compressed } from "../xtask/compressed.mjs";
import { deckOfPairs, logText, makeDeck, makePerson } from "./page/decks.js";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const [folder, ...builds] = process.argv.slice(2);
/** For copies of the package. */
const FOLDER = resolve(folder);
const ROUNDS = 15;

const read = (name) => readFileSync(join(ROOT, name), "utf8");
const DEMO = JSON.parse(read("www/decks/assistant-style-en.json"));
const LARGE = JSON.stringify(deckOfPairs(100_000, 8));
const TEXT = JSON.stringify(makeDeck(10_000, 2, 6));
const LOG = logText(DEMO, 1000);
const OPTIONS = { storage: "memory", seed: 1, stop: { questions: 1_000_000 } };
const drafts = DEMO.prompts
  .flatMap(({ candidates }) => candidates.map(({ scores }) => ({ scores })))
  .slice(0, 16);

/** What is timed, with what comes before it and is not. */
const ACTS = {
  next: {
    prepare: async ({ large }) => {
      const { storage: _, ...options } = OPTIONS;
      await large.configure(options);
      large.laplaceApproximation();
    },
    act: ({ large }) => large.next(),
  },
  rank: {
    prepare: ({ demo }) => demo.observe(drafts.slice(0, 2), { chose: 0 }),
    act: ({ demo }) => demo.rank(drafts),
  },
  deck: { act: async ({ Leaning }) => (await Leaning.open({ deck: TEXT, ...OPTIONS })).free() },
  log: {
    act: async ({ Leaning }) => {
      const leaning = await Leaning.open({ deck: DEMO, ...OPTIONS });
      await leaning.importLog(LOG);
      leaning.laplaceApproximation();
      leaning.free();
    },
  },
};

/** A copy of the package with this module: one copy has one module. */
async function loaded(bytes, place) {
  const copy = join(FOLDER, `pkg-${place}`);
  rmSync(copy, { recursive: true, force: true });
  cpSync(join(ROOT, "pkg"), copy, { recursive: true });
  writeFileSync(join(copy, "package.json"), '{ "type": "module" }');
  const { init, Leaning } = await import(join(copy, "slim.js"));
  await init(bytes);
  const open = (deck) => Leaning.open({ deck, ...OPTIONS });
  const build = { Leaning, large: await open(LARGE), demo: await open(DEMO) };
  const person = makePerson(8);
  for (let place = 0; place < 50; place++) await build.large.answer(person(build.large.next()));
  return build;
}

const rows = [];
const modules = [];
mkdirSync(FOLDER, { recursive: true });
for (let place = 0; place < builds.length / 2; place++) {
  const [name, module] = builds.slice(2 * place);
  const bytes = readFileSync(module);
  modules.push(await loaded(bytes, place));
  rows.push({ name, raw: bytes.length, brotli: compressed(bytes) });
}
const times = modules.map(() => Object.fromEntries(Object.keys(ACTS).map((name) => [name, []])));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, { prepare, act }] of Object.entries(ACTS)) {
    for (const [place, module] of modules.entries()) {
      await prepare?.(module);
      const start = performance.now();
      await act(module);
      times[place][name].push(performance.now() - start);
    }
  }
}
// A busy machine only ever makes times longer, so that the lower quartile says more than the median.
const quartile = (numbers) => numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 4)];
for (const [place, row] of rows.entries()) {
  for (const [name, all] of Object.entries(times[place])) row[name] = quartile(all);
}
writeFileSync(join(ROOT, "bench", "builds.json"), `${JSON.stringify(rows, null, 2)}\n`);
console.table(rows);
