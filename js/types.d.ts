/** One base reward. */
export interface Dimension {
  id: string;
  label?: string;
  /** Name for the end of low scores. */
  low?: string;
  /** Name for the end of high scores. */
  high?: string;
  description?: string;
}

/** A response of a deck's prompt. */
export interface DeckCandidate {
  id: string;
  text?: string;
  /** One number a dimension. */
  scores: number[];
}

/** What is believed of a person who has said nothing: a Gaussian over the weights. */
export interface Prior {
  mean: number[];
  covariance: number[][];
}

/**
 * From what is measured of a response to its scores: score_j = Σ_k head[j][k] · (x_k − mean_k) / scale_k. Features whose
 * name begins with `style:` are measured in the text, by `scoreStyle` of `leaning/style`.
 */
export interface Basis {
  features: string[];
  mean: number[];
  scale: number[];
  /** A row for each dimension, a number for each feature. */
  head: number[][];
}

/** A deck of the format `leaning-deck/1`. */
export interface Deck {
  format: "leaning-deck/1";
  id: string;
  version?: string;
  language?: string;
  title?: string;
  dimensions: Dimension[];
  /** One Gaussian, or one for each segment of the population with its share of the people. */
  prior?: Prior | { components: (Prior & { weight: number })[] };
  answers?: { lapse?: number; indifference?: number };
  /** How many candidates a question shows; 2 unless given. */
  choose?: 2 | 3 | 4;
  prompts: { id: string; text?: string; candidates: DeckCandidate[] }[];
  /** How the scores came about, in a deck that was fitted or built. */
  basis?: Basis;
}

/** A candidate from outside the deck. */
export interface Candidate {
  /** One number a dimension, on the scale of the deck. */
  scores: ArrayLike<number>;
  id?: string;
  text?: string;
  /** With the id it makes the name in the log, `prompt/id`. */
  prompt?: string;
  /** The whole name, instead of `prompt` and `id`. */
  name?: string;
}

export type Strategy =
  | "random"
  | "margin"
  | "d-optimal"
  | "a-optimal"
  | "information-gain"
  | "decision"
  | "thompson";

/** An interview ends as soon as one of these says so. */
export interface StopRule {
  /** At most so many answers; 12 unless given. */
  questions?: number;
  /** Ends when `expectedRegret` is below this share. */
  regret?: number;
  /** Ends when the best question left would tell less than so many bits. */
  gain?: number;
}

/** What an interview may be told anew while it goes on. */
export interface ConfigureOptions {
  /** Makes sides predictable, for tests. */
  seed?: number;
  strategy?: Strategy;
  /** How many candidates a question shows; what the deck says unless given. */
  choose?: 2 | 3 | 4;
  /** For somebody whose taste changes: after so many further answers an answer counts half. */
  halfLife?: number;
  /**
   * What will have to be picked from, as lists of candidates of one prompt each: what `expectedRegret` is about. The
   * deck's own prompts unless given. Only the scores matter.
   */
  sample?: Candidate[][];
  stop?: StopRule;
}

export interface OpenOptions extends ConfigureOptions {
  /**
   * The deck: an object, its JSON text, or the bytes of that text or of a safetensors file. Bytes are read by the entries
   * of the npm package, not by the bare wasm module.
   */
  deck: Deck | string | ArrayBuffer | Uint8Array;
  /** Where the log is kept; "local" unless given, and in memory where the browser has or allows no storage. */
  storage?: "local" | "memory";
  /** The key in localStorage; `leaning:` and the deck's id unless given. */
  storageKey?: string;
  /** Begins anew: a stored log is removed first, even one that cannot be read. */
  startOver?: boolean;
}

export type Verdict = "tie" | "neither" | "skip";

/** The place of the chosen candidate among those shown, from 0, or a verdict. */
export type AnswerInput = { chose: number } | Verdict;

export interface ShownCandidate {
  /** `prompt/candidate` */
  name: string;
  /** Its place in its prompt, or in the list given to `compare`. */
  index: number;
  text: string;
  scores: number[];
}

export interface Question {
  /** Null for a question that `compare` made. */
  prompt: { id: string; text: string } | null;
  /** In the order in which to show them. */
  candidates: ShownCandidate[];
  offered: ("choice" | Verdict)[];
  strategy: Strategy;
  /** Its score under the strategy. */
  score: number;
}

