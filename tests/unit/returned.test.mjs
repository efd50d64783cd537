// How much a server learns about a person's taste from being told which response was picked for them: the entropy of the picks
// over people, whose tastes follow the deck's prior, and how well it then guesses what they like. docs/privacy.md and
// docs/gateway.md have the figures.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
const { dimensions, prompts, prior } = JSON.parse(read("www/decks/assistant-style-en.json"));
const PEOPLE = 200_000;
const TURNS = [1, 2, 3, 5, 8, 10];

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

/** The score differences of all pairs of candidates. */
function differences(candidates) {
  return candidates.flatMap((one, place) =>
    candidates.slice(place + 1).map((other) => one.scores.map((score, j) => score - other.scores[j])),
  );
}

/** The standard deviations of the weights under the prior of a deck that has none of its own. */
function spreads() {
  return dimensions.map((_, j) => {
    const squares = prompts.flatMap(({ candidates }) => differences(candidates)).map((pair) => pair[j] ** 2);
    const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
    return Math.sqrt(4 / (dimensions.length * mean));
  });
}

/** The weights of people whose tastes follow the prior. */
function draw(people, seed) {
  const random = uniform(seed);
  const sds = spreads();
  return Array.from({ length: people }, () =>
    sds.map((sd) => sd * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())),
  );
}

const reward = (weights, scores) => scores.reduce((sum, score, j) => sum + score * weights[j], 0);

/** The candidate of each prompt that a person likes best, of the first few. */
function picks(weights, drafts = 4) {
  return prompts.map(({ candidates }) => {
    const rewards = candidates.slice(0, drafts).map(({ scores }) => reward(weights, scores));
    return rewards.indexOf(Math.max(...rewards));
  });
}

/** The numbers of a row of a table. */
function row(file, name) {
  const [, cells] = read(file).match(new RegExp(`^\\| ${name} \\|(.*)\\|$`, "m"));
  return cells.split("|").map(Number.parseFloat);
}

function entropy(keys) {
  const counts = new Map();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return -[...counts.values()].reduce((sum, n) => sum + (n / keys.length) * Math.log2(n / keys.length), 0);
}

test("what returned responses of the demo deck tell is as docs/privacy.md and docs/gateway.md say", (t) => {
  assert.equal(prior, undefined, "the tastes are drawn from the default prior");
  const people = draw(PEOPLE, 1).map((weights) => picks(weights));
  const single = prompts.map((_, place) => entropy(people.map((person) => person[place])));
  const mean = single.reduce((sum, bits) => sum + bits, 0) / single.length;
  for (const [place, count] of TURNS.entries()) {
    const bits = count === 1 ? mean : entropy(people.map((person) => person.slice(0, count).join("")));
    t.diagnostic(`${count}: ${bits.toFixed(1)} bits`);
    for (const documented of [
      row("docs/privacy.md", count)[0],
      row("docs/gateway.md", "bits, 4 drafts")[place],
    ]) {
      assert.ok(Math.abs(bits - documented) < 0.3, `${count} responses tell ${bits} bits`);
    }
  }
});

/** The share of the pairs of unseen prompts of which a server guesses rightly which one a person likes better, after some turns.
 *  It takes the mean weights of all the imagined people with the same picks. */
function guessedRight(people, imagined, turns) {
  const key = ({ picked }) => picked.slice(0, turns).join("");
  const sums = new Map();
  for (const person of imagined) {
    const sum = sums.get(key(person)) ?? dimensions.map(() => 0);
    sums.set(
      key(person),
      sum.map((value, j) => value + person.weights[j]),
    );
  }
  const unseen = prompts.slice(TURNS.at(-1)).flatMap(({ candidates }) => differences(candidates));
  const shares = people.map((person) => {
    const guessed = sums.get(key(person));
    if (!guessed) return 0.5;
    return (
      unseen.filter((pair) => reward(guessed, pair) * reward(person.weights, pair) > 0).length / unseen.length
    );
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

test("a server that sees the picks guesses what people like as often as docs/gateway.md says", (t) => {
  for (const drafts of [2, 4]) {
    const withPicks = (weights) => ({ weights, picked: picks(weights, drafts) });
    const imagined = draw(PEOPLE, 2).map(withPicks);
    const people = draw(1000, 3).map(withPicks);
    const documented = row("docs/gateway.md", `guessed right, ${drafts} drafts`);
    for (const [place, turns] of TURNS.entries()) {
      const percent = 100 * guessedRight(people, imagined, turns);
      t.diagnostic(`${drafts} drafts, ${turns} turns: ${percent.toFixed(0)}%`);
      assert.ok(Math.abs(percent - documented[place]) < 2, `${turns} turns: ${percent}%`);
    }
  }
});
