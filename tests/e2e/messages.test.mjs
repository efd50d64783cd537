// The tables of the elements' texts.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import test from "node:test";
import { importSource } from "../../js/import-source.mjs";

const { LANGUAGE_CODES, languageOf, Messages, VARIANT_TAGS } = await importSource("element/messages.ts");
const { readMessages } = await importSource("element/own-messages.ts");

/** Files in js/lang that are not the table of a language. */
const OTHER_FILES = ["en-compare-profile", "en-end", "en-frame", "en-other-kinds", "summary.json", "table"];
/** The file of a variant: `de-x-du` is in de-du.ts. */
const fileOf = (tag) => tag.replace("-x-", "-");
const load = async (name) => (await importSource(`lang/${name}.ts`)).default;
const tables = Object.fromEntries(
  await Promise.all(LANGUAGE_CODES.map(async (code) => [code, await load(code)])),
);
for (const part of ["en-other-kinds", "en-end", "en-compare-profile", "en-frame"])
  Object.assign(tables.en, await load(part));
const texts = (entry) => (typeof entry === "string" ? [entry] : Object.values(entry));
// {other} is only for languages that need it to say a strength with any kind of word.
const places = (text) =>
  [...text.matchAll(/\{\w+\}/g)]
    .map(String)
    .filter((place) => place !== "{other}")
    .sort();

test("every table in the folder can be chosen", () => {
  const files = readdirSync(new URL("../../js/lang/", import.meta.url)).map((file) =>
    file.replace(".ts", ""),
  );
  assert.deepEqual(files.sort(), [...LANGUAGE_CODES, ...VARIANT_TAGS.map(fileOf), ...OTHER_FILES].sort());
});

test("every language has the keys of English, with the same values in each text", () => {
  for (const [code, table] of Object.entries(tables)) {
    assert.deepEqual(Object.keys(table).sort(), Object.keys(tables.en).sort(), code);
    for (const [key, entry] of Object.entries(table)) {
      const wanted = places(texts(tables.en[key]).at(-1));
      for (const text of texts(entry)) {
        // A dual has its number in the word.
        const isDual = text === entry.two;
        const expected = isDual ? wanted.filter((place) => place !== "{count}") : wanted;
        const found = isDual ? places(text).filter((place) => place !== "{count}") : places(text);
        assert.deepEqual(found, expected, `${code}: ${key}`);
      }
    }
  }
});

test("a text that depends on a number has a form for every plural of its language", () => {
  for (const [code, table] of Object.entries(tables)) {
    const { pluralCategories } = new Intl.PluralRules(code).resolvedOptions();
    for (const [key, entry] of Object.entries(table)) {
      if (typeof entry === "object")
        assert.deepEqual(Object.keys(entry).sort(), [...pluralCategories].sort(), `${code}: ${key}`);
    }
  }
});

test("a variant holds only what differs from its language, with the same values", async () => {
  for (const tag of VARIANT_TAGS) {
    const variant = await load(fileOf(tag));
    const table = tables[tag.split("-", 1)[0]];
    for (const [key, entry] of Object.entries(variant)) {
      assert.ok(Object.hasOwn(table, key), `${tag}: ${key}`);
      assert.notDeepEqual(entry, table[key], `${tag}: ${key}`);
      const wanted = places(texts(table[key]).at(-1));
      for (const text of texts(entry)) assert.deepEqual(places(text), wanted, `${tag}: ${key}`);
    }
  }
});

test("German addresses the person in one form throughout", async () => {
  const formal = /\b(Sie|Ihnen|Ihr(e[mnrs]?)?)\b/;
  const familiar = /\b(du|dich|dir|dein(e[mnrs]?)?)\b/i;
  const du = await Messages.load("de-x-du");
  for (const [key, entry] of Object.entries(tables.de)) {
    assert.doesNotMatch(texts(entry).join(" "), familiar, `de: ${key}`);
    assert.doesNotMatch(du.text(key, { count: 2 }), formal, `de-x-du: ${key}`);
  }
  for (const [tag, numbers] of Object.entries({ "de-X-DU": "de", "de-CH-x-du": "de-CH" })) {
    const messages = await Messages.load(tag);
    assert.equal(messages.text("ask"), "Was ist dir lieber?", tag);
    assert.equal(messages.text("undo"), "Rückgängig", tag);
    assert.equal(messages.number(1234), new Intl.NumberFormat(numbers).format(1234), tag);
  }
  for (const tag of ["de", "de-AT", "de-x-other"])
    assert.equal((await Messages.load(tag)).text("ask"), "Was ist Ihnen lieber?", tag);
});