export interface Status {
  /** Questions dealt with, skipped ones included. */
  asked: number;
  answered: number;
  /** Everything that was ever written to the log, what was taken back included: it changes with whatever is said. */
  records: number;
  done: boolean;
  reason: "questions" | "exhausted" | "regret" | "gain" | null;
  /** The reason in a sentence for the person; null while it goes on. */
  words: string | null;
  /** What is still expected to be lost by picking for this person, as a share of what there is to lose. */
  expectedRegret: number;
  /** How many questions are still to come: an estimate where the stopping rule has more than a number of them. */
  remaining: number;
  /** Whether the answers outlive this page. */
  stored: boolean;
  /** Whether it may be done before the most answers that the stopping rule allows: then `remaining` is an estimate. */
  mayEndEarly: boolean;
  /** Whether there is anything to take back. */
  undoable: boolean;
  /** The deck's language, as a BCP 47 tag. */
  language: string | null;
}

export interface RankOptions {
  /** Above 0, in units of reward: adds the probabilities of soft best-of-N. */
  temperature?: number;
}

export interface Ranked {
  /** Its place in the list that was handed in. */
  index: number;
  id: string | null;
  /** Only differences between candidates of one prompt mean anything. */
  reward: number;
  /** Standard deviation of its reward minus the average candidate's. */
  sd: number;
  /** The chance that it is the best of the list. */
  chanceBest: number;
  /** What each dimension adds to its reward, minus what it adds to the average candidate's. */
  contributions: number[];
  /** The same, weightiest first, with the name of the end of the dimension to which the candidate lies. */
  reasons: { dimension: string; end: string; contribution: number }[];
  probability: number | null;
}

export interface Leaned {
  id: string;
  label: string;
  low: string;
  high: string;
  /** The weight; positive leans to `high`. */
  mean: number;
  sd: number;
  /** Holds the weight with a chance of 0.9. */
  interval: [number, number];
  /** The chance that the weight has the sign that it more likely has: at least 0.5. */
  sure: number;
  /** A typical score difference: mean × spread can be compared across dimensions. */
  spread: number;
  /** How much can be said by `sure`: from 0.95 clearly, from 0.8 rather. */
  degree: "clearly" | "rather" | "unclear";
  /** The name of the end to which the weight more likely leans. */
  end: string;
  /** In the language of the deck's ends, with English words around them. */
  words: string;
}

/** An answer or statement that holds: the log's record of it, what the deck has to it, and what it has moved. */
export type Said = (SaidAnswer | SaidStatement) & {
  /** For `retract`. */
  id: string;
  /**
   * For each dimension by how much the mean of weight × spread has moved from before it to after it. Over all that holds
   * these sum up to the way from the prior's mean to what is believed now.
   */
  moved: number[];
};

export interface SaidAnswer {
  kind?: undefined;
  /** Full names of the candidates, in the order in which they were shown. */
  shown: string[];
  scores: number[][];
  offered: ("choice" | Verdict)[];
  /** The full name of the chosen one; else there is a verdict. */
  chose?: string;
  verdict?: Verdict;
  /** The deck's prompt, with the texts of the candidates shown; null for what was asked elsewhere. */
  prompt: { id: string; text: string; texts: string[] } | null;
}

/** What the person has said of a weight. */
export interface SaidStatement {
  kind: "statement";
  dimension: string;
  weight: number;
  sd: number;
  prompt: null;
}

/** What would be picked from the deck's prompts if one weight had the other sign. */
export interface WhatIf {
  /** How many prompts the deck has. */
  prompts: number;
  /** In so many of them another candidate would be picked. */
  changed: number;
  /** The prompt of those where it matters most: its text, and the texts of its two picks. */
  example: { id: string; text: string; now: string; then: string } | null;
}

export interface Profile {
  dimensions: Leaned[];
  /** Number of answers it rests on, without skips. */
  answers: number;
  /** weight × spread of nearly everybody lies within ±reach: how far a picture has to reach. */
  reach: number;
  /** What is odd about the answers, the oddest first; mostly nothing. */
  diagnosis: Finding[];
}

export interface Finding {
  /** Contradictions; a taste that no weights describe; nothing matters; one side taken for its own sake. */
  kind: "noisy" | "misfit" | "flat" | "one-sided";
  /** The chance that somebody who is as the model expects would look at least so odd: at most 0.01. */
  chance: number;
  /** The same as a sentence to the person. */
  words: string;
}

export interface Belief {
  mean: number[];
  covariance: number[][];
  /** The chance that the person is of each component of the deck's prior. */
  segments: number[];
}
