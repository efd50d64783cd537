// Checks the types of the chats and builds them into target/examples/chats. `npm ci` here and `cargo xtask package` come
// before.

import { spawnSync } from "node:child_process";
import { rmSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Runs a program of node_modules, and ends the process if it fails. */
function run(program, ...given) {
  const { status } = spawnSync(process.execPath, [at(`node_modules/${program}`), ...given], {
    cwd: at("."),
    stdio: "inherit",
  });
  if (status !== 0) process.exit(1);
}

// The package as it was just built, where an installed one would be.
rmSync(at("node_modules/leaning"), { recursive: true, force: true });
symlinkSync(at("../../pkg"), at("node_modules/leaning"), "junction");

run("typescript/bin/tsc", "-p", "tsconfig.json");
run("vite/bin/vite.js", "build", "--logLevel", "warn");
// The server's side of the example of the AI SDK.
run(
  "vite/bin/vite.js",
  "build",
  "--logLevel",
  "warn",
  "--ssr",
  "ai-sdk/route.ts",
  "--outDir",
  "../../target/examples/chats/server",
);
console.log("The chats are in target/examples/chats.");
