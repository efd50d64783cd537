// Runs test files, and those that fail a second time, alone: `node tests/run-twice.mjs RESULTS AT_A_TIME FILE…`. A browser on
// a busy machine may fail to start or lose a click; a fault of the project fails both times. RESULTS gets the results of
// tests/reporter.mjs, of the second run where there was one.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** With more failed files than this, something is broken, and a second run would only take its time. */
const MOST_FAILED = 8;

/**
 * Runs files by `run(file)`, which returns whether all is well, and the results. Returns whether all is well in the end, all
 * results, and the names of the tests that passed only the second time.
 */
export async function runTwice(files, atATime, run) {
  const runs = new Map();
  const queue = [...files];
  const work = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) runs.set(file, await run(file));
  };
  await Promise.all(Array.from({ length: atATime }, work));
  const failed = files.filter((file) => !runs.get(file).passed);
  const flaky = [];
  if (failed.length <= MOST_FAILED) {
    for (const file of failed) {
      const { results } = runs.get(file);
      runs.set(file, await run(file));
      const names = results.filter(({ state }) => state === "failed").map(({ name }) => name);
      if (runs.get(file).passed) flaky.push(...names.map((name) => `${file}: ${name}`));
    }
  }
  const all = files.map((file) => runs.get(file));
  return {
    passed: all.every(({ passed }) => passed),
    results: all.flatMap(({ results }) => results),
    flaky,
  };
}

/** Runs a file, whose results go through a file in this folder, and prints what it says when it has ended. */
async function runFile(file, folder) {
  const destination = join(folder, encodeURIComponent(file));
  const reporters = [
    ["spec", "stdout"],
    ["./tests/reporter.mjs", destination],
  ].flatMap(([name, to]) => [`--test-reporter=${name}`, `--test-reporter-destination=${to}`]);
  const child = spawn(process.execPath, ["--test", ...reporters, file]);
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => said.push(data));
  const status = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  process.stdout.write(`${file}\n${Buffer.concat(said)}`);
  const lines = readFileSync(destination, "utf8").split("\n").filter(Boolean);
  return { passed: status === 0, results: lines.map((line) => JSON.parse(line)) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , destination, atATime, ...files] = process.argv;
  const folder = mkdtempSync(join(tmpdir(), "results-"));
  const { passed, results, flaky } = await runTwice(files, Number(atATime), (file) => runFile(file, folder));
  rmSync(folder, { recursive: true });
  writeFileSync(destination, results.map((result) => `${JSON.stringify(result)}\n`).join(""));
  const count = (wanted) => results.filter(({ state }) => state === wanted).length;
  console.log(`${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`);
  for (const { file, name, state } of results)
    if (state === "failed") console.log(`Failed: ${file}: ${name}`);
  for (const name of flaky) console.log(`Passed only the second time: ${name}`);
  process.exitCode = passed ? 0 : 1;
}
