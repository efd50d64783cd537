// Writes docs/performance.md and its pictures from what was measured. `node bench/report.mjs target` writes them again
// from the last run.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bars, curves } from "./chart.mjs";
import { ROUND_TRIP, SLOWDOWN } from "./cold-start.mjs";
import { powerLaw } from "./growth.mjs";
import { digits, table, times, wrapped } from "./table.mjs";

const ENGINES = { chromium: "Chromium", firefox: "Firefox", webkit: "WebKit" };
/** The dimensions of the sizes that differ in pairs alone. */
const DIMENSIONS = 8;
/** The pairs of the sizes that differ in dimensions alone. */
const PAIRS = 100_000;
/** Answers before the next question. */
const ANSWERS = [5, 50];
/** With a coarser clock, in milliseconds, a median tells nothing and the mean is printed. */
const FINE = 0.1;
const MEGABYTE = 1e6;

/** Times of builds with other settings, by `cargo xtask bench --builds`. */
const BUILDS = JSON.parse(readFileSync(new URL("builds.json", import.meta.url), "utf8"));

/** Writes the page and its pictures. */
export function writePage(root, results) {
  const folder = join(root, "docs", "performance");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { text, pictures } = page(results);
  for (const [name, svg] of Object.entries(pictures)) writeFileSync(join(folder, `${name}.svg`), svg);
  writeFileSync(join(root, "docs", "performance.md"), text);
}

/** The page, and its pictures by name. */
export function page(results) {
  const engines = Object.entries(results.browsers).map(([key, measured]) => ({
    name: ENGINES[key],
    ...measured,
  }));
  const sections = [
    introduction(results, engines),
    nextQuestion(results, engines),
    otherPrograms(results),
    growth(results, engines),
    answering(engines),
    ranking(results, engines),
    opening(results, engines),
    memory(engines),
    coldStart(results),
    bytes(results),
    notMeasured(),
  ].filter(Boolean);
  return {
    text: `${wrapped(sections.map(({ text }) => text).join("\n\n"))}\n`,
    pictures: Object.assign({}, ...sections.map(({ pictures }) => pictures)),
  };
}

function introduction({ cores, system, isQuick, failures = [] }, engines) {
  const failed = failures.map(
    ({ browser, name, options, error }) =>
      `- ${ENGINES[browser]}, \`${name} ${JSON.stringify(options)}\`: \`${error}\``,
  );
  const repeated =
    failed.length > 0
      ? `\n\nThese measurements failed and were tried once more:\n\n${failed.join("\n")}`
      : "";
  const versions = engines.map(({ name, version }) => `${name} ${version}`).join(", ");
  const least = isQuick ? " It was a quick run, with fewer repetitions and without the largest decks." : "";
  return {
    text: `# How fast it is

\`cargo xtask bench\` measures everything here in one run and writes this page.${least} The machine had ${cores} cores (${system})
and may have been busy with other work, so the ratios within the run tell more than the times. The engines were
${versions}, and natively Rust with its release profile; the package is built for size. No test asserts a time or a
ratio.

Each time is the median of several rounds, in which what is compared takes turns. A round repeats its work for at least
50 ms and divides, since browsers' clocks are coarse: here their steps are
${engines.map(({ name, clock }) => `${digits(clock.step)} ms in ${name}`).join(", ")}. Times are in milliseconds.${repeated}`,
  };
}

