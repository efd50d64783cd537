// Scores by a basis, without a module. Their bits are those of `leaning build --basis` (cli/tests/commands/build.rs).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { init, Leaning, LeaningError, score } from "../../pkg/slim.js";
import { STYLE, scoreStyle, init as startStyle } from "../../pkg/style.js";

const read = (name) => readFileSync(new URL(`../basis/${name}`, import.meta.url), "utf8");
const { basis } = JSON.parse(read("fitted.json"));
const scored = JSON.parse(read("scored.json"));
const [header, ...rows] = read("responses.csv")
  .trim()
  .split("\n")
  .map((line) => line.split(","));
const named = rows.map((row) => Object.fromEntries(header.map((name, k) => [name, row[k]])));
/** The features of each response by name. */
const responses = named.map((row) =>
  Object.fromEntries(basis.features.map((name) => [name, Number(row[name])])),
);
const expected = scored.prompts.flatMap(({ candidates }) => candidates.map(({ scores }) => scores));

test("scores have the bits of the command line, by name and in order, before any module is loaded", () => {
  assert.equal(expected.length, responses.length);
  const listed = responses.map((features) => basis.features.map((name) => features[name]));
  for (const given of [responses, listed, listed.map((features) => Float64Array.from(features))]) {
    const found = score(basis, given);
    // Also −0 would be told from 0.
    for (const [place, scores] of found.entries())
      assert.ok(
        scores.every((one, j) => Object.is(one, expected[place][j])),
        `response ${place}: ${scores}`,
      );
  }
});

test("the mean of the features has scores of 0, and no responses have none", () => {
  assert.deepEqual(score(basis, [basis.mean]), [[0, 0, 0, 0, 0]]);
  assert.deepEqual(score(basis, []), []);
});

test("columns and style can be mixed", async () => {
  await startStyle();
  const mixed = { features: ["price", "style:words"], mean: [1, 2], scale: [2, 4], head: [[1, 1]] };
  const [measured] = scoreStyle(["six words are in this text"]);
  const features = { price: 5, ...Object.fromEntries(STYLE.map(({ name }, k) => [name, measured[k]])) };
  const words = measured[STYLE.findIndex(({ name }) => name === "style:words")];
  assert.deepEqual(score(mixed, [features]), [[(5 - 1) / 2 + (words - 2) / 4]]);
});

test("scores can be ranked", async () => {
  await init(readFileSync(new URL("../../pkg/leaning.wasm", import.meta.url)));
  const leaning = await Leaning.open({ deck: scored, storage: "memory" });
  leaning.next();
  await leaning.answer({ chose: 0 });
  const ranked = leaning.rank(score(basis, responses).map((scores) => ({ scores })));
  assert.equal(ranked.length, responses.length);
  leaning.free();
});

test("a flaw is named with its place", () => {
  const small = { features: ["x", "y"], mean: [0, 0], scale: [1, 1], head: [[1, 2]] };
  for (const [call, code, path, message] of [
    [() => score(undefined, []), "deck", "basis", /missing/],
    [() => score([], []), "deck", "basis", /expected an object, found a list/],
    [() => score({ ...small, features: [] }, []), "deck", "basis.features", /at least one/],
    [() => score({ ...small, features: ["x", 1] }, []), "deck", "basis.features[1]", /found a number/],
    [() => score({ ...small, features: ["x", "x"] }, []), "deck", "basis.features[1]", /there already/],
    [() => score({ ...small, mean: [0] }, []), "deck", "basis.mean", /expected 2 numbers, found 1/],
    [() => score({ ...small, mean: [0, "0"] }, []), "deck", "basis.mean[1]", /finite/],
    [() => score({ ...small, scale: [1, 0] }, []), "deck", "basis.scale[1]", /above 0/],
    [() => score({ ...small, head: [] }, []), "deck", "basis.head", /a row per dimension/],
    [() => score({ ...small, head: [[1, 2], [1]] }, []), "deck", "basis.head[1]", /2 numbers, found 1/],
    [() => score({ ...small, head: [1] }, []), "deck", "basis.head[0]", /found a number/],
    [() => score(small, { x: 1 }), "candidates", undefined, /a list of features, found an object/],
    [() => score(small, [[1, 2], [1]]), "candidates", "[1]", /expected 2 numbers, found 1/],
    [() => score(small, ["x"]), "candidates", "[0]", /found a string/],
    [() => score(small, [{ x: 1 }]), "candidates", "[0].y", /missing/],
    [() => score(small, [{ x: 1, y: Number.NaN }]), "candidates", "[0].y", /finite/],
    [() => score(small, [[1, null]]), "candidates", "[0][1]", /finite/],
    [
      () => score({ ...small, features: ["x", "constructor"] }, [{ x: 1 }]),
      "candidates",
      "[0].constructor",
      /missing/,
    ],
  ])
    assert.throws(call, (error) => {
      assert.ok(error instanceof LeaningError);
      assert.deepEqual([error.code, error.path], [code, path], error.message);
      assert.match(error.message, message);
      return true;
    });
});