test("one answer and two are worded differently, and numbers are formatted for the language", async () => {
  const english = await Messages.load("en");
  assert.equal(english.text("basedOn", { count: 1 }), "Based on 1 answer.");
  assert.equal(english.text("basedOn", { count: 2 }), "Based on 2 answers.");
  assert.equal(
    (await Messages.load("de-DE")).text("basedOn", { count: 1234 }),
    "Beruht auf 1.234 Antworten.",
  );
});

test("a noun, an adjective and an adverb read right at every strength in every language", async () => {
  const dimensions = [
    { standing: "leans", strength: "strong", direction: "high", low: "city", high: "nature" },
    { standing: "leans", strength: "fair", direction: "low", low: "quiet", high: "lively" },
    { standing: "leans", strength: "slight", direction: "high", low: "batched", high: "at once" },
  ].map((dimension) => ({ ...dimension, end: dimension[dimension.direction] }));
  const described = {
    ar: ["nature أكثر بكثير من city", "quiet أكثر من lively", "at once أكثر بقليل من batched"],
    de: ["viel lieber nature als city", "lieber quiet als lively", "etwas lieber at once als batched"],
    en: ["much more nature than city", "more quiet than lively", "a bit more at once than batched"],
    es: ["mucho más nature que city", "más quiet que lively", "algo más at once que batched"],
    fr: ["avant tout nature", "nettement plus quiet", "plutôt at once"],
    hi: ["city से कहीं ज़्यादा nature", "lively से ज़्यादा quiet", "batched से थोड़ा ज़्यादा at once"],
    ja: ["cityより断然nature", "livelyよりquiet", "どちらかといえばbatchedよりat once"],
    pt: ["muito mais nature do que city", "mais quiet do que lively", "um pouco mais at once do que batched"],
    zh: ["明显偏向nature", "偏向quiet", "略偏向at once"],
  };
  assert.deepEqual(Object.keys(described), LANGUAGE_CODES.toSorted());
  for (const [code, expected] of Object.entries(described)) {
    const messages = await Messages.load(code);
    assert.deepEqual(
      dimensions.map((dimension) => messages.describe(dimension)),
      expected,
      code,
    );
  }
});

test("a percentage is rounded down and never 100%", async () => {
  const english = await Messages.load("en");
  assert.deepEqual(
    [0.9999, 1, 0.509].map((share) => english.percent(share)),
    ["99%", "99%", "50%"],
  );
});

test("a language without a table, or with a misspelt tag, falls back to one that has", async () => {
  assert.equal((await Messages.load("tlh")).text("undo"), "Undo");
  assert.equal((await Messages.load("constructor")).text("undo"), "Undo");
  assert.equal((await Messages.load("de-")).text("undo"), "Rückgängig");
});

test("the host's texts take precedence, and markup in a value stays text", async () => {
  const own = await Messages.load("de", { undo: "Zurück" });
  assert.equal(own.text("undo"), "Zurück");
  assert.equal(own.text("skip"), "Überspringen");
  assert.equal(own.text("answer", { place: "$& <b>" }), "Antwort $& <b>");
});

test("the host's texts are strings or have a form for other numbers; null counts as absent", () => {
  const own = { undo: "Back", skip: null, minutesLeft: { one: "a minute", other: "{count} minutes" } };
  assert.deepEqual(readMessages(own), { undo: own.undo, minutesLeft: own.minutesLeft });
  for (const absent of [undefined, null]) assert.equal(readMessages(absent), undefined);
  const wrong = [42, () => "Which?", ["a", "b"], { one: "a minute" }, { other: 2 }, true];
  for (const undo of wrong)
    assert.throws(() => readMessages({ undo }), { code: "options", path: "messages.undo" });
  for (const messages of [42, "Which?", ["Which?"]])
    assert.throws(() => readMessages(messages), { code: "options", path: "messages" });
});

test("the nearest lang counts, also across a shadow root", () => {
  const page = { getAttribute: () => "fr", parentNode: null };
  const host = { getAttribute: () => null, parentNode: page };
  assert.equal(languageOf({ getAttribute: () => "", parentNode: { parentNode: null, host } }), "fr");
  assert.equal(languageOf({ getAttribute: () => "ar", parentNode: page }), "ar");
  assert.equal(languageOf({ getAttribute: () => null, parentNode: null }), "en");
});
