// The arguments of the public class, copied and checked where the wasm module does not.

import { flaw } from "./error.js";
import { indexed } from "./indexed.js";
import { checkNames, namesOf } from "./known-names.js";
import { baseOf } from "./look.js";
import {
  checkFile,
  expectString,
  expectText,
  guard,
  isObject,
  kindOf,
  type Plain,
  plain,
  plainFields,
  plainList,
  withoutMark,
  withPlainJson,
} from "./plain.js";
import type {
  Answer,
  ConfigureOptions,
  OpenOptions,
  RankOptions,
  ShareOptions,
  StopRule,
  WordsOptions,
} from "./types.js";
import type * as wasm from "./wasm.js";

/** A candidate from outside the deck, as a plain copy. */
export type GivenCandidate = wasm.Candidate & { text?: string | null };

/** The options of the module, and one that this layer reads. */
type GivenOptions<Options> = Options & { per?: unknown };

const STOP_NAMES = namesOf<StopRule>({ questions: 1, regret: 1, gain: 1 });
const CONFIGURE_NAMES = namesOf<ConfigureOptions>({
  strategy: 1,
  per: 1,
  candidatesPerQuestion: 1,
  halfLife: 1,
  repeatWorth: 1,
  stop: 1,
  sample: 1,
  seed: 1,
});
const OPEN_NAMES = [
  ...namesOf<Omit<OpenOptions, keyof ConfigureOptions>>({
    deck: 1,
    base: 1,
    storage: 1,
    storageKey: 1,
    startOver: 1,
    retention: 1,
  }),
  ...CONFIGURE_NAMES,
];
const RANK_NAMES = namesOf<RankOptions>({ temperature: 1, atLeast: 1 });
const WORDS_NAMES = namesOf<WordsOptions>({ language: 1 });

/**
 * The deck, which may be large or bytes and is read by itself, the place of its pictures, and a copy of the
 * other options.
 */
export function readOpenOptions(options: unknown): {
  deck: unknown;
  base: string | undefined;
  others: GivenOptions<wasm.OpenOptions>;
} {
  const isObject = typeof options === "object" && options !== null && !ArrayBuffer.isView(options);
  if (!isObject) throw flaw("options", "", "expected an object with a deck");
  checkNames(options, OPEN_NAMES);
  const { deck, base, retention, names } = guard("options", "", () => {
    const { deck, base, retention } = options as Record<"deck" | "base" | "retention", unknown>;
    return { deck, base, retention, names: Object.keys(options) };
  });
  const wanted = names.filter((name) => name !== "deck" && name !== "base");
  const others = plainFields(options, wanted, "options") as GivenOptions<wasm.OpenOptions>;
  checkNames(others.stop, STOP_NAMES, "stop");
  // A value without a form in JSON is left out, and answers would be kept for ever.
  if (retention !== undefined && others.retention === undefined)
    throw flaw("options", "retention", "expected a number of days");
  return { deck, base: baseOf(readUrl(base, "base")), others };
}

/** A URL as a string, or as an object, even of another frame. */
function readUrl(url: unknown, path: string): string | undefined {
  const href = guard("options", path, () => (url as URL | null | undefined)?.href ?? url);
  return href === undefined || href === null ? undefined : expectString(href, "options", path);
}

export function readConfigureOptions(options: unknown): GivenOptions<wasm.ConfigureOptions> {
  checkNames(options, CONFIGURE_NAMES);
  const given = (plain(options, "options") ?? {}) as GivenOptions<wasm.ConfigureOptions>;
  checkNames(given.stop, STOP_NAMES, "stop");
  return given;
}

export function readRankOptions(options: unknown): wasm.RankOptions | undefined {
  checkNames(options, RANK_NAMES);
  return plainFields(options, RANK_NAMES, "options") as wasm.RankOptions | undefined;
}

/** The fields of all kinds of answers. */
const ANSWER_FIELDS = ["chose", "grade", "rating", "of", "best", "worst", "order"];

