// The public class over the wasm module. The module returns numbers, indices and codes, and this layer adds
// the words of the deck.

import { Session } from "leaning-wasm";
import {
  answerOf,
  type GivenCandidate,
  MAX_SHOWN,
  readAnswer,
  readCandidates,
  readConfigureOptions,
  readCount,
  readDimension,
  readGivenEpsilon,
  readId,
  readLanguage,
  readLog,
  readOpenOptions,
  readRankOptions,
  readWeight,
  readWordsOptions,
} from "./arguments.js";
import { at } from "./at.js";
import { imagesOf, namedDimensions, readDeck, textOf } from "./deck.js";
import type { EncryptedStorage } from "./encrypted-storage.js";
import { flaw, LeaningError, toLeaningError } from "./error.js";
import type { InterviewEventTarget } from "./interview-events.js";
import { wordsIn } from "./look.js";
import { crashes, replaceModule, requireModule } from "./module.js";
import { withPlainJson } from "./plain.js";
import { packPrompts } from "./prompts.js";
import { hear, type Listener, listen, tellOthers } from "./tabs.js";
import type {
  Answer,
  Candidate,
  ConfigureOptions,
  Deck,
  DeckImage,
  DeckText,
  DeckWord,
  DimensionEstimate,
  Entry,
  LaplaceApproximation,
  NamedDimension,
  NearestArchetype,
  OpenOptions,
  Profile,
  Question,
  QuestionKind,
  RankedCandidate,
  RankOptions,
  SharedWeights,
  ShareOptions,
  ShownCandidate,
  Status,
  Strategy,
  WhatIf,
  WordsOptions,
} from "./types.js";
import type * as wasm from "./wasm.js";
import { meanWords, wordCounts } from "./word-counts.js";

export { type ErrorCode, LeaningError } from "./error.js";
export type { InterviewEventMap } from "./interview-events.js";
export { init, initialized, setDefaultSource } from "./module.js";
export type * from "./types.js";

/** The prompt in the name of a candidate that has an id alone. The module uses the same. */
const DEFAULT_PROMPT = "chat";

/** An entry as the log's format has it. */
type StoredEntry = { id?: string };

const Target = EventTarget as new () => InterviewEventTarget;

/** The interviews of elements. The last element to leave frees them, and nobody else does. */
export const ofElements = new WeakSet<Leaning>();

/** Whether the module is at work. A page's code may run then, such as a storage that it has replaced. */
let isAtWork = false;

/**
 * One person's interview about one deck. Nothing about the person leaves the device. Every change sends the
 * event `change`. If the module crashes, the interview goes on from its log, and sends the event `restart` with
 * the error as its `detail`.
 */
export class Leaning extends Target {
  /** Undefined after `free`. */
  #session: Session | undefined;
  readonly #listener: Listener;
  readonly #stopListening: () => void;
  /** The options that it was last given. */
  #options: wasm.OpenOptions;
  /** The log, unless the storage has it. */
  #unstored: StoredEntry[] = [];
  /** The crashes before the session was opened, and those that the page was told of. */
  #crashes = crashes;
  #crashesTold = crashes;
  readonly #deck: Deck;
  /** The URL that the sources of pictures are relative to, if there is a page. */
  readonly #base: string | undefined;
  readonly #dimensions: NamedDimension[];
  readonly #encrypted: EncryptedStorage | undefined;

