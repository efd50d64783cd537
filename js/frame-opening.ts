// The one message that a page sends into the sealed frame, as a text: a text has a length that can be checked
// before anything else is, and no getters.

import type { Candidate } from "./types.js";

/** The most characters of the message. */
export const LONGEST_OPENING = 8_000_000;
const MOST_QUESTIONS = 200;
/** The most days for which answers can be kept, other than for ever. */
export const MOST_DAYS = 36_500;
const MOST_CANDIDATES = 200;
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
  if (format !== "leaning-frame/1" || typeof deck !== "string") return null;
  if (!Array.isArray(candidates) || candidates.length > MOST_CANDIDATES) return null;
  const isShowable = candidates.every(
    (candidate: unknown) =>
      typeof candidate === "object" &&
      candidate !== null &&
      "text" in candidate &&
      typeof candidate.text === "string",
  );
  if (!isShowable) return null;
  if (!isWhole(maxQuestions, MOST_QUESTIONS)) return null;
  if (retention !== null && !isWhole(retention, MOST_DAYS)) return null;
  if (typeof language !== "string" || !LANGUAGE.test(language)) return null;
  if (theme !== "light" && theme !== "dark" && theme !== null) return null;
  return { format, deck, candidates, maxQuestions, retention, language, theme };
}

/** Whether this is a whole number from 1 to `most`. */
export function isWhole(value: unknown, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most;
}