function nextQuestion({ native }, engines) {
  const rows = engines.flatMap(({ name, question, limits }) =>
    question.map((measured) => {
      const { pairs, dimensions, answers, leaning, again, plain, unrolled } = measured;
      const limit = limitOf(measured, limits);
      return [
        name,
        sizeName(pairs, dimensions),
        answers,
        ...[leaning, again, plain, unrolled, limit].map(digits),
        ...[times(plain, leaning), times(unrolled, leaning), times(leaning, limit)],
      ];
    }),
  );
  const inRust = nativeQuestions(native);
  const nativeRows = inRust.map(({ pairs, dimensions, answers, leaning }) => [
    sizeName(pairs, dimensions),
    answers,
    digits(leaning),
  ]);
  const pictureAfter = (answers) => {
    const line = (question, time) => points(atDimensions(question, answers), "pairs", time);
    const leaning = engines.map(({ name, question }, group) => ({
      group,
      name: `Leaning, ${name}`,
      points: line(question, "leaning"),
    }));
    const plain = engines.map(({ name, question }, group) => ({
      group,
      name: `plain, ${name}`,
      points: line(question, "plain"),
      dashed: true,
    }));
    return curves({
      title: `Time of the next question after ${answers} answers, ${DIMENSIONS} dimensions`,
      xLabel: "pairs",
      yLabel: "milliseconds",
      series: [...leaning, ...plain],
    });
  };
  const speeds = engines.map(({ name, limits: { scalar, vector, stream } }) => [
    name,
    ...[scalar, vector, stream].map((perSecond) => digits(perSecond / 1e9)),
  ]);
  return {
    text: `## The next question

The default rule takes the pair with the highest expected information gain. Measured is \`next()\` after five answers and after
fifty, once the weights are inferred: the median of ten questions in turn, each after another answer; and *again*, without an
answer in between. Prompts have four candidates, and so six pairs each. *Plain* is a pass over the same pairs in JavaScript with
typed arrays: mean and variance of each pair's utility, and the D-optimal score. *Unrolled* has its inner loop written out four
terms at a time. For each pair both do less work than the exact gain takes, and they have the differences of all pairs in memory.
But they look at all pairs, while Leaning passes over prompts that cannot have the best one: most of them after a few answers,
fewer after many. A search leaves bounds behind by which the next one passes over more; an answer loosens them. *Limit* is the
time in which the machine, in wasm, could do the plain pass's multiply-adds with vectors of two, or read its numbers, whichever
takes longer.

![After five answers, by number of pairs](performance/next-question-after-5.svg)
![After fifty answers, by number of pairs](performance/next-question-after-50.svg)

${table(
  [
    "engine",
    "pairs × dimensions",
    "answers",
    "Leaning",
    "again",
    "plain",
    "unrolled",
    "limit",
    "plain / Leaning",
    "unrolled / Leaning",
    "Leaning / limit",
  ],
  rows,
  2,
)}

Natively, again. The decks and the person are other ones, drawn from the same distributions, and after few answers much is luck of
the deck; a ratio would compare the decks more than the machines.

${table(["pairs × dimensions", "answers", "native, again"], nativeRows)}

What the limits come from: 10⁹ multiply-adds in eight independent sums, and 10⁹ bytes read in a row, in a second.

${table(["engine", "multiply-adds", "in vectors of two", "bytes"], speeds)}`,
    pictures: Object.fromEntries(
      ANSWERS.map((answers) => [`next-question-after-${answers}`, pictureAfter(answers)]),
    ),
  };
}

function otherPrograms({ peers: measured, native }) {
  if (!measured) return null;
  const choices = [1_000, 10_000, 100_000];
  const names = [...new Set(measured.rows.map(({ name }) => name))];
  const rows = names.map((name) => {
    const of = measured.rows.filter((row) => row.name === name);
    const times = choices.map((pairs) => digits(of.find((row) => row.pairs === pairs)?.choose));
    return [name, digits(of[0].update), ...times];
  });
  const ours = choices.map((pairs) => digits(native[`next_question/after_5/${pairs}x8`]));
  const missing =
    measured.missing.length > 0 ? `\n\nNot found on this machine: ${measured.missing.join(", ")}.` : "";
  return {
    text: `## Other programs

The time of taking in an answer and of choosing among this many pairs, natively, after five answers, in eight dimensions. Those but jsCAT
are in NumPy (\`bench/peers.py\`): the published rule, mutual information over 100 samples as APReL has it, and
information gain of a Gaussian process on pairs as in BoTorch. jsCAT 5 runs in Node.js and chooses by Fisher information about a
single number, which is a simpler problem. The pairs are other ones, drawn from the same distributions.

${table(
  ["", "take in an answer", ...choices.map((pairs) => `of ${pairs.toLocaleString("en")} pairs`)],
  [["Leaning", digits(native["posterior/infer/8"]), ...ours], ...rows],
)}${missing}`,
  };
}