  private constructor(
    deck: Deck,
    options: wasm.OpenOptions,
    base: string | undefined,
    encrypted: EncryptedStorage | undefined,
  ) {
    super();
    const session = attempt(() => openSession(deck, options, encrypted));
    this.#session = session;
    // Whatever is deleted at the start is not deleted again after a crash.
    this.#options = { ...options, startOver: false };
    this.#encrypted = encrypted;
    this.#deck = deck;
    this.#base = base;
    this.#dimensions = namedDimensions(deck);
    const { storageKey } = session;
    this.#listener = {
      // An encrypted log has another key whenever it has been forgotten.
      get storageKey() {
        return encrypted && storageKey ? encrypted.placeOf(storageKey) : storageKey;
      },
      refresh: () => this.#notice((session) => session.refresh()),
      removedElsewhere: () => this.#notice((session) => session.removedElsewhere()),
    };
    this.#stopListening = listen(this.#listener);
  }

  /** Opens an interview and continues from its stored log. It leaves a log that it cannot read as it is. */
  static async open(options: OpenOptions): Promise<Leaning> {
    requireModule();
    const { deck: given, base, others } = readOpenOptions(options);
    const deck = await readDeck(given);
    const { storage, storageKey } = others;
    let opened: Leaning | undefined;
    const save = () => {
      if (opened) opened.#save();
    };
    const area =
      storage === "encrypted" ? await encryptedStorage(storageKey ?? `leaning:${deck.id}`, save) : undefined;
    opened = new Leaning(deck, withWords(others, deck), base, area);
    return opened;
  }

  /**
   * The kind of answer that the deck's questions ask for. One about another number of candidates than that
   * needs asks for a choice.
   */
  get questionKind(): QuestionKind {
    const { kind, grades } = this.#deck.answers ?? {};
    if (kind && kind !== "choice") return kind;
    return grades === 4 ? "grades" : "choice";
  }

  /** The number of candidates in the deck's questions, unless an option sets another. A prompt may have fewer left. */
  get candidatesPerQuestion(): number {
    const usual = { choice: 2, grades: 2, rating: 1, "best-worst": 3, order: 3 };
    return this.#deck.candidatesPerQuestion ?? usual[this.questionKind];
  }

  /** The deck's title; null if it has none. */
  get title(): string | null {
    return this.#deck.title ?? null;
  }

  /** All pictures of the deck, in its order. */
  get images(): DeckImage[] {
    return imagesOf(this.#deck, this.#base);
  }

  /** All prompts of the deck with all their candidates, in its order: the same whatever has been answered. */
  get prompts(): (DeckText & { candidates: DeckText[] })[] {
    return this.#deck.prompts.map((prompt) => ({
      ...this.#text(prompt),
      candidates: prompt.candidates.map((candidate) => this.#text(candidate)),
    }));
  }

  /** The deck's dimensions, in its order. A person may like the middle of a curved one best. */
  get dimensions(): (NamedDimension & { isCurved: boolean })[] {
    return this.#dimensions.map((dimension, index) => ({
      ...dimension,
      isCurved: at(this.#deck.dimensions, index).curved === true,
    }));
  }

  /** The deck's own words in a language, a BCP 47 tag: those of the tag before those of its primary code. */
  words(language: string): Partial<Record<DeckWord, string>> {
    return wordsIn(this.#deck.words, readLanguage(language));
  }

  /** The mean number of words of the deck's prompts and of its candidates. A picture counts as five words. */
  get meanWords(): { prompt: number; candidate: number } {
    return meanWords(this.#deck);
  }

  /** The question to ask now, the same until it is answered; null when the interview is over. */
  next(): Question | null {
    const question = this.#call((session) => session.question());
    if (!question) return null;
    const prompt = at(this.#deck.prompts, question.prompt);
    return this.#question(question, (index) => {
      const candidate = at(prompt.candidates, index);
      const { id, text, image } = this.#text(candidate);
      return { name: `${prompt.id}/${id}`, index, text, image, scores: [...candidate.scores] };
    });
  }

  /**
   * Answers the question that `next` gave, in a form for its `kind`: `{ chose: 0 }` for `choice`,
   * `{ chose: 0, grade: "much" }` or without a grade for `grades`, `{ rating: 4 }` for `rating`,
   * `{ best: 0, worst: 2 }` for `best-worst`, `{ order: [2, 0, 1] }` or `{ order: [2, [0, 1]] }` for `order`; or
   * with those of `tie`, `neither` and `skip` that are in `offered`. Numbers are places in `candidates`, ratings go
   * from 1. Resolves once the answer is stored.
   */
  async answer(answer: Answer): Promise<void> {
    const given = readAnswer(answer);
    this.#change((session) => session.answer(given));
  }

  /** Takes back the last answer, and asks its question again. False if there is none. */
  async undo(): Promise<boolean> {
    return this.#change((session) => session.undo());
  }

  /** Takes back an answer or statement by its id in `entries`. False if there is none. */
  async retract(id: string): Promise<boolean> {
    const given = readId(id);
    return this.#change((session) => session.retract(given));
  }

  /**
   * Records the person's own statement that the weight of a dimension, given by its id, is about this large.
   * It counts as a Gaussian observation with a fifth of the prior's standard deviation. It replaces the
   * person's earlier statement about the dimension, and can be taken back like an answer.
   */
  async setWeight(dimension: string, weight: number): Promise<void> {
    const id = readDimension(dimension);
    const given = readWeight(weight);
    this.#change((session) => session.setWeight(id, given));
  }

  /** The answers and statements that hold, oldest first: the last few, or all. */
  entries(last?: number): Entry[] {
    const count = readCount(last);
    return this.#call((session) => session.entries(count)).map((entry) => this.#entry(entry));
  }

  /**
   * The picks from the deck's prompts that would change if the weight of a dimension were `weight`; by default,
   * if it had the other sign. Nothing is recorded.
   */
  whatIf(dimension: string, weight?: number): WhatIf {
    const id = readDimension(dimension);
    const given = weight === undefined ? undefined : readWeight(weight);
    const { example, ...counts } = this.#call((session) => session.whatIf(id, given));
    if (!example) return { ...counts, example: null };
    const prompt = at(this.#deck.prompts, example.prompt);
    const current = this.#text(at(prompt.candidates, example.current));
    const alternative = this.#text(at(prompt.candidates, example.alternative));
    return { ...counts, example: { prompt: this.#text(prompt), current, alternative } };
  }

  /** The progress of the interview. */
  status(): Status {
    const status = this.#call((session) => session.status());
    return { ...status, reason: status.reason ?? null, language: this.#deck.language ?? null };
  }

  /**
   * The loss still expected from picking for this person, as a share of what there is to lose. Null if
   * person fit finds that no weights describe the person: then nobody knows.
   */
  expectedRegret(): number | null {
    return this.#call((session) => session.expectedRegret()) ?? null;
  }

  /**
   * Ranks candidates of one prompt, best first. With `atLeast`, the pick for everybody comes first where
   * the best candidate is not better with at least this probability.
   */
  rank(candidates: readonly Candidate[], options?: RankOptions): RankedCandidate[] {
    const given = readCandidates(candidates);
    const settings = readRankOptions(options);
    return this.#call((session) => session.rank(given, settings)).map((ranked) => ({
      ...ranked,
      id: given[ranked.index]?.id ?? null,
      reasons: ranked.reasons.map(({ dimension, direction, middle, contribution }) => {
        const { id, [direction]: end } = at(this.#dimensions, dimension);
        return { dimension: id, direction, end, middle, contribution };
      }),
      softmaxProbability: ranked.softmaxProbability ?? null,
    }));
  }

  /**
   * A question about the candidates of a new list that tell the most. Null if asking is not worth the
   * person's time.
   */
  compare(candidates: readonly Candidate[]): Question | null {
    const given = readCandidates(candidates, MAX_SHOWN);
    const question = this.#call((session) => session.compare(given));
    if (!question) return null;
    return this.#question(question, (index) => {
      const candidate = at(given, index);
      const { text, scores } = candidate;
      return { name: nameOf(candidate), index, text: text ?? "", image: null, scores };
    });
  }

  /** Learns from a choice made elsewhere, such as between two drafts in a chat. */
  async observe(candidates: readonly (Candidate | ShownCandidate)[], answer: Answer): Promise<void> {
    const shown = readCandidates(candidates, MAX_SHOWN);
    const given = readAnswer(answer);
    this.#change((session) => session.observe(shown, given));
  }

  /** The estimated weight of each dimension. */
  profile(): Profile {
    const profile = this.#call((session) => session.profile());
    return {
      ...profile,
      dimensions: profile.dimensions.map((estimate, index): DimensionEstimate => {
        const dimension = at(this.#dimensions, index);
        return {
          ...dimension,
          ...estimate,
          end: dimension[estimate.direction],
          middle: estimate.middle ?? null,
          statement: estimate.statement ?? null,
        };
      }),
    };
  }

  /**
   * The archetype of the deck that the person is most probably closest to. Null without archetypes, before the
   * first answer, and if no archetype has a probability of at least 0.5.
   */
  archetype(): NearestArchetype | null {
    const found = this.#call((session) => session.archetype());
    if (!found) return null;
    const { id, name, text } = at(this.#deck.archetypes ?? [], found.archetype);
    return { id, name, text: text ?? "", probability: found.probability };
  }

  /**
   * The clear part of the person's taste, in sentences for the person. The names of ends are the deck's; the
   * words around them are in `language`, by default the deck's, or else in English.
   */
  async summary(options?: WordsOptions): Promise<string> {
    const language = this.#languageOf(options);
    const { summary } = await import("./summary.js");
    return summary(this.profile(), language);
  }

  /**
   * The same for an assistant's system prompt, without how sure it is. Empty if nothing is clear. Whoever
   * pastes it tells the assistant about the person.
   */
  async instructions(options?: WordsOptions): Promise<string> {
    const language = this.#languageOf(options);
    const { instructions } = await import("./summary.js");
    return instructions(this.profile(), language);
  }

  /** The Gaussian approximation at the mode: the same bits for the same log on every machine. */
  laplaceApproximation(): LaplaceApproximation {
    return this.#call((session) => session.laplaceApproximation());
  }

  /**
   * Two of the person's weights under local differential privacy, for the publisher's prior. It counts what was
   * shared, and refuses beyond a budget of 8 for the deck. Ask the person first: nothing here calls this.
   */
  async shareable(options: ShareOptions): Promise<SharedWeights> {
    const epsilon = readGivenEpsilon(options);
    const { readEpsilon, shareable, spend } = await import("./sharing/shareable.js");
    const thousandths = readEpsilon(epsilon);
    const posterior = this.laplaceApproximation();
    const nobody = attempt(() => openSession(this.#deck, { storage: "memory" }));
    const prior = attempt(() => nobody.laplaceApproximation());
    nobody.free();
    const record = shareable(this.#deck, prior, posterior, thousandths);
    await spend(this.#deck.id, thousandths);
    return record;
  }

  /** The log as a text of the format `leaning-answers/1`. */
  exportLog(): string {
    return this.#call((session) => session.exportLog());
  }

  /** Adds the entries of an exported log, as a text or parsed, that are not here yet. */
  async importLog(log: string | object): Promise<void> {
    const given = readLog(log);
    this.#change((session) => session.importLog(given));
  }

  /** Replaces all options but the deck and the storage. The answers stay. */
  async configure(options: ConfigureOptions = {}): Promise<void> {
    const given = withWords(readConfigureOptions(options), this.#deck);
    this.#change((session) => session.configure(given));
    const { storage, storageKey, retention } = this.#options;
    const place = { ...(storage && { storage }), ...(storageKey && { storageKey }) };
    this.#options = { ...given, ...place, ...(retention && { retention }) };
  }

  /** Deletes all answers and statements, here and in the storage. */
  async forget(): Promise<void> {
    this.#call((session) => session.forget());
    this.#changed("removedElsewhere");
    if (!this.#encrypted) return;
    await this.#encrypted.forget();
    this.#save();
  }

  /** Releases the memory. Every later call but this one is an error. An element's interview stays as it is. */
  free(): void {
    if (ofElements.has(this)) return;
    this.#stopListening();
    const session = this.#session;
    this.#session = undefined;
    // The memory of a crashed module is gone, and what is at work is left to the garbage collector.
    if (session && !isAtWork && this.#crashes === crashes) session.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }

  /** Stores what could not be stored before. */
  #save(): void {
    if (this.#session) this.#change((session) => session.save());
  }

  /** Calls the module. Its arguments are plain copies, so none of the caller's code runs in between. */
  #call<T>(work: (session: Session) => T): T {
    const session = this.#opened();
    hear();
    try {
      return attempt(() => {
        const result = work(session);
        this.#keepUnstored(session);
        return result;
      });
    } catch (error) {
      if (this.#crashes !== crashes) this.#tellOfCrash(toLeaningError(error));
      throw error;
    }
  }

  /** The session, opened again if the module has crashed since. */
  #opened(): Session {
    if (!this.#session) throw new LeaningError("not-ready", "this interview was freed");
    if (this.#crashes !== crashes && !isAtWork) {
      this.#session = attempt(() => reopen(this.#deck, this.#options, this.#encrypted, this.#unstored));
      this.#crashes = crashes;
      this.#tellOfCrash(new LeaningError("internal", "internal: the module crashed and was started again"));
    }
    return this.#session;
  }

  #tellOfCrash(error: LeaningError): void {
    if (this.#crashesTold === crashes) return;
    this.#crashesTold = crashes;
    this.dispatchEvent(new CustomEvent("restart", { detail: error }));
  }

  #languageOf(options: unknown): string {
    return readWordsOptions(options) ?? this.#deck.language ?? "en";
  }

  #text(item: Parameters<typeof textOf>[0]): DeckText {
    return textOf(item, this.#base);
  }

  #change<T>(work: (session: Session) => T): T {
    const result = this.#call(work);
    this.#changed("refresh");
    return result;
  }

  /** Any call may change the log, by what another tab has written or because time has passed. */
  #keepUnstored(session: Session): void {
    const known = this.#unstored;
    const unstored = session.unstored(known.length, known[0]?.id, known.at(-1)?.id);
    if (unstored?.[1].length === 0 && unstored[0] === known.length) return;
    this.#unstored = unstored ? [...known.slice(0, unstored[0]), ...unstored[1]] : [];
  }

  #changed(elsewhere: "refresh" | "removedElsewhere"): void {
    this.dispatchEvent(new Event("change"));
    tellOthers(this.#listener, elsewhere);
  }

  /** Takes over what happened elsewhere. */
  #notice(work: (session: Session) => boolean): void {
    if (!this.#session) return;
    try {
      if (!this.#call(work)) return;
    } catch {
      // The log of another deck. The next change reports it.
      return;
    }
    this.dispatchEvent(new Event("change"));
  }

  #question(question: wasm.Question, shown: (index: number) => ShownCandidate): Question {
    const { prompt, candidates, kind, of, offered, strategy, score } = question;
    return {
      prompt: prompt === undefined ? null : this.#text(at(this.#deck.prompts, prompt)),
      candidates: candidates.map(shown),
      kind: kind as QuestionKind,
      of: of ?? null,
      offered: offered as Question["offered"],
      strategy: strategy as Strategy,
      score,
    };
  }

  #entry(entry: wasm.Entry): Entry {
    const { id, kind, shift } = entry;
    if (kind === "statement") {
      const { dimension, weight, sd } = entry as Required<wasm.Entry>;
      return { kind, id, dimension: at(this.#dimensions, dimension).id, weight, sd, shift };
    }
    const answer = answerOf((entry as Required<wasm.Entry>).answer);
    if (entry.prompt === undefined) return { kind, id, answer, prompt: null, candidates: null, shift };
    const prompt = at(this.#deck.prompts, entry.prompt);
    const candidates = (entry.candidates ?? []).map((index) => this.#text(at(prompt.candidates, index)));
    return { kind, id, answer, prompt: this.#text(prompt), candidates, shift };
  }
}

async function encryptedStorage(
  storageKey: string,
  changed: () => void,
): Promise<EncryptedStorage | undefined> {
  const { EncryptedStorage } = await import("./encrypted-storage.js");
  return EncryptedStorage.open(String(storageKey), changed);
}

/** Calls the module, which writes logs as JSON. Its errors become LeaningErrors, and after a crash it is replaced. */
function attempt<T>(work: () => T): T {
  if (isAtWork) throw new LeaningError("not-ready", "an interview is at work: call again once it is done");
  isAtWork = true;
  try {
    return withPlainJson(work);
  } catch (thrown) {
    const error = toLeaningError(thrown);
    if (error.code !== "internal") throw error;
    replaceModule();
    const message = `internal: the module crashed and is started again: ${error.message}`;
    throw new LeaningError("internal", message, undefined, { cause: thrown });
  } finally {
    isAtWork = false;
  }
}

function openSession(deck: Deck, options: wasm.OpenOptions, encrypted?: EncryptedStorage): Session {
  const packed = packPrompts(deck);
  if (!packed) return Session.open(deck, options, encrypted);
  const { ids, counts, scores } = packed;
  return Session.open({ ...deck, prompts: [] }, options, encrypted, ids, counts, scores);
}

/** Opens an interview where its log left it. */
function reopen(
  deck: Deck,
  options: wasm.OpenOptions,
  encrypted: EncryptedStorage | undefined,
  unstored: StoredEntry[],
): Session {
  const session = openSession(deck, options, encrypted);
  if (unstored.length > 0) {
    const log = JSON.parse(session.exportLog());
    session.importLog(JSON.stringify({ ...log, answers: unstored }));
  }
  return session;
}

/** Options for the module, which gets the words of the deck's candidates as counts. */
function withWords<T extends { per?: unknown }>({ per, ...options }: T, deck: Deck): Omit<T, "per"> {
  if (per === undefined || per === null || per === "question") return options;
  if (per !== "word") {
    const found = JSON.stringify(per).slice(0, 40);
    throw flaw("options", "per", `expected question or word, found ${found}`);
  }
  return { ...options, words: wordCounts(deck) };
}

function nameOf({ name, prompt, id }: GivenCandidate): string | null {
  return name ?? (id ? `${prompt ?? DEFAULT_PROMPT}/${id}` : null);
}
