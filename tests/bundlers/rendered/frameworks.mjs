// Builds and serves the page of each framework that renders on a server.

import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const QUIET = { NEXT_TELEMETRY_DISABLED: "1", ASTRO_TELEMETRY_DISABLED: "1", NUXT_TELEMETRY_DISABLED: "1" };

/** For each framework the commands that build and serve, and its folder of files that are served as they are. */
const FRAMEWORKS = {
  next: {
    build: ["../node_modules/next/dist/bin/next", "build"],
    serve: ["../node_modules/next/dist/bin/next", "start", "--hostname=127.0.0.1"],
    files: "public",
  },
  astro: {
    build: ["../node_modules/astro/astro.js", "build"],
    serve: ["dist/server/entry.mjs"],
    files: "public",
  },
  sveltekit: {
    build: ["../node_modules/vite/bin/vite.js", "build", "--logLevel=error"],
    serve: ["build/index.js"],
    files: "static",
  },
  nuxt: {
    build: ["../node_modules/nuxt/bin/nuxt.mjs", "build"],
    serve: [".output/server/index.mjs"],
    files: "public",
  },
};

export const NAMES = Object.keys(FRAMEWORKS);

/** Builds the page, with a deck beside it. Returns what the framework complained of; undefined if nothing. */
export function build(name, deck) {
  const { build, files } = FRAMEWORKS[name];
  cpSync(deck, at(`${name}/${files}/deck.json`));
  const env = { ...process.env, ...QUIET };
  const { status, stdout, stderr, error } = spawnSync(process.execPath, build, {
    cwd: at(name),
    env,
    encoding: "utf8",
  });
  return status === 0 ? undefined : `${name}: ${error ?? ""}${stdout}${stderr}`;
}

/** Serves the page that was built at a port of this machine, and resolves to its URL and a function that ends the server. */
export async function serve(name, port) {
  const url = `http://127.0.0.1:${port}`;
  const host = "127.0.0.1";
  const env = { ...process.env, ...QUIET, PORT: port, HOST: host, NITRO_HOST: host, ORIGIN: url };
  const server = spawn(process.execPath, FRAMEWORKS[name].serve, { cwd: at(name), env, stdio: "ignore" });
  for (let tries = 0; ; tries++) {
    try {
      await fetch(url);
      break;
    } catch (error) {
      if (tries === 200 || server.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return { url, close: () => server.kill() };
}

/** Whether the frameworks are installed. */
export const isInstalled = () => existsSync(at("node_modules"));
