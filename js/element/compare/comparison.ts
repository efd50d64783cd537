// A set of drafts and the question about them. It outlives its view, which is replaced when the language
// changes.

import type { Leaning } from "../../core.js";
import type { Candidate, Question } from "../../types.js";

/** Options of `ask`. */
export interface AskOptions {
  /** The message that the drafts are about. Its beginning is kept in memory, never in the log. */
  message?: string;
}

export class Comparison {
  readonly drafts: Candidate[];
  /** The message that the drafts are about, if the page says. */
  readonly message: string;
  /**
   * Whether the drafts before these were asked about. Then these are not: two questions in a row would be a
   * nuisance.
   */
  readonly isPaused: boolean;
  /** Whether somebody waits for the decision, who has gone on once there is one. */
  readonly isAwaited: boolean;
  /** The texts of the drafts, once there is a question. */
  texts: string[] = [];
  /** The question about the drafts, once there is one. */
  question: Question | null = null;
  /** The interview that has looked at the drafts. */
  interview: Leaning | undefined;
  isOver = false;
  /** Resolves to the index of the preferred draft, or to null. Rejects if the drafts cannot be asked about. */
  readonly decision: Promise<number | null>;
  #decide: (index: number | null) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(drafts: Candidate[], message = "", isPaused = false, isAwaited = false) {
    this.drafts = drafts;
    this.message = message;
    this.isPaused = isPaused;
    this.isAwaited = isAwaited;
    this.decision = new Promise((resolve, reject) => {
      this.#decide = resolve;
      this.#reject = reject;
    });
    // Nobody may be waiting for it.
    this.decision.catch(() => {});
  }

  end(index: number | null): void {
    this.isOver = true;
    this.#decide(index);
  }

  fail(error: unknown): void {
    this.isOver = true;
    this.#reject(error);
  }
}
