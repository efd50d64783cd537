// The beginnings of the messages that drafts were about, for the person to tell their answers apart. They are kept in
// memory only: in the log, and in what is saved of it, there is no word of a chat.

import type { Leaning } from "../core.js";

/** The number of letters that are kept. */
const KEPT = 80;

const messages = new WeakMap<Leaning, Map<string, string>>();

/** Remembers the message that the latest answer of an interview was about. */
export function rememberMessage(interview: Leaning, message: string): void {
  const id = interview.entries(1)[0]?.id;
  if (id === undefined || !message) return;
  const letters = [...message];
  const kept = letters.length > KEPT ? `${letters.slice(0, KEPT).join("")}…` : message;
  const ofInterview = messages.get(interview) ?? new Map<string, string>();
  messages.set(interview, ofInterview.set(id, kept));
}

/** The beginning of the message that an answer was about, if it was given since the page was loaded. */
export function rememberedMessage(interview: Leaning, id: string): string | undefined {
  return messages.get(interview)?.get(id);
}
