/// <reference lib="esnext.disposable" preserve="true" />

// The types of the public API. Those of formats and options are generated from the Rust types. The others
// describe the objects that the JavaScript layer builds.

import type * as wasm from "./wasm.js";

export type {
  AnswerModel,
  Archetype,
  DeckCandidate,
  DeckImage,
  DeckWord,
  Dimension,
  Grade,
  LaplaceApproximation,
  MixtureComponent,
  PersonFitFinding,
  Prior,
  Prompt,
  QuestionKind,
  RankOptions,
  StopRule,
  Strategy,
  Verdict,
} from "./wasm.js";

/** A wasm module, or the place to fetch it from. */
export type ModuleSource = URL | string | Response | BufferSource | WebAssembly.Module;

/**
 * The linear map from measured features to scores: score_j = Σ_k head[j][k] · (x_k − mean_k) / scale_k.
 * Features whose name begins with `style:` are measured by `scoreStyle` of `leaning/style`. `score` applies it.
 */
export interface Basis {
  features: string[];
  mean: number[];
  scale: number[];
  /** A row for each dimension, a number for each feature. */
  head: number[][];
}

/** The features of a response: in the order of a basis, or by name. */
export type Features = readonly number[] | Float32Array | Float64Array | Readonly<Record<string, number>>;

/**
 * A deck of the format `leaning-deck/1`. TypeScript widens the words of an imported JSON file to strings, so that one
 * is given as `deck as Deck`.
 */
export interface Deck extends wasm.Deck {
  candidatesPerQuestion?: 2 | 3 | 4;
  /** The source of the scores, in a deck that was fitted or built. */
  basis?: Basis;
  /** A sentence about the deck and where its scores come from. Nothing reads it. */
  about?: string;
  /** The licence of its texts, such as an SPDX expression. Nothing reads it. */
  license?: string;
}

/** A candidate from outside the deck. With `prompt` and `id` its name in the log is `prompt/id`. */
export interface Candidate extends Omit<wasm.Candidate, "scores"> {
  /** A number for each dimension, on the scale of the deck. */
  scores: readonly number[] | Float32Array | Float64Array;
  text?: string;
}

/** Options that may change while an interview goes on. */
export interface ConfigureOptions extends Omit<wasm.ConfigureOptions, "sample" | "words"> {
  /**
   * With `word`, questions are chosen by their score per word read: a question that is twice as long is asked
   * first only if it tells more than twice as much. Needs a strategy whose scores are amounts: information-gain,
   * decision, d-optimal or a-optimal.
   */
  per?: "question" | "word";
  /** The number of candidates that a question shows. By default it is the deck's. */
  candidatesPerQuestion?: 2 | 3 | 4;
  /**
   * The lists of candidates that `expectedRegret` is about, one for each prompt. By default they are the
   * deck's own prompts. Only the scores matter.
   */
  sample?: readonly (readonly Candidate[])[];
}

/** Options of `init`. */
export interface InitOptions {
  /** The hashes that a fetched module must have one of, such as `sha384-…`, as for a script. */
  integrity?: string;
}

/** A deck as an object, its JSON text, or the bytes of that text or of a safetensors file. */
export type DeckSource = Deck | string | ArrayBuffer | Uint8Array;

/** Options of `Leaning.open`. */
export interface OpenOptions extends ConfigureOptions, Omit<wasm.OpenOptions, keyof wasm.ConfigureOptions> {
  deck: DeckSource;
  /** The URL of the deck, to which its pictures' sources are relative; that of the page by default. */
  base?: string | URL;
}

/** Options of `summary` and `instructions`. */
export interface WordsOptions {
  /** A BCP 47 tag; by default the deck's language. */
  language?: string | null;
}

/** Options of `shareable`. */
export interface ShareOptions {
  /** How much the record may tell: whatever the weights are, no record is more than e^ε times as probable as under others. */
  epsilon: number;
}

