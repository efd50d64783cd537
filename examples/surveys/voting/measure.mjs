// Measures on simulated voters how often the page, after ten of the theses, puts the party first that agrees with them most over
// all theses: `node voting/measure.mjs` after `node build.mjs`.
//
// A voter's opinion about a thesis is a lean on its topic plus one about the thesis alone. Their answer is one of five levels.

import { readFileSync } from "node:fs";
import { init, Leaning } from "leaning";
import { runnerImport } from "vite";

const QUESTIONS = 10;
const VOTERS = Number(process.argv[2] ?? 1000);
/** The cuts between the levels, in standard deviations of opinions. */
const CUTS = [-1.2, -0.4, 0.4, 1.2];

const load = async (name) => (await runnerImport(`./voting/${name}`, { configFile: false })).module;
const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
const { adviceFrom } = await load("deck.ts");
const { agreement, answered, predicted } = await load("positions.ts");
const [topics, fields] = ["topics.json", "fields.json"].map((name) => JSON.parse(read(name)));
const { deck, parties } = adviceFrom(read("theses.csv"), topics, fields);
const theses = new Map(
  deck.prompts.flatMap((prompt) => prompt.candidates.map((thesis) => [thesis.id, thesis.scores])),
);

/** Uniform numbers in (0, 1), the same in every run (mulberry32). */
function generator(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 || 0.5;
  };
}

/** The level, from 1 to 5, of each thesis by its id. `share` is that of the topics in the variance of opinions. */
function drawAnswers(share, uniform) {
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const weights = deck.dimensions.map(normal);
  const levels = [...theses].map(([id, scores]) => {
    const lean = scores.reduce((sum, score, topic) => sum + score * weights[topic], 0);
    const opinion = Math.sqrt(share) * lean + Math.sqrt(1 - share) * normal();
    return [id, 1 + CUTS.filter((cut) => opinion > cut).length];
  });
  return new Map(levels);
}

/** How much each party agrees with levels and views, by thesis. */
function agreements(levels, views = []) {
  const told = [...levels].map(([id, level]) => [id, answered((level - 3) / 2)]);
  return parties.map((party) => agreement(party, new Map([...views, ...told])));
}

const best = (values) => values.indexOf(Math.max(...values));

/** The parties' places that are named after the questions, by three ways. */
async function picksFor(levels, seed) {
  const interview = await Leaning.open({ deck, storage: "memory", seed, stop: { questions: QUESTIONS } });
  const asked = new Map();
  for (let question = interview.next(); question; question = interview.next()) {
    const id = question.candidates[0].name.split("/")[1];
    asked.set(id, levels.get(id));
    await interview.answer({ rating: levels.get(id) });
  }
  const weights = interview.profile().dimensions.map(({ mean }) => mean);
  const views = [...theses].map(([id, scores]) => {
    const reward = scores.reduce((sum, score, topic) => sum + score * weights[topic], 0);
    return [id, predicted(reward)];
  });
  const leans = interview.rank(parties)[0].index;
  interview.free();
  return { page: best(agreements(asked, views)), leansAlone: leans, answersAlone: best(agreements(asked)) };
}

await init();
for (const share of [0.8, 0.5, 0.2]) {
  const uniform = generator(1);
  const found = {};
  for (let voter = 1; voter <= VOTERS; voter++) {
    const answers = drawAnswers(share, uniform);
    const overall = agreements(answers);
    const picks = await picksFor(answers, voter);
    const [most, average] = [
      Math.max(...overall),
      overall.reduce((sum, value) => sum + value, 0) / overall.length,
    ];
    for (const [way, pick] of Object.entries(picks)) {
      found[way] ??= { first: 0, lost: 0, most: 0 };
      found[way].first += overall[pick] === most ? 1 : 0;
      found[way].lost += most - overall[pick];
      found[way].most += most - average;
    }
  }
  for (const [way, { first, lost, most }] of Object.entries(found))
    console.log(
      `topics ${share}, ${way}: first ${(first / VOTERS).toFixed(3)}, regret ${(lost / most).toFixed(3)}`,
    );
}
