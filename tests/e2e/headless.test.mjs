// The package without a page: in each program that is here an interview gives the same bits, and importing does nothing.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import * as leaning from "../../pkg/index.js";
import { interview } from "../headless.mjs";

const url = (relative) => new URL(relative, import.meta.url).href;
const DECK = JSON.parse(readFileSync(new URL("../../www/decks/weekend.json", import.meta.url), "utf8"));
const DENO = fileURLToPath(url("../bundlers/thorough/node_modules/deno/bin.cjs"));
const { exports } = JSON.parse(readFileSync(new URL("../../pkg/package.json", import.meta.url), "utf8"));
const ENTRIES = Object.values(exports).flatMap((entry) => entry.default ?? []);

/** A module that runs an interview and hands its results to `tell`. */
const asking = (tell) => `import * as leaning from "${url("../../pkg/index.js")}";
import { interview } from "${url("../headless.mjs")}";
${tell}(await interview(leaning, ${JSON.stringify(DECK)}));`;

test("an interview in a thread of Node.js gives the same bits", async () => {
  const tell = 'import { parentPort } from "node:worker_threads"; parentPort.postMessage';
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(asking(tell))}`));
  const result = await new Promise((resolve, reject) =>
    worker.once("message", resolve).once("error", reject),
  );
  assert.deepEqual(result, await interview(leaning, DECK));
});

test("an interview in Deno gives the same bits, and needs no permission", {
  skip: existsSync(DENO) ? false : "Deno is not installed",
}, async () => {
  const source = asking("globalThis.tell = (result) => console.log(JSON.stringify(result)); tell");
  const { status, stdout, stderr } = spawnSync(process.execPath, [DENO, "run", "--no-prompt", "-"], {
    input: source,
    encoding: "utf8",
    env: { ...process.env, DENO_NO_UPDATE_CHECK: "1" },
  });
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), await interview(leaning, DECK));
});

test("importing any entry fetches nothing, prints nothing, adds no global and leaves nothing running", () => {
  const source = `
    globalThis.fetch = () => { throw new Error("fetched"); };
    const before = Reflect.ownKeys(globalThis).length;
    const names = [];
    for (const entry of ${JSON.stringify(ENTRIES)})
      names.push(...Object.keys(await import(new URL(entry, "${url("../../pkg/")}"))));
    if (!names.includes("LeaningQuiz")) throw new Error("no element: " + names);
    if (Reflect.ownKeys(globalThis).length !== before) throw new Error("a global was added");`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-"], {
    input: source,
    encoding: "utf8",
    timeout: 60_000,
  });
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "", stderr: "" });
});
