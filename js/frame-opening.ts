// The one message that a page sends into the sealed frame, as a text: a text has a length that can be checked
// before anything else is, and no getters.

import type { Candidate } from "./types.js";

/** The most characters of the message. */
export const LONGEST_OPENING = 8_000_000;
const MOST_QUESTIONS = 200;
/** The most days for which answers can be kept, other than for ever. */
const MOST_DAYS = 36_500;
/** The most candidates that the frame may choose from. */
export const MOST_CANDIDATES = 200;
const LANGUAGE = /^[a-z]{2,8}(-[a-z\d]{1,8}){0,6}$/i;

export interface Opening {
  format: "leaning-frame/1";
  /** The JSON text of the deck, which the interview checks. */
  deck: string;
  candidates: (Candidate & { text: string })[];
  maxQuestions: number;
  /** The number of days for which answers are kept; null until the person deletes them. */
  retention: number | null;
  language: string;
  theme: "light" | "dark" | null;
}

/** Reads the message. Null if it is anything else. */
export function readOpening(data: unknown): Opening | null {
  if (typeof data !== "string" || data.length > LONGEST_OPENING) return null;
  let given: Partial<Opening> | null;
  try {
    given = JSON.parse(data);
  } catch {
    return null;
  }
  if (typeof given !== "object" || given === null) return null;
  const { format, deck, candidates, maxQuestions, retention = null, language, theme } = given;
  if (format !== "leaning-frame/1") return null;
  const opening = { format, deck, candidates, maxQuestions, retention, language, theme };
  return faultIn(opening) ? null : (opening as Opening);
}

/** What of an opening is wrong, and what was expected. */
interface OpeningFault {
  path: string;
  expected: string;
}

/** What is wrong with an opening, if anything: so a page hears of it when it creates the frame. */
export function faultIn({ deck, candidates, ...options }: Unchecked): OpeningFault | null {
  const { maxQuestions, retention, language, theme } = options;
  const most = `expected a list of at most ${MOST_CANDIDATES} candidates, each with a text`;
  const checks: [path: string, isRight: boolean, expected: string][] = [
    ["deck", typeof deck === "string", "expected a deck, or its JSON text"],
    ["candidates", isShowable(candidates), most],
    [
      "maxQuestions",
      isWhole(maxQuestions, MOST_QUESTIONS),
      `expected a whole number from 1 to ${MOST_QUESTIONS}`,
    ],
    [
      "retention",
      retention === null || isWhole(retention, MOST_DAYS),
      `expected a whole number from 1 to ${MOST_DAYS}`,
    ],
    ["language", isLanguage(language), "expected a BCP 47 tag such as de"],
    ["theme", theme === "light" || theme === "dark" || theme === null, "expected light or dark"],
  ];
  const [path, , expected] = checks.find(([, isRight]) => !isRight) ?? [];
  return path && expected ? { path, expected } : null;
}

/** Whether this looks like a language tag. */
export function isLanguage(value: unknown): value is string {
  return typeof value === "string" && LANGUAGE.test(value);
}

function isShowable(candidates: unknown): boolean {
  return (
    Array.isArray(candidates) &&
    candidates.length <= MOST_CANDIDATES &&
    candidates.every(
      (candidate: unknown) =>
        typeof candidate === "object" &&
        candidate !== null &&
        "text" in candidate &&
        typeof candidate.text === "string",
    )
  );
}

/** The fields of an opening, as somebody sent them. */
type Unchecked = { [field in Exclude<keyof Opening, "format">]?: unknown };

/** Whether this is a whole number from 1 to `most`. */
function isWhole(value: unknown, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most;
}