/** The native times of the next question as rows like those of a browser. */
function nativeQuestions(native) {
  return Object.entries(native)
    .filter(([name]) => name.startsWith("next_question/"))
    .map(([name, leaning]) => {
      const [answers, pairs, dimensions] = name.match(/\d+/g).map(Number);
      return { pairs, dimensions, answers, leaning };
    })
    .sort(
      (one, other) =>
        one.answers - other.answers || one.pairs - other.pairs || one.dimensions - other.dimensions,
    );
}

/** The rows that differ in pairs alone. */
const atDimensions = (question, answers) =>
  question.filter((row) => row.dimensions === DIMENSIONS && row.answers === answers);

/**
 * The least time for the plain pass: mᵀz and zᵀSz, whose matrix is symmetric, take d (d + 5) / 2 multiply-adds, and a
 * pair has 8 d bytes.
 */
function limitOf({ pairs, dimensions }, { vector, stream }) {
  const computing = (pairs * dimensions * (dimensions + 5)) / 2 / vector;
  const reading = (pairs * dimensions * 8) / stream;
  return 1000 * Math.max(computing, reading);
}

const sizeName = (pairs, dimensions) => `${pairs.toLocaleString("en")} × ${dimensions}`;

function growth({ native }, engines) {
  const inRust = nativeQuestions(native);
  const logs = Object.entries(native)
    .filter(([name]) => name.startsWith("open_log/"))
    .map(([name, open]) => ({ answers: Number(name.split("/")[1]), open }));
  const all = [...engines, { name: "native", question: inRust, logs, decks: [] }];
  const byPairs = (answers, time) => (of) => points(atDimensions(of.question, answers), "pairs", time);
  const byDimensions = (answers, time) => (of) =>
    points(
      of.question.filter((row) => row.pairs === PAIRS && row.answers === answers),
      "dimensions",
      time,
    );
  const kinds = [
    ...ANSWERS.map((answers) => [
      `next question after ${answers} answers, by pairs`,
      byPairs(answers, "leaning"),
    ]),
    ["plain pass, by pairs", byPairs(ANSWERS[0], "plain")],
    ...ANSWERS.map((answers) => [
      `next question after ${answers} answers, by dimensions`,
      byDimensions(answers, "leaning"),
    ]),
    ["plain pass, by dimensions", byDimensions(ANSWERS[0], "plain")],
    ["opening a log, by answers", (of) => points(of.logs, "answers", "open")],
    ["opening a deck, by prompts", (of) => points(of.decks, "prompts", "open")],
  ];
  const exponent = (of) => (of.length > 1 ? powerLaw(of).exponent.toFixed(2) : undefined);
  return {
    text: `## How the cost grows

The exponent b of \`time = a · size^b\`, by least squares on the logarithms: 1 where ten times as much takes ten times as long.
By pairs it is at ${DIMENSIONS} dimensions, and by dimensions at ${PAIRS.toLocaleString("en")} pairs. After few answers it also depends on
how soon the rule meets a pair that no other can beat, which is luck of the deck.

${table(
  ["", ...all.map(({ name }) => name)],
  kinds.map(([name, of]) => [name, ...all.map((engine) => exponent(of(engine)))]),
)}`,
  };
}

const points = (rows, size, time) =>
  rows.filter((row) => row[size] > 0 && row[time] > 0).map((row) => [row[size], row[time]]);

/** The median of single times, or their mean where the clock is too coarse. Undefined for what could not be measured. */
const value = ({ clock }, part) => (clock.step <= FINE ? part?.median : part?.mean);

