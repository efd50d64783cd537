// A profile in words: for the person, and for an assistant's system prompt. The names of ends and dimensions
// are the deck's, in its language, as adjectives or nouns: no sentence inflects them or depends on their gender
// or number. The command line reads the same table (cli/src/words.rs).

import tables from "./lang/summary.json";
import { isSure, otherEnd } from "./sure.js";
import type { DimensionEstimate, Profile } from "./types.js";

type Table = (typeof tables)["en"];

/** From most to least. */
const STRENGTHS = ["strong", "fair", "slight"] as const;
const PREFER = { strong: "preferStrong", fair: "preferFair", slight: "preferSlight" } as const;

/** What is clear about a person's taste, in sentences for the person. */
export function summary(profile: Profile, language: string): string {
  const table = tableOf(language);
  const { sure, likely, indifferent } = told(profile);
  const sentences: string[] = [];
  const groups = (dimensions: DimensionEstimate[]): string => {
    const told: string[] = [];
    for (const strength of STRENGTHS) {
      const ends = endsOf(table, dimensions, strength, ({ end }) => end);
      // After "above all …", an end without a word of its own would seem to belong to that.
      const frame = strength === "fair" && told.length > 0 ? table.also : table[strength];
      if (ends) told.push(fill(frame, { ends }));
    }
    return told.join(table.semicolon);
  };
  if (sure.length > 0) sentences.push(fill(table.likes, { groups: groups(sure) }));
  if (likely.length > 0) {
    const frame = sure.length > 0 ? table.alsoProbably : table.likesProbably;
    sentences.push(fill(frame, { groups: groups(likely) }));
  }
  if (indifferent) sentences.push(fill(table.indifferent, { labels: indifferent.join(table.comma) }));
  return sentences.join(table.space) || table.nothing;
}

/**
 * The same for an assistant, without how sure it is. Empty if nothing is clear. Each end is told against the other, which
 * explains it to an assistant that does not know the deck.
 */
export function instructions(profile: Profile, language: string): string {
  const table = tableOf(language);
  const { sure, likely, indifferent } = told(profile);
  const rather = (one: DimensionEstimate): string =>
    fill(table.rather, { end: one.end, other: otherEnd(one) });
  const lines = STRENGTHS.flatMap((strength) => {
    const both = profile.dimensions.filter((one) => sure.includes(one) || likely.includes(one));
    const ends = endsOf(table, both, strength, rather);
    return ends ? fill(table[PREFER[strength]], { ends }) : [];
  });
  if (indifferent) lines.push(fill(table.indifferent, { labels: indifferent.join(table.comma) }));
  return lines.length > 0 ? [table.intro, ...lines].join("\n") : "";
}

/** The dimensions about which something is clear, in the deck's order. */
function told({ dimensions, answers }: Profile): {
  sure: DimensionEstimate[];
  likely: DimensionEstimate[];
  indifferent: string[] | undefined;
} {
  const known = answers > 0 || dimensions.some(({ statement }) => statement);
  const clear = known ? dimensions : [];
  const preferred = clear.filter(({ standing }) => standing === "leans" || standing === "middle");
  const labels = clear.filter(({ standing }) => standing === "indifferent").map(({ label }) => label);
  return {
    sure: preferred.filter(isSure),
    likely: preferred.filter((one) => !isSure(one)),
    indifferent: labels.length > 0 ? labels : undefined,
  };
}

/** The dimensions of a strength, each that leans in the words of `leaning`. */
function endsOf(
  table: Table,
  dimensions: DimensionEstimate[],
  strength: DimensionEstimate["strength"],
  leaning: (dimension: DimensionEstimate) => string,
): string {
  const ends = dimensions
    .filter((one) => one.strength === strength)
    .map((one) =>
      one.standing === "middle" ? fill(table.between, { low: one.low, high: one.high }) : leaning(one),
    );
  return ends.join(table.comma);
}

/** The table of a language, or else the English one. */
function tableOf(language: string): Table {
  const code = language.split("-", 1)[0]?.toLowerCase() ?? "";
  return Object.hasOwn(tables, code) ? tables[code as keyof typeof tables] : tables.en;
}

function fill(frame: string, values: Record<string, string>): string {
  return frame.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
