import type { Deck, Leaning, Profile, RankOptions, Ranked, Candidate, Status } from "./index.js";

export * from "./index.js";

/** What the events tell: counts only, never what was answered. */
export interface LeaningCounts {
  asked: number;
  answered: number;
  remaining: number;
}

/** Events neither bubble nor compose. */
export interface LeaningQuizEventMap extends HTMLElementEventMap {
  "leaning-ready": CustomEvent<LeaningCounts>;
  "leaning-answer": CustomEvent<LeaningCounts>;
  "leaning-done": CustomEvent<LeaningCounts>;
  "leaning-error": CustomEvent<{ code: string; path?: string }>;
}

export class LeaningQuiz extends HTMLElement {
  /** The deck: its URL, or the deck itself. */
  deck: string | Deck | null;
  storage: string | null;
  storageKey: string | null;
  get maxQuestions(): string | null;
  set maxQuestions(questions: string | number | null);
  /** Ends when what is expected to be lost by picking for this person is below this share: see `StopRule`. */
  get stopRegret(): string | null;
  set stopRegret(share: string | number | null);
  /** Ends when the best question left would tell less than so many bits. */
  get stopGain(): string | null;
  set stopGain(bits: string | number | null);
  /** How many answers a question shows, 2 to 4; what the deck says unless given. */
  get choose(): string | null;
  set choose(candidates: string | number | null);
  strategy: string | null;
  get seed(): string | null;
  set seed(seed: string | number | null);
  /** The interview, once `leaning-ready` has been heard. */
  readonly leaning: Leaning | undefined;
  undo(): Promise<boolean>;
  /** Forgets everything that was said, even what cannot be read, and begins again. */
  forget(): Promise<void>;
  export(): string;
  import(log: string): Promise<void>;
  status(): Status;
  profile(): Profile;
  rank(candidates: Candidate[], options?: RankOptions): Ranked[];
  addEventListener<K extends keyof LeaningQuizEventMap>(
    type: K,
    listener: (this: LeaningQuiz, event: LeaningQuizEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "leaning-quiz": LeaningQuiz;
  }
}
