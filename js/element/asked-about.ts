// The beginnings of the messages and drafts of a chat that were asked about, for the person to tell their answers apart.
// They are kept in memory only: in the log, and in what is saved of it, there is no word of a chat.

import type { Leaning } from "../core.js";

/** The number of letters that are kept. */
const KEPT = 80;

/** What an answer was about. */
interface AskedAbout {
  /** Empty if the page did not say. */
  message: string;
  /** The texts of the drafts, in the order in which they were shown. */
  drafts: string[];
}

const remembered = new WeakMap<Leaning, Map<string, AskedAbout>>();

/** Remembers what the latest answer of an interview was about. */
export function rememberAsked(interview: Leaning, { message, drafts }: AskedAbout): void {
  const id = interview.entries(1)[0]?.id;
  if (id === undefined) return;
  const ofInterview = remembered.get(interview) ?? new Map<string, AskedAbout>();
  const asked = { message: beginning(message), drafts: drafts.map(beginning) };
  remembered.set(interview, ofInterview.set(id, asked));
}

/** The beginnings of what an answer was about, if it was given since the page was loaded. */
export function askedAbout(interview: Leaning, id: string): AskedAbout | undefined {
  return remembered.get(interview)?.get(id);
}

function beginning(text: string): string {
  const letters = [...text];
  if (letters.length <= KEPT) return text;
  // Not in the middle of a word, in languages with spaces.
  const words = letters
    .slice(0, KEPT + 1)
    .join("")
    .replace(/\s+\S*$/u, "");
  return `${[...words].slice(0, KEPT).join("")}…`;
}
