// The elements' texts in the language of the page. Each language is a table in js/lang that loads when it is
// needed.

import english from "../lang/en.js";
import type { Message, MessageKey, MessageTable } from "../lang/table.js";
import { isSure, otherEnd } from "../sure.js";
import type { DimensionEstimate } from "../types.js";

export type { Message, MessageKey };

/** The host's own texts by key. */
export type OwnMessages = Partial<Record<MessageKey, Message>>;

type Values = Record<string, string | number>;

/** Spelled out, so that a bundler makes a chunk of each table. */
const LANGUAGES: Record<string, () => Promise<{ default: MessageTable }>> = {
  en: async () => ({ default: english }),
  ar: () => import("../lang/ar.js"),
  de: () => import("../lang/de.js"),
  es: () => import("../lang/es.js"),
  fr: () => import("../lang/fr.js"),
  hi: () => import("../lang/hi.js"),
  ja: () => import("../lang/ja.js"),
  pt: () => import("../lang/pt.js"),
  zh: () => import("../lang/zh.js"),
};

/** What differs from the table of a language where its tag ends with a private use, such as another form of address. */
const VARIANTS: Record<string, () => Promise<{ default: MessageTable }>> = {
  "de-x-du": () => import("../lang/de-du.js"),
};

const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);

/** The codes of the languages that have a table. */
export const LANGUAGE_CODES = Object.keys(LANGUAGES);

/** The tags of the variants of these languages. */
export const VARIANT_TAGS = Object.keys(VARIANTS);

/** The language in force at `element`: its own `lang` or the nearest ancestor's, otherwise English. */
export function languageOf(element: Element): string {
  for (
    let node: Node | null | undefined = element;
    node;
    node = node.parentNode ?? (node as ShadowRoot).host
  ) {
    const language = (node as Partial<Element>).getAttribute?.("lang");
    if (language) return language;
  }
  return "en";
}

export class Messages {
  /** A BCP 47 tag. Texts and numbers are in this language. */
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  #english: MessageTable = english;
  #table: MessageTable;
  #own: OwnMessages;
  /** The deck's own words in this language. */
  #deck: OwnMessages = {};
  // Made when they are needed: the words for an error need none of them, and must not fail with them.
  #numbers: Intl.NumberFormat | undefined;
  #percent: Intl.NumberFormat | undefined;
  #plurals: Intl.PluralRules | undefined;

  constructor(language: string, table: MessageTable, own: OwnMessages = {}) {
    this.language = language;
    this.direction = RIGHT_TO_LEFT.has(primaryCode(language)) ? "rtl" : "ltr";
    this.#table = table;
    this.#own = own;
  }

  /**
   * Loads the texts in `language`, or in English if it has no table. The host's `own` texts take precedence.
   */
  static async load(language: string, own?: OwnMessages): Promise<Messages> {
    const code = primaryCode(language);
    const loadTable = entryOf(LANGUAGES, code);
    if (!loadTable) return new Messages("en", english, own);
    const tag = validTag(language, code);
    const loadVariant = entryOf(VARIANTS, code + privateUse(tag));
    const [table, variant] = await Promise.all([loadTable(), loadVariant?.()]);
    return new Messages(tag, { ...table.default, ...variant?.default }, own);
  }

  /** Adds the English that loads with a view. The other languages have everything in one table. */
  addEnglish(more: MessageTable): void {
    this.#english = { ...this.#english, ...more };
  }

  /** Takes the deck's own words. The host's texts take precedence over them. */
  addDeckWords(words: OwnMessages): void {
    this.#deck = words;
  }

  /** The text of `key` with `values` filled in. Numbers are formatted for the language. */
  text(key: MessageKey, values: Values = {}): string {
    const message = this.#own[key] ?? this.#deck[key] ?? this.#table[key] ?? this.#english[key] ?? key;
    return this.#choosePlural(message, values.count).replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      return typeof value === "number" ? this.number(value) : (value ?? whole);
    });
  }

  number(value: number): string {
    this.#numbers ??= new Intl.NumberFormat(this.language);
    return this.#numbers.format(value);
  }

  #choosePlural(message: Message, count: string | number | undefined): string {
    if (typeof message === "string") return message;
    this.#plurals ??= new Intl.PluralRules(this.language);
    return message[this.#plurals.select(Number(count))] ?? message.other ?? "";
  }

  /** Where a person stands on a dimension, and how strongly. How sure that is is another matter. */
  describe(dimension: DimensionEstimate): string {
    const { standing, strength, end, low, high } = dimension;
    const other = otherEnd(dimension);
    const key: MessageKey = standing === "leans" ? `leans-${strength}` : `standing-${standing}`;
    return this.text(key, { end, other, low, high });
  }

  /** How sure the standing is; empty where there is none. */
  certainty(dimension: DimensionEstimate): string {
    if (dimension.standing === "open") return "";
    return this.text(isSure(dimension) ? "certainty-high" : "certainty-moderate");
  }

  /** A list of words, separated as the language does. */
  list(words: string[]): string {
    return new Intl.ListFormat(this.language, { style: "short", type: "unit" }).format(words);
  }

  /** A probability or share as a percentage, rounded down and at most 99%, since no estimate is certain. */
  percent(share: number): string {
    this.#percent ??= new Intl.NumberFormat(this.language, { style: "percent", maximumFractionDigits: 0 });
    return this.#percent.format(Math.min(Math.floor(share * 100), 99) / 100);
  }
}

function primaryCode(language: string): string {
  return language.split("-", 1)[0]?.toLowerCase() ?? "";
}

/** The private use at the end of a valid tag, such as `-x-du`. */
function privateUse(tag: string): string {
  return /-x-.*/.exec(tag)?.[0] ?? "";
}

/** Not `entries[name]` alone: an object also has a "constructor", and a page may say lang="constructor". */
function entryOf<Entry>(entries: Record<string, Entry>, name: string): Entry | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}

/** A tag that `Intl` accepts: the page's may be malformed after its first part. */
function validTag(language: string, code: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? code;
  } catch {
    return code;
  }
}