/** Two of a person's weights with noise, for the publisher's prior. */
export interface SharedWeights {
  format: "leaning-shared/1";
  deck: { id: string; version: string };
  epsilon: number;
  /** The weights were cut off at this many standard deviations of the deck's prior from its mean. */
  bound: number;
  /** Steps of `values` from the mean to the bound. */
  steps: number;
  /** The dimensions by id, chosen at random. */
  dimensions: string[];
  /** Whole numbers, which the noise may take beyond `steps`. */
  values: number[];
}

/** A prompt or a candidate of the deck. */
export interface DeckText {
  id: string;
  /** Empty if the deck has none. */
  text: string;
  /** Its picture, with the URL of its source. */
  image: wasm.DeckImage | null;
}

/** The archetype of the deck that a person is most probably closest to. */
export interface NearestArchetype {
  id: string;
  name: string;
  /** Empty if the deck has none. */
  text: string;
  /** At least 0.5. */
  probability: number;
}

/** A dimension with all its names. By default the label is the id, and the ends are `low` and `high`. */
export interface NamedDimension {
  id: string;
  label: string;
  low: string;
  high: string;
  description: string | null;
}

export interface ShownCandidate {
  /** The name in the log, `prompt/candidate`. Null for a candidate from outside without a name and an id. */
  name: string | null;
  /** Its place in its prompt, or in the list given to `compare`. */
  index: number;
  text: string;
  /** Its picture; null for a candidate from outside the deck. */
  image: wasm.DeckImage | null;
  scores: number[];
}

export interface Question {
  /** Null for a question that `compare` made. */
  prompt: DeckText | null;
  /** In the order in which to show them. */
  candidates: ShownCandidate[];
  /** What it asks for. */
  kind: wasm.QuestionKind;
  /** The number of levels of a rating, or null. */
  of: number | null;
  offered: ("choice" | wasm.QuestionKind | wasm.Verdict)[];
  strategy: wasm.Strategy;
  /** Its score under the strategy. */
  score: number;
}

export type StopReason = NonNullable<wasm.Status["reason"]>;

export interface Status extends Omit<wasm.Status, "reason"> {
  /** The reason why the interview is over, or null while it goes on. */
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
export interface DimensionEstimate
  extends NamedDimension,
    Omit<wasm.DimensionEstimate, "middle" | "statement"> {
  /** The name of the end to which the weight more likely leans. */
  end: string;
  /**
   * For a curved dimension, the probability that the person likes its middle best, and the score that they
   * would like best; null for others.
   */
  middle: { probability: number; ideal: number } | null;
  /** The person's own statement about the weight, if there is one. */
  statement: { id: string; weight: number } | null;
}

export interface Profile extends Omit<wasm.Profile, "dimensions"> {
  dimensions: DimensionEstimate[];
}

/** An answer, by places among the candidates shown, from 0. */
export type Answer =
  | wasm.Verdict
  | { chose: number; grade?: wasm.Grade }
  /** The level, from 1 for the lowest; out of the question's number of levels, or else the deck's. */
  | { rating: number; of?: number }
  | { best: number; worst: number }
  /** From best to worst. A list within stands for candidates in no particular order. */
  | { order: (number | number[])[] };

/** An answer or statement that holds. */
export type Entry = AnswerEntry | StatementEntry;

export interface AnswerEntry {
  kind: "answer";
  /** For `retract`. */
  id: string;
  answer: Answer;
  /** Null for candidates from outside the deck. */
  prompt: DeckText | null;
  /** In the order shown. Null for candidates from outside the deck. */
  candidates: DeckText[] | null;
  /** The change that the entry made in the mean of weight × RMS difference, for each dimension. */
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
  /** The change that the entry made in the mean of weight × RMS difference, for each dimension. */
  shift: number[];
}

/** The picks from the deck's prompts that would change if one weight were another. */
export interface WhatIf extends Omit<wasm.WhatIf, "example"> {
  example: WhatIfExample | null;
}

/** The changed prompt where keeping the current pick would cost the most. */
export interface WhatIfExample {
  prompt: DeckText;
  current: DeckText;
  alternative: DeckText;
}
