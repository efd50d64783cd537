// Writes docs/element.md from the sources of the elements: `node docs/element.mjs`.
// `node docs/element.mjs --check` fails if the file is out of date.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { importSource } from "../js/import-source.mjs";
import { manifest } from "../js/manifest.mjs";

const { LANGUAGE_CODES } = await importSource("element/messages.ts");
const { default: english } = await importSource("lang/en.ts");
const { default: englishOtherKinds } = await importSource("lang/en-other-kinds.ts");
const { default: englishEnd } = await importSource("lang/en-end.ts");
const { default: englishCompareProfile } = await importSource("lang/en-compare-profile.ts");

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const read = (name) => readFileSync(path(name), "utf8");
const code = (text) => `\`${text}\``;

const elements = manifest().modules[0].declarations;
const [quiz] = elements;
const isShared = (list, { name }) =>
  elements.every((element) => element[list].some((item) => item.name === name));

function table(heads, rows) {
  const line = (cells) =>
    `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

/** The elements that have something of this name, as a table cell. */
function whereFound(list, name) {
  const found = elements.filter((element) => element[list].some((item) => item.name === name));
  return found.length === elements.length
    ? "all"
    : found.map(({ tagName }) => code(`<${tagName}>`)).join(", ");
}

/**
 * A row for each name in a list of all elements. An element that describes a shared name in its own way comes
 * along.
 */
function merged(list, cells) {
  const names = [...new Set(elements.flatMap((element) => element[list].map(({ name }) => name)))];
  return names.map((name) => {
    const items = elements.flatMap((element) => element[list].filter((item) => item.name === name));
    const descriptions = [...new Set(items.map(({ description }) => description))];
    return cells({ ...items[0], description: descriptions.join(" / ") });
  });
}

const attributeRow = ({ name, fieldName, type, description }) => [
  code(name),
  code(fieldName ?? name),
  code(type.text),
  description,
];
const shared = quiz.attributes.filter((attribute) => isShared("attributes", attribute));
const ofQuiz = quiz.attributes.filter((attribute) => !isShared("attributes", attribute));

const properties = merged("members", (member) => member)
  .filter(({ kind, attribute }) => kind === "field" && !attribute)
  .map(({ name, type, description }) => [
    code(name),
    whereFound("members", name),
    code(type.text),
    description,
  ]);

const methods = merged("members", (member) => member)
  .filter(({ kind }) => kind === "method")
  .map(({ name, parameters = [], description, return: { type } }) => {
    const signature = `${name}(${parameters.map((parameter) => `${parameter.name}: ${parameter.type.text}`).join(", ")}): ${type.text}`;
    return [code(signature), whereFound("members", name), description];
  });

const DETAILS = {
  "CustomEvent<LeaningProgress>": "`asked`",
  "CustomEvent<LeaningErrorDetail>": "`code`, `path`, `message`",
};
const events = quiz.events.map(({ name, description, type }) => [
  code(name),
  description,
  DETAILS[type.text],
]);

const slots = merged("slots", ({ name, description }) => [
  name ? code(name) : "(none)",
  whereFound("slots", name),
  description,
]);

const parts = merged("cssParts", ({ name, description }) => [
  code(name),
  whereFound("cssParts", name),
  description,
]);

const variables = quiz.cssProperties.map(({ name, description, default: value }) => [
  code(name),
  description,
  code(value),
]);

const themes = readdirSync(path("../js/themes")).map((name) => {
  const [, description] = read(`../js/themes/${name}`).match(/\/\* (.*) \*\//);
  return [code(`leaning/themes/${name}`), description];
});

const messages = Object.entries({
  ...english,
  ...englishEnd,
  ...englishOtherKinds,
  ...englishCompareProfile,
}).map(([key, text]) => [code(key), typeof text === "string" ? text : text.other]);

/** What a deck's answers, the buttons and the keys of each kind of question are. */
const kinds = [
  ["(nothing)", "One on each candidate.", "1 to 4 choose, 0 is a tie."],
  [
    code('"grades": 4'),
    "A scale below the candidates, much or a bit better for each, with the tie in the middle. It sticks to the bottom of a narrow screen.",
    "1 to 5 along the scale, from the first much better to the second much better; 3 is the tie. Without a tie, 1 to 4.",
  ],
  [
    code('"kind": "rating"'),
    "One for each level, from the lowest. Two levels are thumbs.",
    "1 to 9 are the levels.",
  ],
  [
    code('"kind": "best-worst"'),
    "Two on each candidate, best and worst. They may be taken back until both are taken.",
    "1 to 4 take the best, then the worst, or take back.",
  ],
  [
    code('"kind": "order"'),
    "One on each candidate, for the next place. A place that is taken back takes those after it along. The last follows by itself, and the rest may stay open.",
    "1 to 4 give the next place or take it back, 0 leaves the rest open.",
  ],
];

/** Fails unless the parts in the sources are those that the doc comments describe. */
function checkParts() {
  const files = readdirSync(path("../js/element"), { recursive: true }).filter((name) =>
    name.endsWith(".ts"),
  );
  const source = files.map((name) => read(`../js/element/${name}`)).join("\n");
  const places =
    /\bpart: "([\w-]+)"|\bverdict\("([\w-]+)"|\b(?:messages\.text\("\w+"(?:, \{ count: more \})?\)|"undo"),\s+"([\w-]+)",?\s*\)|\bsetAttribute\("part", "candidate ([\w-]+)"\)|\bpart\??\.toggle\("([\w-]+)"|\bbutton\("([\w-]+)"|\blook = "([\w-]+)"/g;
  const used = [...source.matchAll(places)].map((found) => found.slice(1).find(Boolean));
  const described = elements.flatMap(({ cssParts }) => cssParts.map(({ name }) => name));
  const difference = [
    ...used.filter((name) => !described.includes(name)),
    ...described.filter((name) => !used.includes(name)),
  ];
  if (difference.length > 0)
    throw new Error(`described but not there, or there but not described: ${difference}`);
}

checkParts();

const content = `<!-- Generated from the sources of the elements by \`node docs/element.mjs\`. -->
# The elements
\`import "leaning/element"\` defines three elements. Elements with the same deck and storage key share one interview.

${table(
  ["element", "purpose"],
  elements.map(({ tagName, description }) => [code(`<${tagName}>`), description]),
)}

\`leaning/element\` has the wasm module inside. For a page that serves \`leaning.wasm\` as a file of its own there is
\`leaning/element-slim\`, whose elements wait until the page has called \`init(url)\`. The package has a manifest of the
elements for editors, \`custom-elements.json\`.

## Attributes and properties
A property may be set before the element is defined. Setting an equal value changes nothing, even if it is a new object of
the same content; a new \`renderer\` renders the deck's texts again and nothing else.

All three elements:

${table(["attribute", "property", "type", "meaning"], shared.map(attributeRow))}

The languages are ${LANGUAGE_CODES.map(code).join(", ")}. German says *Sie*.
With \`lang="de-x-du"\` it says *du*, and with \`de-CH-x-du\` too, with the numbers of Switzerland. Browsers and screen
readers take such a tag for German, and a deck's \`words\` may have texts for it.

\`<leaning-quiz>\`:

${table(["attribute", "property", "type", "meaning"], ofQuiz.map(attributeRow))}

Properties without an attribute:

${table(["property", "element", "type", "meaning"], properties)}

The interview has the methods of the class \`Leaning\`, such as \`quiz.interview.rank(candidates)\`.
With \`rank(candidates, { atLeast: 0.9 })\` the pick for everybody comes first unless the best candidate is better for
this person with at least that probability; \`populationPick\` and \`probabilityBetter\` tell which it is, and how sure.

## Kinds of questions
The deck's \`answers\` say what the quiz asks for. Keys count only while the element has the focus, and a held key never
answers. The arrows move among the buttons of the candidates, and U undoes.

${table(["deck", "buttons", "keys"], kinds)}

\`<leaning-compare>\` asks for grades if the deck has them, and otherwise for a choice. Thumbs below the replies of a chat
need no element: \`interview.observe([reply], { rating: 2, of: 2 })\` is a thumb up, and \`rating: 1\` a thumb down.

## Methods
${table(["method", "element", "effect"], methods)}

## Events
Events do not bubble. Nothing in them depends on the answers.

${table(["event", "when", "detail"], events)}

## Slots
${table(["slot", "element", "content"], slots)}

## CSS variables
${table(["variable", "meaning", "default"], variables)}

## Themes
A theme is a small style sheet for a page to link. Each has light and dark colors.

Elements are light or dark as their page is, by its \`color-scheme\`; a page without one is light. A page with a dark switch
of its own sets \`color-scheme\` along with its colors, such as \`document.documentElement.style.colorScheme = "dark"\`, or
\`theme\` on each element.

${table(["file", "look"], themes)}

## CSS parts
\`::part\` reaches these. All other names inside the elements may change.

${table(["part", "element", "meaning"], parts)}

## Messages
\`element.messages = { choose: "Take number {place}" }\` replaces texts by key. Names in braces are filled in. A text that
depends on \`{count}\` may be an object with a text for each plural category of \`Intl.PluralRules\`.

${table(["key", "English"], messages)}
`;

const file = path("element.md");
if (process.argv.includes("--check")) {
  if (readFileSync(file, "utf8") !== content) {
    console.error("docs/element.md is out of date: run `node docs/element.mjs`");
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, content);
}
