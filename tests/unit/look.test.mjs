// Tests of what a deck brings to look at: its words, pictures and archetypes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { calls, open, prepare, ready } from "./core.mjs";

const read = (relative) => JSON.parse(readFileSync(new URL(relative, import.meta.url), "utf8"));
const SMALL = read("../bad/deck.json");
const cup = { src: "cup.svg", alt: "A cup", width: 40, height: 30 };

before(ready);

/** The small deck with a change. */
function deck(change) {
  const copy = structuredClone(SMALL);
  change(copy);
  return copy;
}

test("broken words, pictures and names of archetypes are refused with their place", async () => {
  const places = /^(words|archetypes\[0\]\.(name|text)|prompts\[\d\].*image)/;
  const rows = read("../bad/inputs.json").filter(({ kind, path }) => kind === "deck" && places.test(path));
  assert.equal(rows.length, 18);
  for (const { name, value, path, says } of rows) {
    await assert.rejects(open(value), ({ code, path: found, message }) => {
      assert.deepEqual([code, found], ["deck", path], name);
      assert.ok(message.includes(says) && !message.includes("\n"), `${name}: ${message}`);
      return true;
    });
  }
  await assert.rejects(open(deck((d) => (d.words = { "e\nn": {} }))), { code: "deck", path: "words" });
  await open(deck((d) => (d.words = d.archetypes = d.prompts[0].image = null)));
});

test("the words of a tag come before those of its primary code", async () => {
  const words = { pt: { ask: "Qual?", tie: "Igual" }, "pt-BR": { ask: "Qual você quer?" }, de: { ask: "" } };
  const leaning = await open(deck((d) => (d.words = words)));
  assert.deepEqual(leaning.words("pt-br"), { ask: "Qual você quer?", tie: "Igual" });
  assert.deepEqual(leaning.words("pt-PT"), words.pt);
  assert.deepEqual(leaning.words("de"), { ask: "" });
  assert.deepEqual(leaning.words("constructor"), {});
});

test("pictures have the URL of their source, and come in the deck's order", async () => {
  const pictures = deck((d) => {
    d.prompts[1].image = { ...cup, alt: "" };
    d.prompts[1].candidates[0].image = { ...cup, src: "data:image/svg+xml,x" };
    d.prompts[0].candidates[1].image = { ...cup, src: "img/a b.png", extra: 1 };
  });
  const question = {
    prompt: 0,
    candidates: [1, 0],
    kind: "choice",
    offered: [],
    strategy: "random",
    score: 0,
  };
  const leaning = await open(pictures, { base: "https://example.org/decks/d.json" });
  const expected = { ...cup, src: "https://example.org/decks/img/a%20b.png" };
  assert.deepEqual(leaning.images, [
    expected,
    { ...cup, alt: "", src: "https://example.org/decks/cup.svg" },
    { ...cup, src: "data:image/svg+xml,x" },
  ]);
  prepare({ question });
  const { prompt, candidates } = leaning.next();
  assert.equal(prompt.image, null);
  assert.deepEqual(
    candidates.map(({ image }) => image),
    [expected, null],
  );
  // Without a page there is nothing to be relative to.
  assert.equal((await open(pictures)).images[0].src, "img/a b.png");
  await assert.rejects(open(pictures, { base: "//" }), { code: "options", path: "base" });
});

test("an archetype has the deck's words for it", async () => {
  const archetypes = [
    { id: "a", name: "The Warm", weights: { warmth: 1 } },
    { id: "b", name: "The Brief", text: "Short.", weights: { brevity: 1 } },
  ];
  const leaning = await open(deck((d) => (d.archetypes = archetypes)));
  prepare({ archetype: { archetype: 0, probability: 0.75 } });
  assert.deepEqual(leaning.archetype(), { id: "a", name: "The Warm", text: "", probability: 0.75 });
  prepare({ archetype: { archetype: 1, probability: 0.5 } });
  assert.equal(leaning.archetype().text, "Short.");
  prepare();
  assert.equal(leaning.archetype(), null);
});

test("the module gets the words of each candidate as counts, and no texts of theirs", async () => {
  const texts = deck((d) => {
    d.language = "en";
    d.prompts[0].candidates[0].text = "Two words, that’s - 4!";
    d.prompts[0].candidates[1].image = cup;
    d.prompts[1].candidates[0] = { ...d.prompts[1].candidates[0], text: "One", image: cup };
  });
  const words = [
    [4, 5],
    [6, 0],
  ];
  const leaning = await open(texts, { per: "word", seed: 3 });
  assert.deepEqual(calls[0].slice(0, 3), [
    "open",
    { ...texts, prompts: [] },
    { storage: "memory", seed: 3, words },
  ]);
  prepare();
  await leaning.configure({ per: "word" });
  await leaning.configure({ per: "question" });
  await leaning.configure({ per: null });
  assert.deepEqual(calls, [
    ["configure", { words }],
    ["configure", {}],
    ["configure", {}],
  ]);
  await assert.rejects(leaning.configure({ per: "letter" }), { code: "options", path: "per" });
  await assert.rejects(open(texts, { per: 5 }), { code: "options", path: "per" });
});

test("words are counted by white space where the browser cannot, and where the deck's language is no tag", async () => {
  const texts = deck((d) => {
    d.language = "no tag";
    d.prompts[0].candidates[0].text = " Two  words. ";
  });
  const count = async () => {
    await open(texts, { per: "word" });
    return calls[0][2].words[0][0];
  };
  assert.equal(await count(), 2);
  const { Segmenter } = Intl;
  try {
    delete Intl.Segmenter;
    assert.equal(await count(), 2);
  } finally {
    Intl.Segmenter = Segmenter;
  }
});
