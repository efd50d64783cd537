// Tests of profiles in words: what is told, and how much it can tell about a person.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { open, prepare, ready } from "./core.mjs";

const read = (relative) => JSON.parse(readFileSync(new URL(relative, import.meta.url), "utf8"));
const TABLES = read("../../js/lang/summary.json");
const DECK = {
  format: "leaning-deck/1",
  id: "words",
  language: "en",
  dimensions: [
    { id: "length", label: "Length", low: "thorough", high: "brief" },
    { id: "shape", label: "Shape", low: "list", high: "prose" },
    { id: "warmth", label: "Warmth", low: "cool", high: "warm" },
  ],
  prompts: [],
};
/** Its ends are nouns, adjectives and adverbs. */
const DECK_OF_ALL_KINDS = {
  ...DECK,
  dimensions: [
    { id: "setting", label: "Setting", low: "city", high: "nature" },
    { id: "pace", label: "Pace", low: "quiet", high: "lively" },
    { id: "timing", label: "Timing", low: "batched", high: "at once" },
  ],
};

before(ready);

const leans = (direction, strength, confidence = "high") => ({
  direction,
  strength,
  confidence,
  standing: "leans",
});
const middle = (strength, probability) => ({
  ...leans("low", strength, "low"),
  standing: "middle",
  middle: { probability, ideal: 0 },
});
const indifferent = { ...leans("low", "slight", "low"), standing: "indifferent" };
const unknown = { ...leans("low", "slight", "low"), standing: "open" };

/** Summary and instructions of somebody with these estimates. */
async function words(dimensions, options, answers = 5, deck = DECK) {
  const leaning = await open(deck);
  prepare({ profile: { dimensions, answers, axisLimit: 2, personFit: [] } });
  return [await leaning.summary(options), await leaning.instructions(options)];
}

const INTRO = `${TABLES.en.intro}\n`;

test("only what is clear is told, the strongest first, and what is likely apart", async () => {
  assert.deepEqual(await words([leans("high", "slight"), leans("high", "strong"), unknown]), [
    "Your taste: above all prose; leaning towards brief.",
    `${INTRO}Strongly prefer prose over list.\nSlightly prefer brief over thorough.`,
  ]);
  assert.deepEqual(await words([leans("low", "fair"), leans("high", "fair", "moderate"), indifferent]), [
    "Your taste: thorough. Probably also: prose. No strong preference: Warmth.",
    `${INTRO}Prefer thorough over brief, prose over list.\nNo strong preference: Warmth.`,
  ]);
  assert.deepEqual(await words([middle("fair", 0.9), unknown, unknown]), [
    "Your taste, probably: something between thorough and brief.",
    `${INTRO}Prefer something between thorough and brief.`,
  ]);
  const [sure] = await words([middle("fair", 0.95), unknown, unknown]);
  assert.equal(sure, "Your taste: something between thorough and brief.");
});

test("nothing is told where nothing is clear, or nothing was said", async () => {
  const nothing = ["It is too early to say what you like.", ""];
  assert.deepEqual(await words([unknown, unknown, unknown]), nothing);
  const estimates = [leans("high", "strong"), indifferent, indifferent];
  assert.deepEqual(await words(estimates, {}, 0), nothing);
  const stated = { ...leans("high", "strong"), statement: { id: "k", weight: 1 } };
  assert.notDeepEqual(await words([stated, unknown, unknown], {}, 0), nothing);
});

test("every language has every sentence, with the same places to fill in", async () => {
  const places = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  const codes = Object.keys(TABLES);
  assert.deepEqual(codes.toSorted(), ["ar", "de", "en", "es", "fr", "hi", "ja", "pt", "zh"]);
  for (const [code, table] of Object.entries(TABLES)) {
    assert.deepEqual(Object.keys(table), Object.keys(TABLES.en), code);
    for (const [key, text] of Object.entries(table))
      assert.deepEqual(places(text), places(TABLES.en[key]), code);
    const texts = await words([leans("high", "slight"), leans("low", "strong"), indifferent], {
      language: code,
    });
    for (const text of texts) assert.ok(!text.includes("{") && text.includes("brief"), text);
  }
  const [german] = await words([leans("high", "slight"), unknown, unknown], { language: "de-AT" });
  assert.equal(german, "Vorlieben: eher brief.");
  const [fallback] = await words([leans("high", "slight"), unknown, unknown], { language: "constructor" });
  assert.equal(fallback, "Your taste: leaning towards brief.");
  await assert.rejects(words([unknown, unknown, unknown], { language: 5 }), {
    code: "options",
    path: "language",
  });
});

