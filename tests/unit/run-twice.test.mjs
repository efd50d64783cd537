// Files that failed once run a second time, and only those.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runTwice } from "../run-twice.mjs";

/** A run in which a file fails as many times as is said here. */
function runs(failures) {
  const asked = [];
  const left = { ...failures };
  const run = async (file) => {
    asked.push(file);
    await null;
    const passed = !(left[file]-- > 0);
    return { passed, results: [{ file, name: "a test", state: passed ? "passed" : "failed" }] };
  };
  return { asked, run };
}

test("when all pass, nothing runs again", async () => {
  const { asked, run } = runs({});
  const { passed, flaky } = await runTwice(["a", "b", "c"], 2, run);
  assert.deepEqual([passed, flaky, asked], [true, [], ["a", "b", "c"]]);
});

test("a file that failed runs again, and its second results count", async () => {
  const { asked, run } = runs({ b: 1 });
  const { passed, results, flaky } = await runTwice(["a", "b", "c"], 2, run);
  assert.deepEqual(asked, ["a", "b", "c", "b"]);
  assert.ok(passed);
  assert.deepEqual(flaky, ["b: a test"]);
  assert.deepEqual(
    results.map(({ file, state }) => [file, state]),
    ["a", "b", "c"].map((file) => [file, "passed"]),
  );
});

test("a file that fails twice has failed", async () => {
  const { run } = runs({ b: 2 });
  const { passed, results, flaky } = await runTwice(["a", "b"], 2, run);
  assert.deepEqual([passed, flaky], [false, []]);
  assert.ok(results.some(({ state }) => state === "failed"));
});

test("when much has failed, nothing runs again", async () => {
  const files = "abcdefghij".split("");
  const { asked, run } = runs(Object.fromEntries(files.map((file) => [file, 1])));
  assert.equal((await runTwice(files, 2, run)).passed, false);
  assert.equal(asked.length, files.length);
});
