// Scores the texts of the demo deck. Node 20 or later, no dependencies.
//
//   node www/decks/score.mjs            rewrites the scores in the three files beside this one
//   node www/decks/score.mjs --check    writes nothing; one line a problem, exit 1 if there is any
//   node www/decks/score.mjs --report   per dimension the five pairs that differ most, and how the dimensions correlate
//
// assistant-style-en.json is the deck. held-out.json (prompts that no question is taken from) and chat.json (the
// prompts of the chat page) are scored on the deck's scale.
//
// Four dimensions are measured in the text: brevity, casual, decided, structure. Two, warmth and playful, cannot be
// counted; each text is rated by reading, and the ratings stand in rubric.csv, on these scales:
//
//        warmth                                                playful
//   1    only the matter, nothing said to the person           no joke, no image beyond everyday speech
//   2    a friendly phrase in passing (a wish, "good catch")   one small smile
//   3    one clear sentence of care or reassurance             two or three light touches
//   4    reassures or encourages at several points             joking, or one image carried, through most of it
//   5    speaks to the person's feelings throughout            a joke or an image in nearly every sentence
//
// Every raw value is then standardised, score = (raw − mean) / sd over the candidates of the deck, and rounded to
// three decimals. So a score of 1 is one standard deviation above the deck's average in that dimension.

import { readFileSync, writeFileSync } from "node:fs";

const DECK = "assistant-style-en.json";
const FILES = [DECK, "held-out.json", "chat.json"];
const RUBRIC = "rubric.csv";
const DIMENSIONS = ["brevity", "casual", "warmth", "decided", "structure", "playful"];

// The rules that --check holds the deck to.
const WORDS = { least: 35, most: 60 }; // a candidate's length
const LEAST_PROMPTS = 30;
const CANDIDATES = 4; // per prompt
const VARIES = 1; // a dimension varies within a prompt if its scores spread (max − min) by one standard deviation
const LEAST_VARYING = 20; // prompts within which each dimension has to vary
const MOST_CORRELATION = 0.6; // |correlation| of two dimensions over the deck's pairs

// ---------------------------------------------------------------------------------------------------- words and lines

const LIST_MARKER = /^(?:-|\d+\.)\s+/;

/** The lines of a text that are not empty, list markers ("- ", "1. ") taken off: [{ words, kind }], kind prose, item or heading. */
function lines(text) {
  return text.split("\n").filter((line) => line.trim() !== "").map((line) => {
    const words = line.replace(LIST_MARKER, "").split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
    return { words, kind: LIST_MARKER.test(line) ? "item" : isHeading(line, words) ? "heading" : "prose" };
  });
}

/** A heading is a line of its own, at most nine words without a comma or a full stop, that ends in a colon. */
function isHeading(line, words) {
  return line.trimEnd().endsWith(":") && words.length <= 9 && !/[.!?,;]/.test(line);
}

/** How many words a text has; a list marker is none. */
function wordCount(text) {
  return lines(text).reduce((sum, line) => sum + line.words.length, 0);
}

/** How often a pattern (global) matches. */
function count(text, pattern) {
  return (text.match(pattern) ?? []).length;
}

