// The bytes of the package beside those of other packages that put something to answer on a page.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { compressed } from "../xtask/compressed.mjs";
import { crateOf, folderOf, functionsOf, shortName, sizesBy } from "../xtask/wasm-functions.mjs";

/** Packages by name, with what they are for. */
const OTHERS = {
  altcha: "a captcha",
  "emoji-picker-element": "an emoji picker, without its emoji",
  "deep-chat": "a chat",
  jspsych: "experiments, without plugins",
  "survey-core": "surveys, without what draws them",
};

/** Functions to list. */
const LARGEST = 15;

/** The quiz's part of the package, as `cargo xtask size` weighs it. */
function own(root) {
  const { stdout } = spawnSync("node", ["xtask/size.mjs"], { cwd: root, encoding: "utf8" });
  const [, raw, brotli] = stdout.match(/^the package +(\d+) +(\d+)$/m);
  return {
    name: "leaning",
    what: "the quiz, with its wasm module",
    raw: Number(raw),
    brotli: Number(brotli),
  };
}

/** The bytes of the module's functions before they are compressed, by crate, by folder of the library, and the largest. */
export function functions(root) {
  const all = functionsOf(readFileSync(join(root, "target", "web", "leaning", "named.wasm")));
  return {
    total: all.reduce((sum, { size }) => sum + size, 0),
    crates: sizesBy(all, crateOf),
    folders: sizesBy(
      all.filter(({ name }) => crateOf(name) === "leaning"),
      folderOf,
    ),
    largest: all
      .sort((one, other) => other.size - one.size)
      .slice(0, LARGEST)
      .map(({ name, size }) => [shortName(name), size]),
  };
}

/** Ours and theirs, the smallest first. Without npm's packages it is ours alone. */
export async function sizes(root) {
  const folder = mkdtempSync(join(tmpdir(), "leaning-bench-"));
  try {
    writeFileSync(join(folder, "package.json"), '{ "private": true }');
    const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...Object.keys(OTHERS)];
    const { status } = spawnSync("npm", install, { cwd: folder, stdio: "ignore", timeout: 120_000 });
    if (status !== 0) return [own(root)];
    const others = Object.entries(OTHERS).map(async ([name, what]) => {
      const { version } = JSON.parse(
        readFileSync(join(folder, "node_modules", name, "package.json"), "utf8"),
      );
      const { outputFiles } = await build({
        stdin: { contents: `export * from "${name}";`, resolveDir: folder },
        bundle: true,
        minify: true,
        format: "esm",
        write: false,
        logLevel: "error",
        loader: { ".css": "text" },
      });
      const bytes = outputFiles[0].contents;
      return { name, version, what, raw: bytes.length, brotli: compressed(bytes) };
    });
    return [own(root), ...(await Promise.all(others))].sort((one, other) => one.brotli - other.brotli);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
