// Measures the built package in browsers, reads what criterion measured natively, and writes docs/performance.md. Run
// by `cargo xtask bench`.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BROWSERS, published, serve } from "../tests/e2e/harness.mjs";
import { coldStart } from "./cold-start.mjs";
import { limitsModule, STREAMED, SUMS } from "./limits.mjs";
import { peers } from "./peers.mjs";
import { writePage } from "./report.mjs";
import { functions, sizes } from "./sizes.mjs";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const [target, ...flags] = process.argv.slice(2);
const IS_QUICK = flags.includes("--quick");
const ROUNDS = IS_QUICK ? 1 : 5;
/** For what takes seconds. */
const FEW_ROUNDS = IS_QUICK ? 1 : 3;

/** A page that is isolated from others has a finer clock. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};
const PAGE =
  '<!doctype html><html lang="en"><title>Measured</title><script type="module" src="/bench/measure.js"></script>';

/** Pairs, dimensions, and answers that were given before. */
const SIZES = [5, 50].flatMap((answers) => [
  [1_000, 8, answers],
  [10_000, 8, answers],
  [100_000, 8, answers],
  ...(IS_QUICK
    ? []
    : [
        [100_000, 16, answers],
        [100_000, 32, answers],
        [1_000_000, 8, answers],
      ]),
]);
const LOGS = IS_QUICK ? [0, 100, 1_000] : [0, 100, 1_000, 10_000];
/** Megabytes of decks with long texts. */
const TEXTS = [5, 50];
/** Questions to one person, and quizzes put into a page. Memory is read after a tenth of them and after all. */
const QUESTIONS = IS_QUICK ? 1_000 : 10_000;
const MOUNTS = IS_QUICK ? 100 : 1_000;
const DECKS = IS_QUICK ? [1_000, 10_000] : [1_000, 10_000, 100_000];

/** The files of bench/page and the module of the limits, as `extra` pages. */
function pages() {
  const folder = join(ROOT, "bench", "page");
  const scripts = readdirSync(folder).map((name) => [
    `/bench/${name}`,
    { text: readFileSync(join(folder, name), "utf8"), headers: ISOLATED },
  ]);
  return {
    ...published,
    ...Object.fromEntries(scripts),
    "/measure.html": { text: PAGE, headers: ISOLATED },
    "/bench/limits.wasm": { text: limitsModule() },
  };
}

/** What failed at first. The page tells. */
const failures = [];

/** Everything that is measured in one browser. */
async function measureIn(browser) {
  const server = await serve(pages(), browser);
  const driver = await BROWSERS[browser]({ tellsHeap: true });
  await driver.manage().setTimeouts({ script: 600_000, pageLoad: 60_000 });
  const once = async (name, options) => {
    await driver.get(`${server.url}/measure.html`);
    const text = await driver.executeAsyncScript(
      `const [name, options, done] = arguments;
      const fail = (error) => done(JSON.stringify({ error: String(error) }));
      const look = () => {
        if (window.measure) window.measure(name, options).then(JSON.stringify).then(done, fail);
        else setTimeout(look, 20);
      };
      look();`,
      name,
      options,
    );
    console.log(`${browser}: ${name} ${JSON.stringify(options)} ${text}`);
    return JSON.parse(text);
  };
  const measure = async (name, options = {}) => {
    const result = await once(name, options);
    if (!result.error) return result;
    failures.push({ browser, name, options, error: result.error });
    return once(name, options);
  };
  const over = async (name, all) => {
    const results = [];
    for (const options of all) results.push({ ...options, ...(await measure(name, options)) });
    return results;
  };
  try {
    const capabilities = await driver.getCapabilities();
    return {
      version: capabilities.getBrowserVersion(),
      clock: await measure("clock"),
      limits: await measure("limits", { sums: SUMS, streamed: STREAMED, rounds: ROUNDS }),
      question: await over(
        "question",
        SIZES.map(([pairs, dimensions, answers]) => ({ pairs, dimensions, answers, rounds: ROUNDS })),
      ),
      answering: await measure("answering", { answers: 40 }),
      ranking: await measure("ranking", { answers: IS_QUICK ? 10 : 20 }),
      logs: await over(
        "log",
        LOGS.map((answers) => ({ answers, rounds: FEW_ROUNDS })),
      ),
      decks: await over(
        "deck",
        DECKS.map((prompts) => ({ prompts, rounds: FEW_ROUNDS })),
      ),
      texts: await over(
        "texts",
        TEXTS.map((megabytes) => ({ megabytes })),
      ),
      // The module is the same in all browsers.
      ...(browser === "chromium" && {
        asking: { questions: QUESTIONS, ...(await measure("asking", { questions: QUESTIONS })) },
        mounting: { mounts: MOUNTS, ...(await measure("mounting", { mounts: MOUNTS })) },
      }),
    };
  } finally {
    await driver.quit();
    await server.close();
  }
}

/** Medians of criterion in milliseconds, by the names of group, function and parameter. */
function nativeTimes(folder) {
  const times = {};
  const visit = (at, names) => {
    const file = join(at, "new", "estimates.json");
    if (existsSync(file)) {
      times[names.join("/")] = JSON.parse(readFileSync(file, "utf8")).median.point_estimate / 1e6;
      return;
    }
    for (const entry of readdirSync(at, { withFileTypes: true }))
      if (entry.isDirectory()) visit(join(at, entry.name), [...names, entry.name]);
  };
  if (existsSync(folder)) visit(folder, []);
  return times;
}

const results = {
  isQuick: IS_QUICK,
  cores: cpus().length,
  system: `${process.platform} on ${process.arch}`,
  native: nativeTimes(join(target, "criterion")),
  failures,
  browsers: {},
};
for (const browser of Object.keys(BROWSERS)) results.browsers[browser] = await measureIn(browser);
if (BROWSERS.chromium) results.coldStart = await coldStart(ROOT, BROWSERS.chromium, IS_QUICK ? 3 : 10);
results.sizes = await sizes(ROOT);
results.functions = functions(ROOT);
results.peers = peers(ROOT);

mkdirSync(join(target, "bench"), { recursive: true });
writeFileSync(join(target, "bench", "results.json"), JSON.stringify(results, null, 2));
writePage(ROOT, results);
console.log("docs/performance.md is written.");
