// How much a page learns about a person's taste from being told which response was picked for them: the entropy of the picks over
// people, whose tastes follow the deck's prior. docs/privacy.md has the figures.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
const { dimensions, prompts, prior } = JSON.parse(read("www/decks/assistant-style-en.json"));
const PEOPLE = 200_000;

/** Uniform numbers from 0 to 1: mulberry32, which is seeded. */
function uniform(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The standard deviations of the weights under the prior of a deck that has none of its own. */
function spreads() {
  return dimensions.map((_, j) => {
    const squares = prompts.flatMap(({ candidates }) =>
      candidates.flatMap((one, place) =>
        candidates.slice(place + 1).map((other) => (one.scores[j] - other.scores[j]) ** 2),
      ),
    );
    const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
    return Math.sqrt(4 / (dimensions.length * mean));
  });
}

/** For each person, the candidate of each prompt that they like best. */
function picks() {
  const random = uniform(1);
  const sds = spreads();
  return Array.from({ length: PEOPLE }, () => {
    const weights = sds.map(
      (sd) => sd * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
    );
    return prompts.map(({ candidates }) => {
      const rewards = candidates.map(({ scores }) =>
        scores.reduce((sum, score, j) => sum + score * weights[j], 0),
      );
      return rewards.indexOf(Math.max(...rewards));
    });
  });
}

function entropy(keys) {
  const counts = new Map();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return -[...counts.values()].reduce((sum, n) => sum + (n / keys.length) * Math.log2(n / keys.length), 0);
}

test("what returned responses of the demo deck tell is as docs/privacy.md says", (t) => {
  assert.equal(prior, undefined, "the tastes are drawn from the default prior");
  const people = picks();
  const single = prompts.map((_, place) => entropy(people.map((person) => person[place])));
  const mean = single.reduce((sum, bits) => sum + bits, 0) / single.length;
  for (const count of [1, 2, 3, 5, 8]) {
    const bits = count === 1 ? mean : entropy(people.map((person) => person.slice(0, count).join("")));
    t.diagnostic(`| ${count} | ${bits.toFixed(1)} |`);
    const [, documented] = read("docs/privacy.md").match(new RegExp(`^\\| ${count} \\| ([\\d.]+) \\|$`, "m"));
    assert.ok(Math.abs(bits - documented) < 0.3, `${count} responses tell ${bits} bits`);
  }
});
