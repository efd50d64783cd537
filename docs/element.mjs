// Writes docs/element.md: its tables of attributes, variables, parts and messages come from the source.
// `node docs/element.mjs` writes it, `node docs/element.mjs --check` fails where it is not what the source says.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CODES } from "../js/element/messages.js";
import english from "../js/lang/en.js";
import more from "../js/lang/en-more.js";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const read = (name) => readFileSync(path(name), "utf8");
const sources = (ending) => readdirSync(path("../js/element")).filter((name) => name.endsWith(ending)).map((name) => [name, read(`../js/element/${name}`)]);

/** What each attribute means; which there are, and their properties, is read from the source. */
const ATTRIBUTES = {
  deck: "URL of the deck; as a property also the deck itself (object, JSON bytes or safetensors bytes).",
  storage: "`local` (unless given) or `memory`: where the answers are kept.",
  "storage-key": "The key in `localStorage`; `leaning:` and the deck's id unless given. Elements with one deck and key share one interview.",
  theme: "`light` or `dark`; as the page is unless given.",
  lang: `Language of the element's own words, as everywhere in HTML the nearest one: ${CODES.map((code) => `\`${code}\``).join(", ")}.`,
  "max-questions": "At most so many answers; 12 unless given.",
  "stop-regret": "Ends when what is expected to be lost by picking for this person is below this share.",
  "stop-gain": "Ends when the best question left would tell less than so many bits.",
  choose: "How many answers a question shows, 2 to 4; what the deck says unless given.",
  strategy: "How questions are chosen: `information-gain` unless given.",
  seed: "Makes the sides on which answers stand predictable, for tests.",
};

/** What each part is; which there are is read from the source. */
const PARTS = {
  quiz: "The interview, question or end.",
  where: "How far it has come.",
  count: "How many questions, or how many answers it rests on.",
  fit: "How well picks would fit.",
  progress: "The bar of that.",
  page: "The question with its answers and buttons.",
  prompt: "The question.",
  ask: "What is wanted of the person.",
  candidates: "The answers to choose from.",
  candidate: "One of them.",
  answer: "Its number.",
  text: "Its text.",
  fold: "The button that unfolds a long text.",
  more: "What that button says while it is folded.",
  less: "What that button says once it is unfolded.",
  choose: "The button that chooses it.",
  others: "The other buttons.",
  other: "One of them.",
  why: "“Why this question?”",
  keys: "What the keys do.",
  live: "What a screen reader is told.",
  done: "The heading of the end and of the profile.",
  reason: "Why it is over.",
  learned: "What holds the picture at the end.",
  kept: "Where the answers are.",
  "sure-forget": "“Delete all your answers?”",
  error: "What went wrong.",
  dimensions: "The picture of what was learned.",
  dimension: "One dimension of it.",
  meaning: "Its name and what it means in words.",
  label: "Its name.",
  words: "What it means in words.",
  sure: "How sure that is.",
  scale: "Its two ends and what lies between.",
  low: "The low end.",
  high: "The high end.",
  compare: "Two drafts of a chat.",
  stays: "That the choice stays on the device.",
  profile: "The profile.",
  known: "What it rests on, and what is odd about it.",
  diagnosis: "What is odd about the answers.",
  hint: "How to read and move the dots.",
  track: "The axis with its interval and dot.",
  slider: "The dot, which the person may move.",
  own: "That the person has said it themselves.",
  stated: "The words of that.",
  "other-way": "“What if it were the other way?”",
  "other-way-said": "The answer to that.",
  changed: "How many picks would change.",
  "example-prompt": "The question of an example.",
  example: "What is picked for it now, and what would be.",
  pick: "One of the two.",
  excerpt: "The beginning of a text.",
  table: "The disclosure of the table.",
  "table-scroll": "What scrolls where the table is too wide.",
  numbers: "The table.",
  answers: "What each answer moved.",
  "answers-title": "Its heading.",
  "answer-list": "The answers, the latest first.",
  "said-answer": "One of them.",
  what: "What was asked and said.",
  question: "The question that was answered.",
  verdict: "How it was answered.",
  moved: "What it has moved.",
  move: "One end towards which it has moved, with its bar.",
  delete: "The button that deletes it.",
  said: "What has just happened.",
};

function attributes() {
  const found = new Map([["lang", "lang"], ["deck", "deck"]]);
  for (const [, source] of sources(".js")) {
    for (const [, table] of source.matchAll(/REFLECTED = \{([^}]*)\}/g)) {
      for (const [, property, quoted] of table.matchAll(/(\w+): "([\w-]+)"/g)) found.set(quoted, property);
    }
  }
  return described(found.keys(), ATTRIBUTES, "attribute").map(([name, what]) => [`\`${name}\``, `\`${found.get(name)}\``, what]);
}