function answering(engines) {
  const names = ["answer", "infer", "next", "status"];
  const rows = engines.map((engine) => [
    engine.name,
    ...[...names, "all"].map((name) => digits(value(engine, engine.answering[name]))),
  ]);
  return {
    text: `## From an answer to the next question

On the demo's deck (34 prompts, six dimensions): store the answer in \`localStorage\`, infer the weights, choose the next question and ask for the
status. These are medians of 40 answers one after the other, each step on its own, in a page that was just opened.

![From an answer to the next question](performance/answer.svg)

${table(["engine", "answer and store", "infer", "next", "status", "all"], rows)}`,
    pictures: {
      answer: bars({
        title: "From an answer to the next question",
        unit: "ms",
        parts: ["answer and store", "infer", "next", "status"],
        rows: engines
          .filter(({ answering }) => answering.all)
          .map((engine) => ({
            name: engine.name,
            values: names.map((name) => value(engine, engine.answering[name])),
          })),
      }),
    },
  };
}

function ranking({ native }, engines) {
  const rows = engines.map((engine) => {
    const [first, again] = [value(engine, engine.ranking.first), value(engine, engine.ranking.again)];
    return [engine.name, digits(first), digits(again), times(first, again)];
  });
  const inRust = [8, 16, 32]
    .filter((d) => native[`rank/first/${d}`])
    .map((d) => [
      d,
      ...["posterior/infer", "posterior/draw", "rank/first", "rank/again"].map((name) =>
        digits(native[`${name}/${d}`]),
      ),
    ]);
  return {
    text: `## Ranking

Sixteen candidates of the demo's deck, right after an answer and again. The first time infers the weights and draws the
posterior's samples, which are kept until the next answer.

${table(["engine", "right after an answer", "again", "first / again"], rows)}

Natively after ten answers: the Laplace approximation, the samples, and ranking with and without drawing them.

${table(["dimensions", "infer", "draw", "draw and rank", "rank again"], inRust)}`,
  };
}

function opening({ native }, engines) {
  const logRows = (engines[0]?.logs ?? []).map(({ answers, characters }, place) => [
    answers.toLocaleString("en"),
    digits(characters / 1000),
    ...engines.map(({ logs }) => digits(logs[place].open)),
    digits(native[`open_log/${answers}`]),
  ]);
  const deckRows = (engines[0]?.decks ?? []).map(({ prompts, characters }, place) => [
    prompts.toLocaleString("en"),
    digits(characters / 1000),
    ...engines.flatMap(({ decks }) => [
      digits(decks[place].open),
      times(decks[place].open, decks[place].parse),
    ]),
  ]);
  const textRows = (engines[0]?.texts ?? []).map(({ characters }, place) => [
    digits(characters / 1e6),
    ...engines.flatMap(({ texts }) => [digits(texts[place].first), digits(texts[place].parse)]),
  ]);
  return {
    text: `## Opening logs and decks

The demo's deck with a stored log that nothing has summed up yet. Leaning sums up a log's oldest answers as it grows, so
that a log that it wrote has at most 768 entries. Natively the deck is another one, of eight dimensions.

${table(["answers", "kB", ...engines.map(({ name }) => name), "native"], logRows)}

A deck from its JSON text, with two candidates a prompt and six dimensions, and how many times as long it takes as
\`JSON.parse\` of the same text.

${table(["prompts", "kB", ...engines.flatMap(({ name }) => [name, "/ parse"])], deckRows)}

![Opening a deck by number of prompts](performance/opening.svg)

A profile of opening 100,000 prompts showed where the time went before ids and scores crossed to the module in three
lists: of 1.17 s, 0.64 s were spent on values that crossed one by one, 0.24 s on building the deck, a third of it on
writing out places for errors that did not occur, 0.2 s on \`JSON.parse\`, and 0.05 s on places of texts.

A deck with long texts, from its bytes to the first question, in a page that has just loaded; and \`JSON.parse\` of its text.
The texts stay in JavaScript.

${table(["MB", ...engines.flatMap(({ name }) => [name, "parse"])], textRows)}`,
    pictures: {
      opening: curves({
        title: "Opening a deck, and reading its text as JSON",
        xLabel: "prompts",
        yLabel: "milliseconds",
        series: [
          ...engines.map(({ name, decks }, group) => ({
            group,
            name: `Leaning, ${name}`,
            points: points(decks, "prompts", "open"),
          })),
          ...engines.map(({ name, decks }, group) => ({
            group,
            name: `JSON.parse, ${name}`,
            points: points(decks, "prompts", "parse"),
            dashed: true,
          })),
        ],
      }),
    },
  };
}

