// Bundles the package's modules: `node xtask/bundle.mjs FOLDER OUT`. In js/, `leaning-wasm` is the glue of the library,
// `leaning-wasm-binary` its wasm as base64, `leaning-style-wasm` and `leaning-style-wasm-binary` are the same of the style
// scores, and `leaning-css` is the folder of the elements' style sheets. FOLDER has them all.
//
// A page that shows a quiz fetches three files beside its entry, since each file costs a slow network a part of a round
// trip: those modules that other entries need as well, the library and the element. The rest is loaded when it is needed.

import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./rolldown.mjs";

const JS = fileURLToPath(new URL("../js/", import.meta.url));
const ENTRIES = ["index", "slim", "element", "element-slim", "frame", "markdown", "style"];
/** Entries that pages use without the library. */
const APART = ["frame", "markdown", "style"];

const [folder, out] = process.argv.slice(2).map((path) => resolve(path));

const options = {
  resolve: {
    alias: {
      "leaning-wasm-binary": join(folder, "leaning", "wasm_bg.wasm"),
      "leaning-wasm": join(folder, "leaning", "wasm.js"),
      "leaning-style-wasm-binary": join(folder, "leaning-style", "wasm_bg.wasm"),
      "leaning-style-wasm": join(folder, "leaning-style", "wasm.js"),
      "leaning-css": join(folder, "css"),
    },
  },
  moduleTypes: { ".css": "text", ".wasm": "base64" },
};

/** The static imports of each module, by its path. */
const graph = new Map();
let known;
/** The modules of the chunks, once all imports are known. */
const neededAtOnce = () => (known ??= chunks());
/** The module of an entry. */
const entry = (name) => join(JS, `${name}.ts`);
const bundled = await bundle(
  {
    ...options,
    input: Object.fromEntries(ENTRIES.map((name) => [name, entry(name)])),
    plugins: [{ name: "graph", moduleParsed: ({ id, importedIds }) => void graph.set(id, importedIds) }],
  },
  {
    dir: out,
    format: "esm",
    chunkFileNames: "[name]-[hash].js",
    codeSplitting: {
      groups: ["elements", "library", "shared"].map((name, priority) => ({
        name,
        priority,
        test: (id) => neededAtOnce()[name].has(id),
      })),
    },
  },
);
await bundle(
  { ...options, input: entry("frame-page") },
  { file: join(folder, "frame-page.js"), format: "iife" },
);

// For the licences of the packages whose files are in it.
writeFileSync(join(folder, "bundled.json"), JSON.stringify(bundled));

function chunks() {
  /** The module of an entry and all that it imports statically. */
  const closure = (name) => {
    const found = new Set([entry(name)]);
    for (const id of found) for (const imported of graph.get(id)) found.add(imported);
    return found;
  };
  const library = closure("slim");
  const elements = closure("element-slim");
  const apart = new Set(APART.flatMap((name) => [...closure(name)]));
  const shared = new Set([...apart].filter((id) => library.has(id) || elements.has(id)));
  return { shared, library, elements };
}
