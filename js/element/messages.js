// What the elements say, in the language of the element: one table a language in js/lang, loaded when it is needed.

import en from "../lang/en.js";

/** Spelled out, so that a bundler makes a chunk of each. */
const LANGUAGES = {
  en: async () => ({ default: en }),
  ar: () => import("../lang/ar.js"),
  de: () => import("../lang/de.js"),
  es: () => import("../lang/es.js"),
  fr: () => import("../lang/fr.js"),
  hi: () => import("../lang/hi.js"),
  ja: () => import("../lang/ja.js"),
  pt: () => import("../lang/pt.js"),
  zh: () => import("../lang/zh.js"),
};

const RTL = new Set(["ar", "fa", "he", "ur"]);

/** The codes there are tables for. */
export const CODES = Object.keys(LANGUAGES);

/** The language that `element` stands in: its own `lang`, else the nearest one, else English. */
export function languageOf(element) {
  for (let node = element; node; node = node.parentNode ?? node.host) {
    const language = node.getAttribute?.("lang");
    if (language) return language;
  }
  return "en";
}

export class Messages {
  #english = en;
  #table;
  #own;
  #numbers;
  #percent;
  #plurals;

  /** `language`: of the texts and numbers, a BCP 47 tag; `own`: the host's texts, which go before the table's. */
  constructor(language, table, own = {}) {
    this.language = language;
    this.direction = RTL.has(language.split("-")[0].toLowerCase()) ? "rtl" : "ltr";
    this.#table = table;
    this.#own = own;
    this.#numbers = new Intl.NumberFormat(language);
    this.#percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
    this.#plurals = new Intl.PluralRules(language);
  }

  /** In the language asked for, or in English where there is no table for it. */
  static async load(language, own) {
    const code = language.split("-")[0].toLowerCase();
    // Not `in`: a page's lang="constructor" is none of these.
    if (!Object.hasOwn(LANGUAGES, code)) return new Messages("en", en, own);
    return new Messages(supported(language, code), (await LANGUAGES[code]()).default, own);
  }

  /** Adds English texts that only some elements need; the other tables have everything. */
  add(english) {
    this.#english = { ...en, ...english };
  }

  /** The text of `key` with `values` put in: numbers as the language writes them. */
  words(key, values = {}) {
    const entry = this.#own[key] ?? this.#table[key] ?? this.#english[key];
    const text = typeof entry === "string" ? entry : (entry[this.#plurals.select(values.count)] ?? entry.other);
    return text.replace(/\{(\w+)\}/g, (whole, name) => {
      const value = values[name];
      return typeof value === "number" ? this.#numbers.format(value) : (value ?? whole);
    });
  }

  /** What is said of a dimension: which way somebody leans, and whether that is clear. */
  leaning(leaned) {
    return this.words(leaned.degree, leaned);
  }

  /** A share, rounded down, and never 100%: nothing here is certain. */
  percent(share) {
    return this.#percent.format(Math.min(Math.floor(share * 100), 99) / 100);
  }
}

/** A tag that Intl knows: a page's lang may be misspelt behind its first part. */
function supported(language, code) {
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    return code;
  }
}
