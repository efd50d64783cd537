// What the page about performance is made of: how costs grow, its tables and pictures, and the passes that Leaning is
// compared with.

import assert from "node:assert/strict";
import { test } from "node:test";
import binaryen from "binaryen";
import { bars, curves } from "../../bench/chart.mjs";
import { powerLaw } from "../../bench/growth.mjs";
import { limitsModule, STREAMED } from "../../bench/limits.mjs";
import { deckOfPairs, differencesOf, logText, makeDeck, makePerson } from "../../bench/page/decks.js";
import { plainPass, unrolledPass } from "../../bench/page/plain.js";
import { digits, table, times, wrapped } from "../../bench/table.mjs";
import { crateOf, folderOf, functionsOf, shortName, sizesBy } from "../../xtask/wasm-functions.mjs";
import { init, Leaning } from "./package.mjs";

await init();

test("a power law is found from its points", () => {
  const { exponent, factor } = powerLaw([1, 10, 500].map((x) => [x, 3 * x ** 1.5]));
  assert.ok(Math.abs(exponent - 1.5) < 1e-12);
  assert.ok(Math.abs(factor - 3) < 1e-12);
});

test("points off the line are fitted by least squares on the logarithms", () => {
  // To base ten, the logarithms are 0, 1, 2 for x and 0, 2, 1 for y: the best line has a slope of ½.
  const points = [
    [1, 1],
    [10, 100],
    [100, 10],
  ];
  assert.ok(Math.abs(powerLaw(points).exponent - 0.5) < 1e-12);
});

test("numbers have about three digits, and a missing one is a dash", () => {
  assert.deepEqual([12345.6, 123.4, 12.34, 1.234, 0.1234].map(digits), [
    "12,346",
    "123",
    "12.3",
    "1.23",
    "0.123",
  ]);
  assert.deepEqual([undefined, Number.NaN].map(digits), ["–", "–"]);
  assert.equal(times(3, 2), "1.50 ×");
  assert.equal(times(3, undefined), "–");
});

test("a table aligns its columns", () => {
  const rows = [
    ["one", "1.00"],
    ["three", undefined],
  ];
  assert.equal(
    table(["name", "ms"], rows),
    "| name  |   ms |\n| ----- | ---: |\n| one   | 1.00 |\n| three |    – |",
  );
});

test("paragraphs are wrapped, and tables and code are not", () => {
  const row = `| ${"x".repeat(150)} |`;
  const [paragraph, second] = wrapped(`${"word ".repeat(30)}\`a b\`\n\n${row}`).split("\n\n");
  assert.ok(paragraph.split("\n").every((line) => line.length <= 120));
  assert.equal(paragraph.replaceAll("\n", " "), `${"word ".repeat(30)}\`a b\``);
  assert.equal(second, row);
});

test("curves go up where values do, and a bar is as long as its value", () => {
  const series = [
    {
      name: "a < b",
      points: [
        [1_000, 1],
        [100_000, 100],
      ],
    },
  ];
  const svg = curves({ title: "t", xLabel: "x", yLabel: "y", series });
  const [[x1, y1], [x2, y2]] = svg
    .match(/polyline points="([^"]+)"/)[1]
    .split(" ")
    .map((pair) => pair.split(",").map(Number));
  assert.ok(x2 > x1 && y2 < y1);
  assert.ok(svg.includes("a &lt; b") && !svg.includes("NaN"));

  const rows = [1, 2].map((value) => ({ name: `n${value}`, values: [value] }));
  const lengths = [...bars({ title: "t", unit: "kB", rows }).matchAll(/width="([\d.]+)" height="18"/g)];
  assert.ok(Math.abs(lengths[1][1] / lengths[0][1] - 2) < 0.01);
});

