// js/core.ts with a stand-in for the wasm module, for tests that open decks.

import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { prepare } from "./fake-module.mjs";

export { calls, prepare } from "./fake-module.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
let core;

/** Bundles and loads js/core.ts. */
export async function ready() {
  const outdir = path(`../../target/unit/${process.pid}`);
  await build({
    entryPoints: [path("../../js/core.ts")],
    outdir,
    bundle: true,
    splitting: true,
    outExtension: { ".js": ".mjs" },
    format: "esm",
    target: "es2022",
    // External, so that the tests and the bundle share the stand-in.
    plugins: [
      {
        name: "fake",
        setup({ onResolve }) {
          const fake = { path: new URL("fake-module.mjs", import.meta.url).href, external: true };
          onResolve({ filter: /^leaning-wasm$/ }, () => fake);
        },
      },
    ],
  });
  core = await import(pathToFileURL(`${outdir}/core.mjs`));
  await core.init(new Uint8Array());
}

/** An interview in memory about a deck. */
export async function open(deck, options = {}) {
  prepare();
  return core.Leaning.open({ deck, storage: "memory", ...options });
}
