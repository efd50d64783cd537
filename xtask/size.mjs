// Prints the bytes that a visitor of the quiz downloads, and fails if they are more than the budget. Run by
// `cargo xtask size`, after `cargo xtask package`.

import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { compressed } from "./compressed.mjs";
import { modulesOf } from "./modules.mjs";
import { crateOf, functionsOf, shortName, sizesBy } from "./wasm-functions.mjs";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
/**
 * The most bytes that everything but the deck may have, compressed. The length of a deck is its publisher's
 * business. Five sixths of it are the wasm module, and of that a third is code of serde, nalgebra and std that
 * the compiler makes for each type.
 */
const BUDGET = 232_000;
/** The page with the quiz, and the files that it fetches by itself. */
const PAGE = "www/index.html";
const DECK = "www/decks/assistant-style-en.json";
const MODULE = "pkg/leaning.wasm";
/** Entries that the page may do without: the module is inside them. */
const INLINED = ["pkg/index.js", "pkg/element.js", "pkg/style.js"];
/** The page loads it beside the module, for the lists of its deck. */
const RENDERER = "pkg/markdown.js";
/** The module with the names of its functions. */
const NAMED_MODULE = "target/web/leaning/named.wasm";
/** Crates and functions to print. */
const [CRATES, FUNCTIONS] = [8, 12];
const STYLE_MODULE = "target/web/leaning-style/wasm_bg.wasm";

const tags = (await filesOfPage()).filter((file) => file !== DECK);
const scripts = await modulesFrom(tags.filter((file) => file.endsWith(".js")));
const fetched = scripts.includes("pkg/element.js") ? [] : [MODULE];
const files = [PAGE, ...new Set([...tags, ...scripts, ...fetched])].map(weigh);
const whole = sum("all but the deck", files);

console.log(`${"file".padEnd(44)}${"raw".padStart(9)}${"brotli".padStart(9)}`);
for (const file of files) printRow(file);
printRow(
  sum(
    "the package",
    files.filter(({ name }) => name.startsWith("pkg/")),
  ),
);
printRow(whole);
printRow(weigh(DECK));
for (const entry of INLINED) {
  const modules = await modulesFrom([entry]);
  printRow(sum(`beside: ${entry} and its chunks`, modules.map(weigh)));
}
const renderer = (await modulesFrom([RENDERER])).filter((file) => !scripts.includes(file));
printRow(sum(`beside: ${RENDERER}, for the lists of the deck`, renderer.map(weigh)));
printRow({ ...weigh(STYLE_MODULE), name: "the wasm inside pkg/style.js" });

const functions = functionsOf(readFileSync(ROOT + NAMED_MODULE));
console.log(`\n${"the module's functions, by crate".padEnd(44)}${"raw".padStart(9)}`);
for (const [name, size] of sizesBy(functions, crateOf).slice(0, CRATES)) printSize(name, size);
console.log("\nthe largest of them");
const largest = functions.sort((one, other) => other.size - one.size).slice(0, FUNCTIONS);
for (const { name, size } of largest) console.log(`${String(size).padStart(9)} ${shortName(name)}`);
console.log();

const left = BUDGET - whole.brotli;
if (left >= 0) console.log(`${left} bytes are left of ${BUDGET}.`);
else {
  console.error(
    `The quiz downloads ${whole.brotli} bytes beside its deck, which is more than the budget of ${BUDGET}.`,
  );
  process.exitCode = 1;
}

/** The scripts, style sheets and pictures that the tags of the page load. */
async function filesOfPage() {
  const page = readFileSync(ROOT + PAGE, "utf8");
  const sources = page.matchAll(/<(?:script|img)\b[^>]*?\ssrc="([^":]+)"|<link\b[^>]*?\shref="([^":]+)"/g);
  const paths = Array.from(sources, ([, source, reference]) => source ?? reference);
  // On the site, pkg/ lies inside www/.
  return paths.map((path) => (path.startsWith("pkg/") ? path : posix.join(posix.dirname(PAGE), path)));
}

/** These scripts and all modules that they import statically. A dynamic import loads later. */
async function modulesFrom(entryPoints) {
  // On the site, pkg/ lies inside www/.
  const site = {
    name: "site",
    setup({ onResolve }) {
      onResolve({ filter: /^\.\/pkg\// }, ({ path }) => ({ path: ROOT + posix.normalize(path) }));
    },
  };
  const modules = await modulesOf(entryPoints, ROOT, [site]);
  const found = new Set(entryPoints);
  // A set also visits the items that are added on the way.
  for (const file of found) {
    for (const { kind, path } of modules[file].imports) if (kind === "import-statement") found.add(path);
  }
  return [...found];
}

function weigh(name) {
  const bytes = readFileSync(ROOT + name);
  return { name, raw: bytes.length, brotli: compressed(bytes) };
}

function printSize(name, size) {
  console.log(`${name.slice(0, 43).padEnd(44)}${String(size).padStart(9)}`);
}

function sum(name, files) {
  const total = (key) => files.reduce((bytes, file) => bytes + file[key], 0);
  return { name, raw: total("raw"), brotli: total("brotli") };
}

function printRow({ name, raw, brotli }) {
  console.log(`${name.padEnd(44)}${String(raw).padStart(9)}${String(brotli).padStart(9)}`);
}
