import type {
  AnswerInput, Belief, Candidate, ConfigureOptions, OpenOptions, Profile, Question, RankOptions, Ranked, Said, Status,
  WhatIf,
} from "./types.js";

export type * from "./types.js";

/**
 * Loads the module, once however often it is called. Without an argument `leaning` takes the one that it has inlined,
 * and `leaning/element` the file `leaning.wasm` beside it; `leaning/slim` has to be told.
 */
export function init(source?: URL | string | Response | BufferSource | WebAssembly.Module): Promise<void>;

/**
 * One person's interview about one deck. Nothing about the person leaves the device. Whatever changes what was said sends
 * the event `change`.
 */
export class Leaning extends EventTarget {
  private constructor();
  /** Opens the interview at where the stored log left it. A log that cannot be read is left as it is. */
  static open(options: OpenOptions): Promise<Leaning>;
  /** The question to ask now, the same until it is answered; null when the interview is over. */
  next(): Question | null;
  /** Takes the answer to the question that `next` gave; resolves when it is stored. */
  answer(answer: AnswerInput): Promise<Status>;
  /** The same without the status, which takes as long again: for who has a question to paint first. */
  note(answer: AnswerInput): Promise<void>;
  /**
   * Does a piece of what would otherwise have to be waited for, in a few milliseconds: how sure it is, and what to ask
   * after each answer to the open question. For idle moments: nothing comes out otherwise. False when nothing is left.
   */
  prepare(): boolean;
  /**
   * The question that would come after an answer to the open one, once `prepare` has come so far; null before, and where
   * none would. For who lays it out beforehand.
   */
  foresee(answer: AnswerInput): Question | null;
  /** Takes back the last answer; its question is then asked again. False where there is none. */
  undo(): Promise<boolean>;
  /** Takes back any one answer or statement, by the id that `answers` gives; false where nothing that holds has it. */
  retract(id: string): Promise<boolean>;
  /**
   * Takes in what the person says of themselves: that the weight of a dimension, by its id, is about so large. It counts
   * as a strong answer (a Gaussian observation with a fifth of the prior's standard deviation), takes the place of what
   * they have said of this dimension before, and can be taken back like an answer.
   */
  state(dimension: string, weight: number): Promise<void>;
  /** What was said and holds, oldest first, and what each has moved; the last so many, or all. */
  answers(last?: number): Said[];
  /** What would change if the weight of a dimension, by its id, had the other sign. */
  whatIf(dimension: string): WhatIf;
  /** In brief it leaves out `expectedRegret`, which takes long to work out after an answer: it is NaN then. */
  status(brief?: boolean): Status;
  /** Ranks candidates of one prompt, best first. */
  rank(candidates: Candidate[], options?: RankOptions): Ranked[];
  /**
   * From a fresh list, the candidates most useful to ask about, as many as a question shows; null when it is not worth
   * a person's time.
   */
  compare(candidates: Candidate[]): Question | null;
  /** Learns from a choice made elsewhere, e.g. between two drafts in a chat. */
  observe(candidates: Candidate[], answer: AnswerInput): Promise<Status>;
  profile(): Profile;
  /** The Gaussian belief, the same bits for the same log on every machine. */
  belief(): Belief;
  /** The log as a text of the format `leaning-answers/1`. */
  export(): string;
  /** Adds the records of an exported log that are not here yet. */
  import(log: string): Promise<void>;
  /** Sets all options but the deck and the storage anew; what was said stays. */
  configure(options?: ConfigureOptions): Promise<void>;
  /** Forgets everything that was said, here and in the storage. */
  forget(): Promise<void>;
  /** Releases the memory; nothing can be called after it. */
  free(): Promise<void>;
}

export class LeaningError extends Error {
  /** `deck`, `log`, `deck-mismatch`, `candidates`, `answer`, `options`, `json`, `not-converged`, `not-ready`, … */
  code: string;
  /** The place, such as `prompts[3].candidates[1].scores`. */
  path?: string;
}
