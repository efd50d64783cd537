// Checks the types of the examples, each with its framework's own checker, and builds them into target/examples.
// `npm ci` here and `cargo xtask package` come before.

import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { linkPackage } from "./tools.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Runs a program of node_modules and returns its output. Ends the process if the program fails and may not. */
function run(program, given, mayFail = false) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [at(`node_modules/${program}`), ...given], {
    cwd: at("."),
    encoding: "utf8",
  });
  if (status !== 0 && !mayFail) {
    console.error(`${program} ${given.join(" ")}\n${stdout}${stderr}`);
    process.exit(1);
  }
  return { status, printed: stdout + stderr };
}

/** Runs a checker on a page with mistakes, which it has to report. */
function refuse(program, given, expected) {
  const { status, printed } = run(program, given, true);
  if (status !== 0 && expected.every((words) => printed.includes(words))) return;
  console.error(`${program} ${given.join(" ")} should have said ${expected.join(", ")}\n${printed}`);
  process.exit(1);
}

linkPackage(at("."));

const FIVE_CANDIDATES = "Type '5' is not assignable to type";
run("typescript/bin/tsc", ["-p", "tsconfig.json"]);
run("vue-tsc/bin/vue-tsc.js", ["--noEmit", "-p", "vue/tsconfig.json"]);
refuse("vue-tsc/bin/vue-tsc.js", ["--noEmit", "-p", "wrong/vue/tsconfig.json"], [FIVE_CANDIDATES]);
run("svelte-check/bin/svelte-check", ["--tsconfig", "svelte/tsconfig.json", "--fail-on-warnings"]);
refuse(
  "svelte-check/bin/svelte-check",
  ["--tsconfig", "wrong/svelte/tsconfig.json"],
  [FIVE_CANDIDATES, "Property 'chose' does not exist"],
);
run("@angular/compiler-cli/bundles/src/bin/ngc.js", ["-p", "angular/tsconfig.json"]);
refuse(
  "@angular/compiler-cli/bundles/src/bin/ngc.js",
  ["-p", "wrong/angular/tsconfig.json"],
  [FIVE_CANDIDATES, "Property 'chose' does not exist"],
);
run("vite/bin/vite.js", ["build", "--logLevel", "warn"]);
// Nothing has to be built for the extension. The package is a folder in it.
cpSync(at("extension"), at("../target/examples/extension"), { recursive: true });
cpSync(at("../pkg"), at("../target/examples/extension/leaning"), { recursive: true });
console.log("The examples are in target/examples.");
