// Settings in the part of the address behind #, which no browser sends to a server. Behind ? they are read too.

import { DECKS } from "./deck-choice.js";
import { MEASURES } from "./measures.js";
import { KINDS } from "./people.js";
import { STRATEGIES } from "./strategies.js";

const DEFAULTS = {
  deck: "assistant-style-en",
  people: "prior",
  strategies: ["information-gain", "random"],
  answers: 20,
  count: 1000,
  seed: 1,
  on: "held-out",
  profile: false,
  measure: "regret",
};
/** The smallest and the largest numbers, as in the form. */
const RANGES = { answers: [1, 50], count: [20, 20_000], seed: [0, 999_999] };
/** The values of the other settings. */
const CHOICES = {
  deck: [...Object.keys(DECKS), "own"],
  people: Object.keys(KINDS),
  strategies: Object.keys(STRATEGIES),
  on: ["held-out", "all"],
  profile: ["1"],
  measure: Object.keys(MEASURES),
};
/** The most characters of an address that are repeated. */
const REPEATED = 40;

const either = new Intl.ListFormat("en", { type: "disjunction" });

export function toAddress({ strategies, profile, ...others }) {
  const ticked = profile && { profile: "1" };
  return new URLSearchParams({ ...others, ...ticked, strategies: strategies.join(" ") }).toString();
}

/**
 * The settings in an address, which has a `hash` and a `search`. Parts that are missing or make no sense are the default's:
 * `unused` says which these are and why, one after the other. `isGiven` tells whether the address has any setting.
 */
export function readAddress({ hash, search }) {
  const given = new URLSearchParams(hash.length > 1 ? hash.slice(1) : search);
  const settings = { ...DEFAULTS };
  const unused = [];
  const refuse = (name, value, expected) => {
    const text = `${name}=${value}`;
    const shown = text.length > REPEATED ? `${text.slice(0, REPEATED)}…` : text;
    unused.push(`${shown}, ${expected}`);
  };
  for (const [name, value] of given) {
    if (Object.hasOwn(RANGES, name)) {
      const [least, most] = RANGES[name];
      const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
      if (number >= least && number <= most) settings[name] = number;
      else refuse(name, value, `which should be a whole number from ${least} to ${most}`);
    } else if (Object.hasOwn(CHOICES, name)) {
      const values = name === "strategies" ? value.split(" ").filter(Boolean) : [value];
      const known = CHOICES[name].filter((one) => values.includes(one));
      const expected = `which should be ${either.format(CHOICES[name])}`;
      for (const one of values.filter((one) => !known.includes(one))) refuse(name, one, expected);
      if (known.length > 0) settings[name] = { strategies: known, profile: true }[name] ?? known[0];
    } else refuse(name, value, "which is no setting of the lab");
  }
  settings.profile ||= MEASURES[settings.measure].ofProfile === true;
  const isGiven = [...given.keys()].some((name) => Object.hasOwn(DEFAULTS, name));
  return { settings, unused: isGiven ? unused : [], isGiven };
}