/** The fields of an answer. A string is a verdict; an order becomes the rank of each candidate. */
export function readAnswer(answer: unknown): wasm.AnswerFields {
  const given = plainFields(answer, ANSWER_FIELDS, "answer");
  if (typeof given === "string") return { verdict: given as wasm.Verdict };
  if (!isObject(given)) {
    const expected = "{ chose }, { rating }, { best, worst }, { order }, tie, neither or skip";
    throw flaw("answer", "", `expected ${expected}, found ${kindOf(given)}`);
  }
  const { order, ...others } = given;
  if (order === undefined) return others as wasm.AnswerFields;
  return { ...(others as wasm.AnswerFields), ranks: ranksOf(order) };
}

/** The rank of each place in an order, whose items are places or lists of places in no order. */
function ranksOf(order: Plain): number[] {
  if (!Array.isArray(order)) throw flaw("answer", "order", `expected a list, found ${kindOf(order)}`);
  const ranks: number[] = [];
  const count = order.flat().length;
  for (const [rank, group] of indexed(order)) {
    for (const place of Array.isArray(group) ? group : [group]) {
      const isPlace = Number.isInteger(place) && (place as number) >= 0 && (place as number) < count;
      if (!isPlace || ranks[place as number] !== undefined)
        throw flaw("answer", `order[${rank}]`, "expected each candidate shown, once");
      ranks[place as number] = rank;
    }
  }
  return ranks;
}

/** An answer of its fields. */
export function answerOf({ verdict, ranks, ...fields }: wasm.AnswerFields): Answer {
  if (verdict !== undefined) return verdict;
  if (ranks === undefined) return fields as Answer;
  const groups = [...Array(Math.max(...ranks) + 1).keys()].map((rank) =>
    [...ranks.keys()].filter((place) => ranks[place] === rank),
  );
  return { order: groups.map((group) => (group.length === 1 ? (group[0] as number) : group)) };
}

/** The most candidates to rank. */
const MAX_RANKED = 10_000;
/** The most candidates to choose between: the work grows with their pairs. */
export const MAX_SHOWN = 1_000;

/** Copies of candidates, without any other fields that the caller keeps in them. */
export function readCandidates(candidates: unknown, most = MAX_RANKED): GivenCandidate[] {
  const list = plainList(candidates, ["id", "prompt", "name", "text", "scores"], "candidates", most);
  if (Array.isArray(list)) {
    for (const [index, candidate] of indexed(list)) {
      if (isObject(candidate)) expectText(candidate.text, "candidates", `[${index}].text`);
    }
  }
  return list as unknown as GivenCandidate[];
}

/** An exported log, as a text or parsed. */
export function readLog(log: unknown): string {
  if (typeof log !== "string") return withPlainJson(() => JSON.stringify(plain(log, "log") ?? null));
  checkFile(log.length, "log");
  return withoutMark(log);
}

export function readDimension(dimension: unknown): string {
  return expectString(dimension, "answer", "dimension");
}

/** The id of an entry of the log. */
export function readId(id: unknown): string {
  return expectString(id, "answer", "id");
}

export function readWeight(weight: unknown): number {
  if (typeof weight === "number") return weight;
  throw flaw("answer", "weight", "expected a number");
}

/** A count of entries; undefined for all. */
export function readCount(last: unknown): number | undefined {
  if (last === undefined) return undefined;
  if (Number.isSafeInteger(last) && (last as number) >= 0) return Math.min(last as number, 0xffff_ffff);
  throw flaw("options", "last", "expected a whole number of at least 0");
}

/** The language of the options of a text; undefined for the default. */
export function readWordsOptions(options: unknown): string | undefined {
  checkNames(options, WORDS_NAMES);
  const given = plainFields(options, WORDS_NAMES, "options");
  if (given === undefined || given === null) return undefined;
  if (!isObject(given)) throw flaw("options", "", `expected an object, found ${kindOf(given)}`);
  const { language } = given;
  return language === undefined || language === null ? undefined : readLanguage(language);
}

/** The ε of the options of `shareable`, which its own code checks. */
export function readGivenEpsilon(options: unknown): unknown {
  checkNames(options, ["epsilon"]);
  return guard("options", "epsilon", () => (options as ShareOptions | undefined)?.epsilon);
}

/** A BCP 47 tag. */
export function readLanguage(language: unknown): string {
  return expectString(language, "options", "language");
}
