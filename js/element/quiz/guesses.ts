// Guesses of what the person will choose, sealed before they do, for `reveal="guess"`. They are made of what is known
// already, and neither change what is asked nor are they stored.

import type { Leaning } from "../../core.js";
import type { Answer, Question } from "../../types.js";
import type { Messages } from "../messages.js";

/** The number of answers from which on the next is guessed. */
const GUESSES_FROM = 5;

interface Guess {
  /** The names of the candidates that the question shows. */
  names: string;
  place: number;
  probability: number;
}

export class Guesses {
  readonly #interview: Leaning;
  readonly #messages: Messages;
  #sealed: Guess | null = null;

  constructor(interview: Leaning, messages: Messages) {
    this.#interview = interview;
    this.#messages = messages;
  }

  /** Seals a guess about a question, once. A person who answers sooner is not guessed. */
  seal(question: Question | null, answered: number): void {
    if (!question || answered < GUESSES_FROM || question.candidates.length < 2) return;
    const names = namesOf(question);
    if (this.#sealed?.names === names) return;
    const ranked = this.#interview.rank(question.candidates.map(({ scores }) => ({ scores })));
    const [best] = ranked.sort((one, other) => other.probabilityBest - one.probabilityBest);
    if (best) this.#sealed = { names, place: best.index, probability: best.probabilityBest };
  }

  /** What to say after an answer to a question; empty if it was not guessed or takes no side. */
  reveal(question: Question, answer: Answer): string {
    const sealed = this.#sealed;
    this.#sealed = null;
    const chosen = chosenPlace(answer);
    if (!sealed || sealed.names !== namesOf(question) || chosen < 0) return "";
    const share = this.#messages.percent(sealed.probability);
    return this.#messages.text(chosen === sealed.place ? "guessedRight" : "guessedWrong", { share });
  }
}

function namesOf({ candidates }: Question): string {
  return JSON.stringify(candidates.map(({ name }) => name));
}

/** The place of the candidate that an answer likes best; -1 if there is none. */
export function chosenPlace(answer: Answer): number {
  if (typeof answer === "string") return -1;
  if ("chose" in answer) return answer.chose;
  if ("best" in answer) return answer.best;
  if ("rating" in answer) return 0;
  const [first] = answer.order;
  return typeof first === "number" ? first : -1;
}
