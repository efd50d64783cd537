/// <reference lib="esnext.disposable" preserve="true" />

// The types of the public API. Those of formats and options are generated from the Rust types; the others are what the
// JavaScript layer makes of the module's numbers.

import type * as wasm from "./wasm.js";

export type {
  Answer,
  AnswerModel,
  DeckCandidate,
  Dimension,
  LaplaceApproximation,
  MixtureComponent,
  PersonFitFinding,
  Prior,
  Prompt,
  RankOptions,
  StopRule,
  Verdict,
} from "./wasm.js";

/** A wasm module, or the place to fetch it from. */
export type ModuleSource = URL | string | Response | BufferSource | WebAssembly.Module;

/** The rule that chooses the next question; `information-gain` unless given. */
export type Strategy =
  | "random"
  | "margin"
  | "d-optimal"
  | "a-optimal"
  | "information-gain"
  | "decision"
  | "thompson";

/**
 * How the scores of a response follow from what is measured in it:
 * score_j = Σ_k head[j][k] · (x_k − mean_k) / scale_k. Features whose name begins with `style:` are measured in the text,
 * by `scoreStyle` of `leaning/style`.
 */
export interface Basis {
  features: string[];
  mean: number[];
  scale: number[];
  /** A row for each dimension, a number for each feature. */
  head: number[][];
}

/** A deck of the format `leaning-deck/1`. */
export interface Deck extends wasm.Deck {
  candidatesPerQuestion?: 2 | 3 | 4;
  /** Where the scores come from, in a deck that was fitted or built. */
  basis?: Basis;
}

/** A candidate from outside the deck. With `prompt` and `id` its name in the log is `prompt/id`. */
export interface Candidate extends Omit<wasm.Candidate, "scores"> {
  /** A number for each dimension, on the scale of the deck. */
  scores: readonly number[] | Float32Array | Float64Array;
  text?: string;
}

/** Options that may change while an interview goes on. */
export interface ConfigureOptions extends Omit<wasm.ConfigureOptions, "sample"> {
  strategy?: Strategy;
  /** How many candidates a question shows; the deck's number unless given. */
  candidatesPerQuestion?: 2 | 3 | 4;
  /**
   * The lists that will have to be picked from, each of candidates of one prompt: `expectedRegret` is about them. The
   * deck's own prompts unless given. Only the scores matter.
   */
  sample?: readonly (readonly Candidate[])[];
}

/** A deck as an object, its JSON text, or the bytes of that text or of a safetensors file. */
export type DeckSource = Deck | string | ArrayBuffer | Uint8Array;

/** Options of `Leaning.open`. */
export interface OpenOptions extends ConfigureOptions, Omit<wasm.OpenOptions, keyof wasm.ConfigureOptions> {
  deck: DeckSource;
}

/** A prompt or a candidate of the deck. */
export interface DeckText {
  id: string;
  /** Empty where the deck has none. */
  text: string;
}

/** A dimension with the names that it has by default: its id as the label, and the ends `low` and `high`. */
export interface NamedDimension {
  id: string;
  label: string;
  low: string;
  high: string;
  description: string | null;
}

export interface ShownCandidate {
  /** The name in the log, `prompt/candidate`; null for a candidate from outside that has neither a name nor an id. */
  name: string | null;
  /** Its place in its prompt, or in the list given to `compare`. */
  index: number;
  text: string;
  scores: number[];
}

export interface Question {
  /** Null for a question that `compare` made. */
  prompt: DeckText | null;
  /** In the order in which to show them. */
  candidates: ShownCandidate[];
  offered: ("choice" | wasm.Verdict)[];
  strategy: Strategy;
  /** Its score under the strategy. */
  score: number;
}

export type StopReason = NonNullable<wasm.Status["reason"]>;

export interface Status extends Omit<wasm.Status, "reason"> {
  /** Why the interview is over; null while it goes on. */
  reason: StopReason | null;
  /** The deck's language, as a BCP 47 tag. */
  language: string | null;
}

export interface RankingReason extends Omit<wasm.RankingReason, "dimension"> {
  /** The id of the dimension. */
  dimension: string;
  /** The name of the end to which the candidate lies. */
  end: string;
}

export interface RankedCandidate extends Omit<wasm.RankedCandidate, "reasons" | "softmaxProbability"> {
  /** The caller's id, if it gave one. */
  id: string | null;
  /** The dimensions by the size of their contribution, largest first. */
  reasons: RankingReason[];
  /** Null unless the options have a temperature. */
  softmaxProbability: number | null;
}

/** The estimated weight of a dimension. */
export interface DimensionEstimate extends NamedDimension, Omit<wasm.DimensionEstimate, "statement"> {
  /** The name of the end to which the weight more likely leans. */
  end: string;
  /** The person's own statement about the weight, if there is one. */
  statement: { id: string; weight: number } | null;
}

export interface Profile extends Omit<wasm.Profile, "dimensions"> {
  dimensions: DimensionEstimate[];
}

/** An answer or statement that holds. */
export type Entry = AnswerEntry | StatementEntry;

export interface AnswerEntry {
  kind: "answer";
  /** For `retract`. */
  id: string;
  answer: wasm.Answer;
  /** Null for candidates from outside the deck. */
  prompt: DeckText | null;
  /** In the order in which they were shown; null for candidates from outside the deck. */
  candidates: DeckText[] | null;
  /** By how much the entry has shifted the mean of weight × RMS difference of each dimension. */
  shift: number[];
}

/** The person's own statement about a weight. */
export interface StatementEntry {
  kind: "statement";
  /** For `retract`. */
  id: string;
  /** The id of the dimension. */
  dimension: string;
  weight: number;
  sd: number;
  /** By how much the entry has shifted the mean of weight × RMS difference of each dimension. */
  shift: number[];
}

/** How the picks from the deck's prompts would differ if one weight had the other sign. */
export interface WhatIf extends Omit<wasm.WhatIf, "example"> {
  example: WhatIfExample | null;
}

/** The changed prompt where keeping the current pick would cost the most. */
export interface WhatIfExample {
  prompt: DeckText;
  current: DeckText;
  alternative: DeckText;
}
