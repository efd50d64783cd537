// The tables of what the elements say.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import test from "node:test";
import more from "../../js/lang/en-more.js";
import { CODES, Messages, languageOf } from "../../js/element/messages.js";

const folder = new URL("../../js/lang/", import.meta.url);
const tables = Object.fromEntries(
  await Promise.all(CODES.map(async (code) => [code, (await import(new URL(`${code}.js`, folder))).default])),
);
tables.en = { ...tables.en, ...more };
const texts = (entry) => (typeof entry === "string" ? [entry] : Object.values(entry));
const places = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

test("every table in the folder can be chosen", () => {
  assert.deepEqual(readdirSync(folder).map((file) => file.replace(".js", "")).sort(), [...CODES, "en-more"].sort());
});

test("every language says exactly what English says, with the same values in it", () => {
  for (const [code, table] of Object.entries(tables)) {
    assert.deepEqual(Object.keys(table).sort(), Object.keys(tables.en).sort(), code);
    for (const [key, entry] of Object.entries(table)) {
      const wanted = places(texts(tables.en[key]).at(-1));
      for (const text of texts(entry)) assert.deepEqual(places(text), wanted, `${code}: ${key}`);
    }
  }
});

test("a text that depends on a number has a form for every plural of its language", () => {
  for (const [code, table] of Object.entries(tables)) {
    const { pluralCategories } = new Intl.PluralRules(code).resolvedOptions();
    for (const [key, entry] of Object.entries(table)) {
      if (typeof entry === "object") assert.deepEqual(Object.keys(entry).sort(), [...pluralCategories].sort(), `${code}: ${key}`);
    }
  }
});

test("one answer and two are worded differently, and thousands written as the language does", async () => {
  const english = await Messages.load("en");
  assert.equal(english.words("restsOn", { count: 1 }), "From 1 answer");
  assert.equal(english.words("restsOn", { count: 2 }), "From 2 answers");
  assert.equal((await Messages.load("de-DE")).words("restsOn", { count: 1234 }), "Aus 1.234 Antworten");
});

test("a share is rounded down, and never says that it is certain", async () => {
  const english = await Messages.load("en");
  assert.deepEqual([0.9999, 1, 0.509].map((share) => english.percent(share)), ["99%", "99%", "50%"]);
});

test("a language without a table, or with a misspelt tag, still says something", async () => {
  assert.equal((await Messages.load("tlh")).words("undo"), "Undo");
  assert.equal((await Messages.load("constructor")).words("undo"), "Undo");
  assert.equal((await Messages.load("de-")).words("undo"), "Rückgängig");
});

test("the host's texts go before the table's, and markup in a value stays text", async () => {
  const own = await Messages.load("de", { undo: "Zurück" });
  assert.equal(own.words("undo"), "Zurück");
  assert.equal(own.words("skip"), "Überspringen");
  assert.equal(own.words("failed", { message: "$& <b>" }), "Diese Fragen lassen sich nicht anzeigen. $& <b>");
});

test("the nearest lang counts, through a shadow root too", () => {
  const page = { getAttribute: () => "fr", parentNode: null };
  const host = { getAttribute: () => null, parentNode: page };
  assert.equal(languageOf({ getAttribute: () => "", parentNode: { parentNode: null, host } }), "fr");
  assert.equal(languageOf({ getAttribute: () => "ar", parentNode: page }), "ar");
  assert.equal(languageOf({ getAttribute: () => null, parentNode: null }), "en");
});
