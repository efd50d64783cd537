// Builds the module in several ways, times them in Node.js, and writes bench/builds.json, which docs/performance.md shows.
// Run by `cargo xtask bench --builds`.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { compressed } from "../xtask/compressed.mjs";
import { deckOfPairs, logText, makeDeck, makePerson } from "./page/decks.js";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const [target] = process.argv.slice(2);
const FOLDER = resolve(target, "builds");
const ROUNDS = 15;

const SIMD = "-Ctarget-feature=+simd128";
const OF_LEANING = "profile.web.package.leaning.opt-level=3";
/** Each with flags of the compiler, a setting of cargo, and the level of wasm-opt. The first is what the others are compared with. */
const BUILDS = [
  { name: "`opt-level` s: as published" },
  { name: "s, SIMD", flags: SIMD },
  { name: "s, `wasm-opt -Os`", level: "-Os" },
  { name: "3 for the library, s for the rest", setting: OF_LEANING },
];
const FEATURES = ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals"];
const MORE_FEATURES = ["reference-types", "multivalue", "simd"];

function run(program, given, env = {}) {
  const { status } = spawnSync(program, given, {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`${program} failed`);
}

/** The module's bytes, built and optimised as `cargo xtask package` does but for what the build changes. */
function build({ flags = "", setting, level = "-O3" }) {
  const cargo = ["rustc", "--package", "leaning", "--lib", "--profile", "web", "--crate-type", "cdylib"];
  const into = ["--target", "wasm32-unknown-unknown", "--target-dir", FOLDER];
  run(process.env.CARGO ?? "cargo", [...cargo, ...into, ...(setting ? ["--config", setting] : [])], {
    CARGO_ENCODED_RUSTFLAGS: flags,
  });
  const compiled = join(FOLDER, "wasm32-unknown-unknown", "web", "leaning.wasm");
  const bindgen = ["--target", "web", "--omit-default-module-path", "--experimental-reset-state-function"];
  run("wasm-bindgen", [...bindgen, "--out-name", "wasm", "--out-dir", FOLDER, compiled]);
  const features = [...FEATURES, ...MORE_FEATURES].map((name) => `--enable-${name}`);
  const strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];
  const [from, to] = ["wasm_bg.wasm", "optimised.wasm"].map((name) => join(FOLDER, name));
  const inlining = ["--one-caller-inline-max-function-size", "1"];
  run("wasm-opt", [level, "--converge", ...strip, ...inlining, ...features, from, "-o", to]);
  return readFileSync(to);
}

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
for (const [place, { name, ...how }] of BUILDS.entries()) {
  // Of an earlier run that was stopped.
  const kept = join(FOLDER, `module-${place}.wasm`);
  const bytes = existsSync(kept) ? readFileSync(kept) : build(how);
  writeFileSync(kept, bytes);
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