/** A pattern that matches any of the expressions as whole words, in either case. */
function anyOf(expressions) {
  return new RegExp(`\\b(?:${expressions.join("|")})\\b`, "gi");
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const standardDeviation = (values) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

// ------------------------------------------------------------------------------------------------------- the measures

/** brevity = −ln(words). The logarithm, because 36 words against 45 is felt as much as 48 against 60. */
function brevity(text) {
  return -Math.log(wordCount(text));
}

// "'s" is a contraction after these; after other words it may be a possessive, so it is not counted there.
const BEFORE_S = "it|that|there|here|what|who|where|how|he|she|let|this|one|everything|everybody|everyone|nobody|no one|somebody|someone|nothing|something";
const CONTRACTIONS = new RegExp(`\\b(?:\\w+n't|\\w+'(?:re|ve|ll|d|m)|(?:${BEFORE_S})'s)\\b`, "gi");

// Words that a relaxed writer would have contracted.
const EXPANSIONS = anyOf([
  "(?:do|does|did|is|are|was|were|will|would|could|should|have|has|had) not", "cannot",
  "(?:i|you|we|they|he|she|it) (?:will|would|have|had)(?= \\w+)", "(?:you|we|they) are", "i am",
  "(?:it|that|there|here|what|who|he|she) is", "let us",
]);

const INFORMAL = anyOf([
  // fillers and softeners of speech
  "okay", "ok", "yeah", "yep", "nope", "hey", "oh", "ah", "aw", "ugh", "ouch", "just", "pretty", "kind of", "sort of", "a bit", "bit",
  "totally", "actually", "super", "way (?:more|too|less|easier|cheaper)", "that's it",
  // everyday nouns and adjectives
  "stuff", "things?", "kids?", "guys", "folks", "bucks?", "lots", "tons?", "plenty", "big", "dumb", "weird\\w*", "awful", "rough", "sneaky",
  // short verbs that have a formal sister
  "get", "gets", "got", "gotten", "grab", "skip", "stick", "throw", "toss", "pop", "jot", "park", "haul", "ping", "zip", "sneak", "hang in",
  // and a shortened preposition
  "till",
]);

/**
 * casual = the mean of three parts, each standardised over the deck:
 *   contracted   (c + ½) / (c + e + 1): of the places where one could contract, the share where it is done
 *                (c contractions, e expansions like "do not"; the ½ draws texts with few such places to the middle)
 *   informal     √ of the informal words per 100 words; the root, so that one chatty text does not take the whole scale
 *   short words  −(letters per word): a formal vocabulary is longer ("sufficient", "enough")
 * The three are the classical marks of register; contractions count double, being the least dependent on the topic.
 */
const CASUAL_PARTS = [
  { weight: 2, of: (text) => { const c = count(text, CONTRACTIONS); return (c + 0.5) / (c + count(text, EXPANSIONS) + 1); } },
  { weight: 1, of: (text) => Math.sqrt((100 * count(text, INFORMAL)) / wordCount(text)) },
  { weight: 1, of: (text) => -count(text, /\p{L}/gu) / wordCount(text) },
];

// Verbs and adverbs that soften a claim or an advice. "Could you" is a request and "I'd like" a wish, not a doubt.
const HEDGES = anyOf([
  "might", "may", "could(?! you\\b)", "perhaps", "maybe", "probably", "possibly", "possible", "likely", "often", "usually", "generally",
  "typically", "sometimes", "normally", "depends?", "tends? to", "in (?:many|most) cases", "for most people", "i think", "i believe",
  "i(?:'d| would)(?! like\\b)", "my guess", "seems?", "appears? to", "roughly", "or so", "not (?:certain|sure)", "consider",
]);

/** decided = −√(hedges per 100 words): the fewer of "might", "probably", "tends to", the more decided; the root as above. */
function decided(text) {
  return -Math.sqrt((100 * count(text, HEDGES)) / wordCount(text));
}

/** structure = the share of the words that stand in list items and headings: 0 is plain prose, 1 nothing but lists. */
function structure(text) {
  const inside = lines(text).filter((line) => line.kind !== "prose").reduce((sum, line) => sum + line.words.length, 0);
  return inside / wordCount(text);
}

// -------------------------------------------------------------------------------------------------- from raw to scores

/** The function that standardises a measure over the given texts: (text) → (measure(text) − mean) / sd. */
function standardised(measure, texts) {
  const values = texts.map(measure);
  const [centre, scale] = [mean(values), standardDeviation(values)];
  return (text) => (measure(text) - centre) / scale;
}

/** casual as above; the parts have to be standardised before they can be added. */
function casualOver(texts) {
  const parts = CASUAL_PARTS.map(({ weight, of }) => ({ weight, of: standardised(of, texts) }));
  const total = parts.reduce((sum, part) => sum + part.weight, 0);
  return (text) => parts.reduce((sum, part) => sum + part.weight * part.of(text), 0) / total;
}

/** Scorers by dimension: (candidate with its text and rubric ratings) → standardised score. */
function scorers(deckCandidates) {
  const texts = deckCandidates.map((candidate) => candidate.text);
  const measured = { brevity, decided, structure, casual: casualOver(texts) };
  return Object.fromEntries(DIMENSIONS.map((dimension) => {
    const raw = measured[dimension] ? (candidate) => measured[dimension](candidate.text) : (candidate) => candidate.ratings[dimension];
    return [dimension, standardised(raw, deckCandidates)];
  }));
}

const rounded = (value) => Math.round(value * 1000) / 1000 + 0; // + 0 turns −0 into 0

/** The six scores of a candidate. */
function scoresOf(candidate, scorer) {
  return DIMENSIONS.map((dimension) => rounded(scorer[dimension](candidate)));
}

// --------------------------------------------------------------------------------------------------------------- files

const place = (file) => new URL(file, import.meta.url);

/** rubric.csv as a map: "prompt/candidate" → { warmth, playful }. */
function readRubric() {
  const [header, ...rows] = readFileSync(place(RUBRIC), "utf8").trim().split(/\r?\n/);
  if (header !== "prompt,candidate,warmth,playful") throw new Error(`${RUBRIC}: unexpected columns ${header}`);
  return new Map(rows.map((row) => {
    const [prompt, candidate, warmth, playful] = row.split(",");
    return [`${prompt}/${candidate}`, { warmth: Number(warmth), playful: Number(playful) }];
  }));
}

/** Every candidate of a file's prompts, as { name, prompt, candidate, text, ratings }. */
function candidatesOf(prompts, rubric) {
  return prompts.flatMap((prompt) => prompt.candidates.map((candidate) => {
    const name = `${prompt.id}/${candidate.id}`;
    const ratings = rubric.get(name);
    if (!ratings) throw new Error(`${RUBRIC}: no row for ${name}`);
    return { name, prompt: prompt.id, candidate, text: candidate.text, ratings };
  }));
}

/** JSON with one dimension and one candidate a line, so that a change of a text or a score is a change of one line. */
function serialise(content) {
  const prompt = ({ id, text, candidates, ...others }) => {
    const head = JSON.stringify({ id, text, ...others }).slice(0, -1);
    return `${head},"candidates":[\n${candidates.map((candidate) => `   ${JSON.stringify(candidate)}`).join(",\n")}]}`;
  };
  const value = (key) => {
    if (key === "prompts") return `[\n${content.prompts.map((p) => `  ${prompt(p)}`).join(",\n")}]`;
    if (key === "dimensions") return `[\n${content.dimensions.map((d) => `  ${JSON.stringify(d)}`).join(",\n")}]`;
    return JSON.stringify(content[key]);
  };
  return `{\n${Object.keys(content).map((key) => ` ${JSON.stringify(key)}: ${value(key)}`).join(",\n")}\n}\n`;
}

// --------------------------------------------------------------------------------------------------------------- pairs

/** All unordered pairs of candidates within a prompt, with z = the first's scores − the second's. */
function pairsOf(scored) {
  return scored.flatMap((first, i) => scored.slice(i + 1)
    .filter((second) => second.prompt === first.prompt)
    .map((second) => ({ first, second, difference: first.scores.map((score, k) => score - second.scores[k]) })));
}

/** Σ z_j z_k / √(Σ z_j² Σ z_k²). No mean is taken off: which of a pair comes first is arbitrary, so the mean of z is 0. */
function correlations(pairs) {
  const product = (j, k) => pairs.reduce((sum, { difference: z }) => sum + z[j] * z[k], 0);
  return DIMENSIONS.map((_, j) => DIMENSIONS.map((_, k) => product(j, k) / Math.sqrt(product(j, j) * product(k, k))));
}

/** Within how many prompts each dimension varies. */
function varyingPrompts(scored) {
  const prompts = [...new Set(scored.map((candidate) => candidate.prompt))];
  return DIMENSIONS.map((_, k) => prompts.filter((prompt) => {
    const scores = scored.filter((candidate) => candidate.prompt === prompt).map((candidate) => candidate.scores[k]);
    return Math.max(...scores) - Math.min(...scores) >= VARIES;
  }).length);
}

// ------------------------------------------------------------------------------------------------------------ commands

/** Puts the scores into the files. */
function write(contents, scored) {
  for (const { candidate, scores } of [...scored.values()].flat()) candidate.scores = scores;
  for (const [file, content] of contents) writeFileSync(place(file), serialise(content));
}

const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Everything that is wrong, a line each. */
function problems(contents, scored, rubric) {
  const found = [];
  const seen = new Set();
  for (const [file, content] of contents) {
    for (const { id, candidates } of content.prompts) {
      if (seen.has(id)) found.push(`${file}: ${id}: the id is used twice`);
      seen.add(id);
      if (!KEBAB_CASE.test(id)) found.push(`${file}: ${id}: the id is not kebab-case`);
      if (candidates.length !== CANDIDATES) found.push(`${file}: ${id}: ${candidates.length} candidates, expected ${CANDIDATES}`);
      if (!candidates.every((candidate) => KEBAB_CASE.test(candidate.id))) found.push(`${file}: ${id}: a candidate's id is not kebab-case`);
      if (new Set(candidates.map((candidate) => candidate.id)).size !== candidates.length) found.push(`${file}: ${id}: two candidates with one id`);
      if (new Set(candidates.map((candidate) => candidate.text)).size !== candidates.length) found.push(`${file}: ${id}: two candidates with one text`);
    }
    for (const { name, candidate, text, scores, ratings } of scored.get(file)) {
      const words = wordCount(text);
      if (words < WORDS.least || words > WORDS.most) found.push(`${file}: ${name}: ${words} words, expected ${WORDS.least} to ${WORDS.most}`);
      for (const [rating, value] of Object.entries(ratings)) {
        if (![1, 2, 3, 4, 5].includes(value)) found.push(`${RUBRIC}: ${name}: ${rating} is ${value}, expected 1 to 5`);
      }
      if (JSON.stringify(candidate.scores) !== JSON.stringify(scores)) {
        found.push(`${file}: ${name}: scores are ${JSON.stringify(candidate.scores)}, computed ${JSON.stringify(scores)}`);
      }
    }
  }
  const names = new Set([...scored.values()].flat().map((candidate) => candidate.name));
  for (const name of rubric.keys()) if (!names.has(name)) found.push(`${RUBRIC}: ${name}: no such candidate`);

  const deck = contents.get(DECK);
  const ids = deck.dimensions.map((dimension) => dimension.id);
  if (ids.join() !== DIMENSIONS.join()) found.push(`${DECK}: dimensions are ${ids.join(", ")}, expected ${DIMENSIONS.join(", ")}`);
  if (deck.prompts.length < LEAST_PROMPTS) found.push(`${DECK}: ${deck.prompts.length} prompts, expected at least ${LEAST_PROMPTS}`);
  for (const file of FILES.slice(1)) {
    if (contents.get(file).deck !== deck.id) found.push(`${file}: deck is ${contents.get(file).deck}, expected ${deck.id}`);
  }
  varyingPrompts(scored.get(DECK)).forEach((prompts, k) => {
    if (prompts < LEAST_VARYING) found.push(`${DECK}: ${DIMENSIONS[k]} varies within ${prompts} prompts, expected at least ${LEAST_VARYING}`);
  });
  correlations(pairsOf(scored.get(DECK))).forEach((row, j) => row.slice(0, j).forEach((r, k) => {
    if (!(Math.abs(r) <= MOST_CORRELATION)) found.push(`${DECK}: ${DIMENSIONS[j]} and ${DIMENSIONS[k]} correlate ${r.toFixed(2)} over the pairs`);
  }));
  return found;
}

/** The beginning of a text on one line. */
function excerpt(text, length = 260) {
  const line = text.replace(/\s*\n+\s*/g, " / ");
  return line.length <= length ? line : `${line.slice(0, length).replace(/\s+\S*$/, "")} …`;
}

/** What a reader checks the deck by: the two ends of each dimension, and the correlations. */
function report(deck, scored) {
  const pairs = pairsOf(scored);
  const varying = varyingPrompts(scored);
  console.log(`${deck.prompts.length} prompts, ${scored.length} candidates, ${pairs.length} pairs within a prompt\n`);
  deck.dimensions.forEach((dimension, k) => {
    console.log(`${dimension.id} (${dimension.low} – ${dimension.high}): varies within ${varying[k]} prompts. The five pairs that differ most:`);
    const widest = [...pairs].sort((a, b) => Math.abs(b.difference[k]) - Math.abs(a.difference[k])).slice(0, 5);
    for (const { first, second } of widest) {
      const [low, high] = [first, second].sort((a, b) => a.scores[k] - b.scores[k]);
      console.log(`\n  ${dimension.low}, ${low.name}, ${low.scores[k]}, ${wordCount(low.text)} words\n    ${excerpt(low.text)}`);
      console.log(`  ${dimension.high}, ${high.name}, ${high.scores[k]}, ${wordCount(high.text)} words\n    ${excerpt(high.text)}`);
    }
    console.log();
  });
  console.log("Correlations of the dimensions over the pairs:");
  const cell = (text) => text.padStart(11);
  console.log(cell("") + DIMENSIONS.map(cell).join(""));
  correlations(pairs).forEach((row, j) => console.log(cell(DIMENSIONS[j]) + row.map((r) => cell(r.toFixed(2))).join("")));
}

function main(option) {
  if (![undefined, "--check", "--report"].includes(option)) {
    console.error("usage: node score.mjs [--check | --report]");
    return 2;
  }
  const rubric = readRubric();
  const contents = new Map(FILES.map((file) => [file, JSON.parse(readFileSync(place(file), "utf8"))]));
  const candidates = new Map([...contents].map(([file, content]) => [file, candidatesOf(content.prompts, rubric)]));
  const scorer = scorers(candidates.get(DECK));
  const scored = new Map([...candidates].map(([file, list]) => [file, list.map((candidate) => ({ ...candidate, scores: scoresOf(candidate, scorer) }))]));

  if (option === "--report") report(contents.get(DECK), scored.get(DECK));
  else if (option === "--check") {
    const found = problems(contents, scored, rubric);
    for (const line of found) console.log(line);
    return found.length > 0 ? 1 : 0;
  } else write(contents, scored);
  return 0;
}

try {
  process.exitCode = main(process.argv[2]);
} catch (error) {
  console.error(error.message); // a file that is missing, not JSON, or a candidate without a rating
  process.exitCode = 1;
}