test("the plain and the unrolled pass choose the pair of the D-optimal rule", async () => {
  for (const dimensions of [8, 16]) {
    const deck = deckOfPairs(600, dimensions);
    const options = { strategy: "d-optimal", repeatWorth: 1, storage: "memory", seed: 1 };
    const leaning = await Leaning.open({ deck, ...options });
    const { mean, covariance } = leaning.laplaceApproximation();
    const given = [differencesOf(deck), Float64Array.from(mean), Float64Array.from(covariance.flat())];
    const pair = plainPass(...given);
    assert.equal(unrolledPass(...given), pair);
    const { prompt, candidates } = leaning.next();
    // Without answers every pair is as uncertain at a mean of 0, so that the variance alone decides.
    assert.equal(prompt.id, `p${Math.floor(pair / 6)}`);
    const pairs = ["01", "02", "03", "12", "13", "23"];
    const shown = candidates.map(({ index }) => index).sort();
    assert.equal(shown.join(""), pairs[pair % 6]);
    leaning.free();
  }
});

test("decks are the same for the same seed, and logs are of their deck", async () => {
  assert.deepEqual(makeDeck(3, 2, 4), makeDeck(3, 2, 4));
  assert.notDeepEqual(makeDeck(3, 2, 4, 2).prompts, makeDeck(3, 2, 4).prompts);
  const deck = makeDeck(10, 4, 3);
  const leaning = await Leaning.open({ deck, storage: "memory" });
  await leaning.importLog(logText(deck, 25));
  assert.equal(leaning.status().entries, 25);
  leaning.free();
});

test("a person mostly takes the same of two very unlike candidates", () => {
  const person = makePerson(1);
  const candidates = [{ scores: [3] }, { scores: [-3] }];
  const chosen = Array.from({ length: 200 }, () => person({ candidates }).chose);
  const share = chosen.filter((place) => place === 0).length / chosen.length;
  assert.ok(share < 0.1 || share > 0.9, `${share}`);
});

test("the module of the limits adds what it says", async () => {
  const { instance } = await WebAssembly.instantiate(limitsModule());
  const { memory, scalar, stream, vector } = instance.exports;
  // Each sum goes s ← ½ s + ½, so that it is ¾ after two turns.
  assert.equal(scalar(2, 0.5), 8 * 0.75);
  assert.equal(vector(2, 0.5), 8 * 0.75);
  new Float64Array(memory.buffer).fill(1);
  // One lane of two.
  assert.equal(stream(), STREAMED / 16);
});

test("the functions of a module have their names and their sizes", () => {
  const module = binaryen.parseText(`(module
    (import "page" "memory" (memory 1 2))
    (import "page" "now" (func $now (result f64)))
    (func $small (export "small") (result f64) (call $now))
    (func $large (export "large") (result f64) (f64.add (call $now) (f64.add (call $now) (call $now)))))`);
  binaryen.setDebugInfo(true);
  const found = functionsOf(module.emitBinary());
  binaryen.setDebugInfo(false);
  module.dispose();
  // Each has a byte for its locals and one for its end, two for a call and one for a sum.
  assert.deepEqual(found, [
    { name: "small", size: 4 },
    { name: "large", size: 10 },
  ]);
});

test("the crate and the folder of a function are read from its name", () => {
  const of = {
    "leaning::format::read::h0123456789abcdef": ["leaning", "format"],
    "<leaning::web::api::Session as core[5930c85a12de8220]::fmt::Debug>::fmt": ["leaning", "web"],
    "<impl serde_core::de::Deserialize for leaning::format::Number>::deserialize": ["serde_core", "format"],
    "<&mut alloc[3ca501edff3f0c7c]::string::String as core[5930c85a12de8220]::fmt::Write>::write_str": [
      "alloc",
      "others",
    ],
    "session_open multivalue shim": ["exports", "others"],
    "<char>::escape_debug_ext": ["core", "others"],
  };
  for (const [name, [crate, folder]] of Object.entries(of))
    assert.deepEqual([crateOf(name), folderOf(name)], [crate, folder], name);
  assert.equal(shortName("core[5930c85a12de8220]::fmt::write::h0123456789abcdef"), "core::fmt::write");
  const functions = [1, 5, 2].map((size, place) => ({ name: `${"aba"[place]}::f`, size }));
  assert.deepEqual(sizesBy(functions, crateOf), [
    ["b", 5],
    ["a", 3],
  ]);
});

test("a deck of a million pairs has no more prompts than are allowed", () => {
  const { prompts } = deckOfPairs(1_000_000, 1);
  assert.ok(prompts.length <= 100_000);
  assert.ok(differencesOf({ dimensions: [{}], prompts }).length >= 1_000_000);
});
