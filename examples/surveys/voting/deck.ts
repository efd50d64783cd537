// A table of theses and parties becomes a deck. Its columns are `id`, `prompt`, `text`, one for each topic, and one for
// each party. A topic's column says to which end a yes leans: 1 for the high end, -1 for the low one, 0 for another topic.

import type { Deck } from "leaning";
import Papa from "papaparse";
import { keptShare, meanPosition, type Party } from "./positions";

export type Topics = Record<string, { label: string; low: string; high: string }>;

export interface Advice {
  deck: Deck;
  parties: Party[];
  /** The share of the differences between parties, thesis by thesis, that their means by topic keep. */
  kept: number;
}

const TEXTS = ["id", "prompt", "text"];

/** The extra fields are the deck's words and kind of answers. Throws an Error that names the line and the column. */
export function adviceFrom(csv: string, topics: Topics, fields: Partial<Deck>): Advice {
  const { data: rows, meta } = Papa.parse<Record<string, string>>(csv, {
    header: true,
    skipEmptyLines: "greedy",
  });
  const columns = meta.fields ?? [];
  const ids = Object.keys(topics);
  const missing = [...TEXTS, ...ids].find((name) => !columns.includes(name));
  if (missing) throw new Error(`The table has no column ${missing}.`);
  const numbers = (name: string) => rows.map((row, line) => readNumber(row[name], name, line + 2));

  const leans = ids.map(numbers).map((column) => column.map((lean) => lean ?? 0));
  for (const [place, column] of leans.entries()) {
    if (column.some((lean) => lean > 0) && column.some((lean) => lean < 0)) continue;
    throw new Error(
      `All theses about ${ids[place]} lean the same way. Word about half of them the other way round.`,
    );
  }
  const names = columns.filter((name) => !TEXTS.includes(name) && !ids.includes(name));
  const positions = toSigned(names.map(numbers));
  const parties = names.map((id, party) => ({
    id,
    scores: leans.map((lean) => meanPosition(lean, positions[party]!)),
    positions: new Map(rows.map((row, thesis) => [row.id!, positions[party]![thesis]!])),
  }));

  const prompts = [...new Set(rows.map(({ prompt }) => prompt!))].map((id) => ({
    id,
    text: topics[id]?.label ?? id,
    candidates: rows.flatMap((row, line) =>
      row.prompt === id ? { id: row.id!, text: row.text!, scores: leans.map((lean) => lean[line]!) } : [],
    ),
  }));
  const dimensions = ids.map((id) => ({ id, ...topics[id]! }));
  const deck: Deck = {
    format: "leaning-deck/1",
    id: "voting-advice",
    version: "1",
    dimensions,
    prompts,
    ...fields,
  };
  return { deck, parties, kept: keptShare(leans, positions, parties) };
}

/** Null for an empty cell. */
function readNumber(cell: string | undefined, column: string, line: number): number | null {
  if (cell === undefined || cell.trim() === "") return null;
  const number = Number(cell);
  if (!Number.isFinite(number)) throw new Error(`Line ${line}, ${column}: “${cell}” is not a number.`);
  return number;
}

/** Positions from 1 to 5 become positions from -1 to 1. */
function toSigned(positions: (number | null)[][]): (number | null)[][] {
  const isScale = positions.flat().some((position) => position !== null && position > 1);
  return positions.map((own) =>
    own.map((position) => (isScale && position !== null ? (position - 3) / 2 : position)),
  );
}