/** The methods of the interview that the elements have too. */
function methods() {
  const [, body] = read("../js/core.js").match(/^export class Leaning .*\{\n([^]*?)^\}/m);
  const names = [...body.matchAll(/^ {2}(?:async )?(\w+)\(.*\) \{$/gm)].map(([, name]) => name);
  return names.filter((name) => !["constructor", "configure", "forget", "free"].includes(name));
}

function variables() {
  const found = new Map();
  for (const [, source] of sources(".css")) {
    for (const [, variable, rest] of source.matchAll(/var\((--leaning-[\w-]+), ([^\n]*)/g)) {
      const [, value, what] = rest.match(/^(.*)\);(?: \/\* (.*) \*\/)$/) ?? [];
      // What is left of a function around it.
      if (what) found.set(variable, [value.includes("(") ? value : value.replace(/\)$/, ""), what]);
      else if (!found.has(variable)) found.set(variable, null);
    }
  }
  for (const [variable, known] of found) if (!known) throw new Error(`${variable} has no comment in js/element/*.css`);
  return [...found].map(([variable, [value, what]]) => [`\`${variable}\``, what, `\`${value}\``]);
}

function parts() {
  const found = new Set();
  for (const [, source] of sources(".js")) {
    const patterns = [
      /\bpart\(\s*"\w+",\s*"([\w-]+)"/g,
      /\bpart: "([\w-]+)"/g,
      /\bspan\("([\w-]+)"/g,
      /(?<!#)\b(?:end|foreign|text)\("([\w-]+)"/g,
      /#(?:text|foreign)\("\w+", "([\w-]+)"/g,
      /#button\("([\w-]+)", [\w"-]+, "/g,
      /\bbutton\("(choose|other)"/g,
      /(?<![.\w])words\((?:"p", )?"([\w-]+)", /g,
    ];
    for (const pattern of patterns) for (const [, name] of source.matchAll(pattern)) found.add(name);
  }
  return described(found, PARTS, "part").map(([name, what]) => [`\`${name}\``, what]);
}

/** The descriptions of what was found, in the order of the descriptions; each has one and none is left over. */
function described(found, descriptions, kind) {
  const names = [...found];
  const missing = names.filter((name) => !Object.hasOwn(descriptions, name));
  const gone = Object.keys(descriptions).filter((name) => !names.includes(name));
  if (missing.length || gone.length) throw new Error(`docs/element.mjs: no ${kind} is described of ${missing}; no longer there: ${gone}`);
  return Object.entries(descriptions);
}

const messages = () =>
  Object.entries({ ...english, ...more }).map(([key, text]) => [`\`${key}\``, typeof text === "string" ? text : (text.other ?? "")]);

function table(heads, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

const themes = readdirSync(path("../js/themes")).map((name) => {
  const [, what] = read(`../js/themes/${name}`).match(/\/\* (.*) \*\//);
  return [`\`leaning/themes/${name}\``, what];
});

const content = `# The elements
Written by \`node docs/element.mjs\` from the source; see there before you change anything here.

\`import "leaning/element"\` defines \`<leaning-quiz>\`, the interview; \`<leaning-compare>\`, which of two drafts of a chat is
better; and \`<leaning-profile>\`, what was learned. Elements with the same deck and storage key share one interview.

## Attributes and properties
The first five are of all three elements, the others of \`<leaning-quiz>\`. A property that is set before the element is
defined counts. One that is set to an equal value changes nothing, though it be a new deck, list or table of the same
content; a new \`renderer\` draws the deck's texts anew, and nothing else.

${table(["attribute", "property", "what it is"], attributes())}

Properties alone: \`messages\`, texts that replace the element's own (below); \`renderer\`, \`(text) => Node\`, which makes the
node of a deck's text (\`leaning/markdown\` has one), also of one that may come next and is not shown yet; \`candidates\` of
\`<leaning-compare>\`, the drafts there are now; \`leaning\`, the interview, once \`leaning-ready\` was heard.

## Methods
Those of the interview (\`js/index.d.ts\` has each): ${methods().map((name) => `\`${name}\``).join(", ")}.
Before \`leaning-ready\` they throw \`not-ready\`; \`forget()\` removes even a log that could not be read.
\`ask(candidates)\` of \`<leaning-compare>\` asks about drafts if it is worth it, and promises the place of the one that is
preferred, or null.

## Events
They do not bubble, and tell counts, never what was answered.

| event | when | detail |
| --- | --- | --- |
| \`leaning-ready\` | It shows something, and the interview may be used. | \`asked\`, \`answered\`, \`remaining\` |
| \`leaning-answer\` | An answer was given or taken back: here, in an element that shares the interview, by the page or in another tab. | the same |
| \`leaning-done\` | The interview is over. | the same |
| \`leaning-error\` | Something went wrong, and the person was told. | \`code\`, \`path\` |

## Slots
\`intro\` stands before the first question, \`done\` at the end, \`error\` in place of what cannot be shown. What is inside the
element without a slot shows until it is ready, and where WebAssembly is not allowed.

## Variables
${table(["variable", "what it is", "unless given"], variables())}

## Themes
Small style sheets for a page to link, each for light and dark:

${table(["file", "what it is like"], themes)}

## Parts
For \`::part\`, which reaches what the variables do not.

${table(["part", "what it is"], parts())}

## Messages
\`element.messages = { choose: "Take number {place}" }\` replaces texts by their keys. What stands in braces is filled in. A
text that depends on \`{count}\` may be an object with a text for each plural category of \`Intl.PluralRules\`.

${table(["key", "English"], messages())}
`;

const file = path("element.md");
if (process.argv.includes("--check")) {
  if (read("element.md") !== content) {
    console.error("docs/element.md is not what the source says: run `node docs/element.mjs`");
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, content);
}
