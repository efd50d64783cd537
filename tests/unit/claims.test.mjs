// The check that each claim has a test that passed, and one with a planted leak.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { flaws, readClaims } from "../claims.mjs";

const CLAIMS = readClaims(`# A comment
[[claim]]
claim = "Nothing leaves."
threat = "A script that listens."
file = "tests/e2e/a.test.mjs"
test = "hears nothing"
planted = "hears a leak by *"
`);
const passed = (name) => ({ file: "tests/e2e/a.test.mjs", name, state: "passed" });
const skipped = (name, reason) => ({ file: "tests/e2e/a.test.mjs", name, state: "skipped", reason });
const check = (results, claims = CLAIMS, text = "") =>
  flaws(claims, "tests/e2e", results, (name) => (name.includes("gone") ? null : text));
const PLANTED = passed("hears a leak by fetch");

test("a claim holds if its test and the one with a planted leak passed", () => {
  assert.deepEqual(check([passed("hears nothing"), PLANTED]), []);
  assert.deepEqual(
    check([passed("hears nothing"), PLANTED, skipped("hears a leak by ping", "it has none")]),
    [],
  );
  assert.deepEqual(
    flaws(CLAIMS, "tests/unit", [], () => ""),
    [],
    "of another step",
  );
});

test("a claim without a test that passed is a flaw", () => {
  const failed = { ...passed("hears nothing"), state: "failed" };
  for (const results of [
    [],
    [PLANTED],
    [passed("hears nothing")],
    [failed, passed("hears nothing"), PLANTED],
    [skipped("hears nothing", "no time"), PLANTED],
    [passed("hears nothing"), skipped("hears a leak by ping", "it has none")],
    [passed("hears nothing"), PLANTED, skipped("hears a leak by ping")],
    [passed("hears nothing more"), PLANTED],
  ])
    assert.equal(check(results).length, 1 + (results.length === 0), JSON.stringify(results));
});

test("a claim that lacks a word, a file or a test of its own for the leak is a flaw", () => {
  const [claim] = CLAIMS;
  for (const change of [{ threat: "" }, { file: "tests/gone.mjs" }, { planted: claim.test }])
    assert.equal(check([passed("hears nothing"), PLANTED], [{ ...claim, ...change }]).length, 1);
});

test("a claim about a Rust test needs one of that name that is not ignored", () => {
  const claim = { ...CLAIMS[0], file: "tests/a.rs", test: "holds", planted: "fails" };
  const source = (attribute) => `#[test]\n${attribute}fn holds() {}\n\n#[test]\nfn fails() {}\n`;
  assert.deepEqual(check([], [claim], source("")), []);
  assert.equal(check([], [claim], source("#[ignore]\n")).length, 1);
  assert.equal(check([], [claim], source("").replace("fails", "other")).length, 1);
});

test("a line that is no field of a claim is an error", () => {
  for (const text of [
    'claim = "without a table"',
    "[[claim]]\nother = 1",
    '[[claim]]\nclaim = "a"\nclaim = "b"',
  ])
    assert.throws(() => readClaims(text), /line \d/);
});

test("each claim is in docs/privacy.md in the same words", () => {
  const read = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
  const document = read("docs/privacy.md");
  const claims = readClaims(read("tests/claims.toml"));
  assert.ok(claims.length > 0);
  for (const { claim } of claims) assert.ok(document.includes(claim), claim);
});