function memory(engines) {
  const [engine] = engines;
  if (!engine) return null;
  const rows = [
    ["the module alone", engine.clock],
    ["the demo's deck and 40 answers", engine.answering],
    ["the demo's deck after rankings", engine.ranking],
    ...engine.question.map((row) => [
      `${sizeName(row.pairs, row.dimensions)} after ${row.answers} answers`,
      row,
    ]),
    ...engine.decks.map((row) => [
      `a deck of ${row.prompts.toLocaleString("en")} prompts, opened and freed several times`,
      row,
    ]),
    ...engine.texts.map((row) => [`a deck of ${digits(row.characters / 1e6)} MB, most of it texts`, row]),
  ];
  const kept = [
    ["questions to one person, 20,000 × 8", engine.asking, engine.asking.questions],
    ["quizzes put into a page and taken out", engine.mounting, engine.mounting.mounts],
  ].map(([name, { memories, objects }, count]) => [
    name,
    count.toLocaleString("en"),
    ...[...memories, ...objects].map((size) => digits(size / MEGABYTE)),
  ]);
  const texts = engine.texts
    .map(
      ({ characters, objects }) =>
        `${digits(objects / MEGABYTE)} MB for one of ${digits(characters / 1e6)} MB`,
    )
    .join(", ");
  return {
    text: `## Memory

The wasm module's memory after each measurement, in a page of its own, in ${engine.name}. It never shrinks. The deck's
texts, which JavaScript keeps, come on top: ${texts}.

${table(
  ["", "MB"],
  rows.map(([name, { memory: size }]) => [name, digits(size / MEGABYTE)]),
)}

The same after a tenth of a long use, and after all of it; and JavaScript's objects that something still holds. A test holds the
module to that (\`tests/unit/memory.test.mjs\`).

${table(["", "count", "MB after a tenth", "MB after all", "objects after a tenth", "objects after all"], kept)}`,
  };
}

function coldStart({ coldStart: measured }) {
  if (!measured) return null;
  const network = (megabits) => (megabits === null ? "none" : `${megabits} Mbit/s`);
  const starts = measured.flatMap(({ protocol, megabits, ...caches }) =>
    Object.entries(caches).map(([cache, times]) => ({
      protocol,
      network: network(megabits),
      cache,
      ...times,
    })),
  );
  const parts = ["page", "scripts", "module", "compiled", "deck", "ready"];
  return {
    text: `## Cold start

From the navigation to the first question of the demo's page in Chromium, with nothing stored. The server is on the same
machine and compresses files with brotli. Without a limit neither the network nor the processor is slowed down. On
the slow networks a round trip takes ${ROUND_TRIP} ms and the processor is ${SLOWDOWN} times as slow, by Chromium's own throttles. With a
warm cache the browser has every file, and perhaps compiled code. Each time counts from the beginning of the navigation, and
is a median. The module compiles while it arrives. Over HTTP/2 there is no warm cache: Chromium
keeps no file of a server whose certificate it does not know.

![From the navigation to the first question](performance/cold-start.svg)

${table(
  [
    "protocol",
    "limit",
    "cache",
    "page is here",
    "scripts are here",
    "module is here",
    "compiled",
    "deck is here",
    "first question",
  ],
  starts.map((start) => [
    start.protocol,
    start.network,
    start.cache,
    ...parts.map((part) => digits(start[part])),
  ]),
  3,
)}

The page names its scripts, the module and the deck for the browser to fetch early (\`modulepreload\`, \`preload\`), and
the element is in four files. When the page did not name them, the module began to load when the scripts ran: in one run at 9
Mbit/s the first question came after 1.74 s instead of 1.34 s, and at 1.6 Mbit/s after 2.82 s instead of 1.98 s. The rest
is mostly round trips: the page, its scripts, and the scripts that they import come one after the other.`,
    pictures: {
      "cold-start": bars({
        title: "From the navigation to the first question, Chromium",
        unit: "ms",
        parts: ["page", "scripts", "module, compiled, and deck", "until the first question"],
        rows: starts.map(({ protocol, network, cache, page, scripts, compiled, deck, ready }) => {
          const loaded = Math.max(scripts, compiled, deck);
          return {
            name: `${protocol}, ${network}, ${cache}`,
            values: [page, scripts - page, loaded - scripts, Math.max(0, ready - loaded)],
          };
        }),
      }),
    },
  };
}

