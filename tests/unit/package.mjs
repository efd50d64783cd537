// The package as built, for tests of the JavaScript layer and the wasm module together.

import { readFileSync } from "node:fs";

const url = (relative) => new URL(relative, import.meta.url);

export const { init, Leaning, LeaningError, score } = await import(url("../../pkg/index.js"));
export const style = await import(url("../../pkg/style.js"));
export const { markdown } = await import(url("../../pkg/markdown.js"));

/** The deck of the site: six dimensions, one of them curved, and grades. */
export const DECK = JSON.parse(readFileSync(url("../../www/decks/assistant-style-en.json"), "utf8"));

/** Copies of the candidates of a prompt, as a page hands them over. */
export const drafts = (prompt = 0) => structuredClone(DECK.prompts[prompt].candidates);

/** An interview in memory whose sides are always the same. */
export const open = (options = {}) => Leaning.open({ deck: DECK, storage: "memory", seed: 1, ...options });

/** Answers a few questions, takes one answer back, and asks for all results. */
export async function interviewWorks(leaning, answers = 3) {
  const before = JSON.parse(leaning.exportLog()).answers.length;
  for (let place = 0; place < answers; place++) {
    leaning.next();
    await leaning.answer({ chose: place % 2 });
  }
  await leaning.undo();
  const profile = leaning.profile();
  const finite = profile.dimensions.every(({ mean, sd }) => Number.isFinite(mean) && Number.isFinite(sd));
  const ranked = leaning.rank(drafts());
  const added = JSON.parse(leaning.exportLog()).answers.length - before;
  return finite && ranked.length === drafts().length && added === answers + 1;
}
