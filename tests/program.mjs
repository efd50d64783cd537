// `leaning gateway` for tests, as a program of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const name = `leaning${process.platform === "win32" ? ".exe" : ""}`;
/** `cargo xtask test` builds it and says where. */
export const PROGRAM = process.env.LEANING_CLI || `${ROOT}target/debug/${name}`;

/** The reason to skip tests that need the program, or false if it is there. */
export const missing = existsSync(PROGRAM)
  ? false
  : "there is no program; `cargo build -p leaning-cli` builds it";

/** Options for the site's deck, by which the demo scores drafts. */
export const SITE = [
  ...["--deck", "www/decks/assistant-style-en.json"],
  ...["--basis", "www/decks/style-basis.json"],
];

/** Starts a gateway at a free port. Resolves to its `url` and a function that ends it. */
export async function startGateway(...options) {
  const program = spawn(PROGRAM, ["gateway", "--listen", "127.0.0.1:0", "--log", "off", ...options], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface(program.stdout), "line");
  return {
    url: JSON.parse(line).listening,
    end: async () => {
      program.kill();
      await once(program, "exit");
    },
  };
}
