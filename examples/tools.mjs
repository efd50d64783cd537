// Shared by the builds of this folder and of those in it.

import { spawnSync } from "node:child_process";
import { rmSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("../pkg", import.meta.url));

/** Puts the package, as it was just built, where an installed one would be in `folder`. */
export function linkPackage(folder) {
  const installed = `${folder}/node_modules/leaning`;
  rmSync(installed, { recursive: true, force: true });
  symlinkSync(PACKAGE, installed, "junction");
}

/** Runs a program of `folder`/node_modules there, and ends the process if it fails. */
export function run(folder, program, ...given) {
  const { status } = spawnSync(process.execPath, [`${folder}/node_modules/${program}`, ...given], {
    cwd: folder,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(1);
}
