// How much there is to read: the number of words of each candidate, which the module weighs questions by, and their
// mean, for the time that is left. The texts themselves stay here.

import type { Deck } from "./types.js";

/** A look at a picture takes about as long as reading this many words. */
const WORDS_OF_IMAGE = 5;

/** The number of words of each candidate of a deck, by prompt. */
export function wordCounts({ prompts, language }: Deck): number[][] {
  const count = counter(language ?? undefined);
  return prompts.map(({ candidates }) =>
    candidates.map(({ text, image }) => count(text ?? "") + (image ? WORDS_OF_IMAGE : 0)),
  );
}

/** The mean number of words of a deck's prompts and of its candidates. */
export function meanWords(deck: Deck): { prompt: number; candidate: number } {
  const count = counter(deck.language ?? undefined);
  return {
    prompt: mean(deck.prompts.map(({ text }) => count(text ?? ""))),
    candidate: mean(wordCounts(deck).flat()),
  };
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}

/** Counts by the rules of the language where the browser has them, or else by white space. */
function counter(language: string | undefined): (text: string) => number {
  const segmenter = segmenterOf(language);
  if (!segmenter) return (text) => text.match(/\S+/g)?.length ?? 0;
  return (text) => {
    let count = 0;
    for (const { isWordLike } of segmenter.segment(text)) if (isWordLike) count++;
    return count;
  };
}

function segmenterOf(language: string | undefined): Intl.Segmenter | undefined {
  if (!("Segmenter" in Intl)) return undefined;
  try {
    return new Intl.Segmenter(language, { granularity: "word" });
  } catch {
    // The deck's language is no tag.
    return new Intl.Segmenter(undefined, { granularity: "word" });
  }
}
