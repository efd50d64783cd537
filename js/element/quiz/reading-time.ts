// How long the rest of the interview takes, going by the words of the questions so far.

import type { Question } from "../../types.js";

/** Words read silently in a minute: Brysbaert 2019, https://doi.org/10.1016/j.jml.2019.104047. */
const WORDS_A_MINUTE = 238;
/** Seconds to choose once everything is read. */
const SECONDS_TO_CHOOSE = 4;

export class ReadingTime {
  #words = 0;
  #questions = 0;

  /** Counts the words of a question that is shown. */
  add({ prompt, candidates }: Question, language: string | null): void {
    const texts = [prompt?.text ?? "", ...candidates.map(({ text }) => text)];
    this.#words += texts.reduce((words, text) => words + countWords(text, language), 0);
    this.#questions++;
  }

  /** The minutes for this number of questions like those so far. */
  minutes(questions: number): number {
    const words = this.#words / Math.max(this.#questions, 1);
    return questions * (words / WORDS_A_MINUTE + SECONDS_TO_CHOOSE / 60);
  }
}

/** The number of words, in languages without spaces too. */
export function countWords(text: string, language: string | null): number {
  try {
    const segments = new Intl.Segmenter(language ?? undefined, { granularity: "word" }).segment(text);
    return [...segments].filter(({ isWordLike }) => isWordLike).length;
  } catch {
    // No segmenter, or a malformed tag.
    return text.split(/\s+/).filter(Boolean).length;
  }
}