/** A function's name that fits into a table. */
const shortened = (name) => (name.length <= 90 ? name : `${name.slice(0, 89)}…`);

function bytes({ sizes, functions }) {
  const shares = (all) =>
    all
      .filter(([, size]) => size >= functions.total / 200)
      .map(([name, size]) => [`\`${name}\``, digits(size / 1000), digits((100 * size) / functions.total)]);
  const [own] = sizes.filter(({ name }) => name === "leaning");
  const rows = sizes.map(({ name, version, what, raw, brotli }) => [
    version ? `\`${name}\` ${version}` : `\`${name}\``,
    what,
    digits(raw / 1000),
    digits(brotli / 1000),
    times(brotli, own.brotli),
  ]);
  const alone =
    sizes.length === 1 ? "\n\nnpm could not be reached in this run, so that other packages are missing." : "";
  return {
    text: `## Bytes

What a page downloads of packages that put something to answer on it, with their dependencies: minified, and compressed
with brotli. They do different things. \`cargo xtask size\` has the files of ours one by one.

![Compressed bytes](performance/bytes.svg)

${table(["package", "what it is", "kB", "kB, brotli", "/ ours"], rows, 2)}${alone}

The functions of our module come from these crates, before compression, and those of the library from these folders. A
library's share includes what the compiler makes of its generic code for our types. \`cargo xtask size\` prints it, too.

${table(["crate", "kB", "%"], shares(functions.crates))}

${table(["folder of the library", "kB", "%"], shares(functions.folders))}

The largest functions:

${table(
  ["function", "kB"],
  functions.largest.map(([name, size]) => [`\`${shortened(name)}\``, digits(size / 1000)]),
)}

### Size against speed

Builds of the module, from a run of \`cargo xtask bench --builds\` in Node.js, in which they took turns: kilobytes compressed, and
milliseconds of the next question of 100,000 × 8 after fifty answers, of a ranking right after an answer, of opening a deck of 10,000 prompts,
and of taking in a log of 1,000 answers. Times are lower quartiles, and in brackets how many times that of the published
build.

${table(
  ["build", "kB", "next question", "ranking", "deck", "log"],
  BUILDS.map((build) => [
    build.name,
    digits(build.brotli / 1000),
    ...["next", "rank", "deck", "log"].map(
      (part) => `${digits(build[part])} (${(build[part] / BUILDS[0][part]).toFixed(2)})`,
    ),
  ]),
)}

The fastest build, \`opt-level\` 3 with SIMD, saves about half a millisecond of a ranking and a quarter of a question about
100,000 pairs. It is a third larger, which takes a visitor on a slow network (1.6 Mbit/s) a third of a second more. So the package
is built for size. SIMD alone saves a kilobyte and 4 to 9 % of the time; the module would need Safari 16.4 then, as the elements
do anyway.`,
    pictures: {
      bytes: bars({
        title: "Bytes to download (brotli)",
        unit: "kB",
        rows: sizes.map(({ name, brotli }) => ({ name, values: [brotli / 1000] })),
      }),
    },
  };
}

function notMeasured() {
  return {
    text: `## What is not measured

- More than a million pairs or 100,000 prompts, which no deck may have.
- APReL and BoTorch themselves. What they compute is measured in NumPy.
- Painting: times end when the package returns, except for the cold start.`,
  };
}

const [script, target] = process.argv.slice(1);
if (script === fileURLToPath(import.meta.url)) {
  const results = JSON.parse(readFileSync(join(target, "bench", "results.json"), "utf8"));
  writePage(fileURLToPath(new URL("../", import.meta.url)), results);
}