// No strength may be an adverb that needs an adjective: ends are nouns and adverbs as well.
test("a noun, an adjective and an adverb read right at every strength in every language", async () => {
  const told = {
    ar: [
      "التفضيلات: قبل كل شيء nature؛ وكذلك quiet؛ إلى حد ما at once.",
      "تفضيل قوي: nature بدلًا من city.\nتفضيل: quiet بدلًا من lively.\nتفضيل طفيف: at once بدلًا من batched.",
    ],
    de: [
      "Vorlieben: vor allem nature; auch quiet; eher at once.",
      "Stark bevorzugt: nature statt city.\nBevorzugt: quiet statt lively.\nLeicht bevorzugt: at once statt batched.",
    ],
    en: [
      "Your taste: above all nature; also quiet; leaning towards at once.",
      "Strongly prefer nature over city.\nPrefer quiet over lively.\nSlightly prefer at once over batched.",
    ],
    es: [
      "Preferencias: sobre todo nature; también quiet; tirando a at once.",
      "Preferencia fuerte: nature en vez de city.\nPreferencia: quiet en vez de lively.\nPreferencia ligera: at once en vez de batched.",
    ],
    fr: [
      "Préférences : surtout nature ; aussi quiet ; plutôt at once.",
      "Forte préférence : nature (et non city).\nPréférence : quiet (et non lively).\nLégère préférence : at once (et non batched).",
    ],
    hi: [
      "पसंद: सबसे बढ़कर nature; quiet भी; कुछ हद तक at once।",
      "गहरी पसंद: city के बजाय nature।\nपसंद: lively के बजाय quiet।\nहल्की पसंद: batched के बजाय at once।",
    ],
    ja: [
      "好み：何よりもnature；quietも；どちらかといえばat once。",
      "強い好み：cityよりnature。\n好み：livelyよりquiet。\nやや好み：batchedよりat once。",
    ],
    pt: [
      "Preferências: acima de tudo nature; também quiet; um pouco mais para at once.",
      "Forte preferência: nature em vez de city.\nPreferência: quiet em vez de lively.\nLeve preferência: at once em vez de batched.",
    ],
    zh: [
      "偏好：首先是nature；其次是quiet；略偏向at once。",
      "强烈偏好：nature而非city。\n偏好：quiet而非lively。\n略微偏好：at once而非batched。",
    ],
  };
  const estimates = [leans("high", "strong"), leans("low", "fair"), leans("high", "slight")];
  assert.deepEqual(Object.keys(told), Object.keys(TABLES).toSorted());
  for (const [language, [summary, lines]] of Object.entries(told)) {
    const expected = [summary, `${TABLES[language].intro}\n${lines}`];
    assert.deepEqual(await words(estimates, { language }, 5, DECK_OF_ALL_KINDS), expected, language);
  }
});

// docs/words.md has these numbers.
test("a text can tell 14 things about a dimension to the person, and 8 to an assistant", async () => {
  const states = [unknown, indifferent];
  for (const direction of ["low", "high"])
    for (const strength of ["slight", "fair", "strong"])
      for (const confidence of ["high", "moderate"]) states.push(leans(direction, strength, confidence));
  const summaries = new Set();
  const instructions = new Set();
  const leaning = await open(DECK);
  for (const a of states)
    for (const b of states)
      for (const c of states) {
        prepare({ profile: { dimensions: [a, b, c], answers: 5, axisLimit: 2, personFit: [] } });
        summaries.add(await leaning.summary());
        instructions.add(await leaning.instructions());
      }
  assert.deepEqual([states.length ** 3, summaries.size, instructions.size], [14 ** 3, 14 ** 3, 8 ** 3]);
});
