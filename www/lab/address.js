// Settings in the part of the address behind #, which no browser sends to a server.

import { DECKS } from "./deck-choice.js";
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
};
/** The smallest and the largest numbers, as in the form. */
const RANGES = { answers: [1, 50], count: [20, 20_000], seed: [0, 999_999] };

export function toAddress({ strategies, profile, ...others }) {
  const ticked = profile && { profile: "1" };
  return new URLSearchParams({ ...others, ...ticked, strategies: strategies.join(" ") }).toString();
}

/** The settings of an address. Parts that are missing or make no sense are the default's. */
export function readAddress(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const settings = { ...DEFAULTS, profile: given.get("profile") === "1" };
  const take = (name, isAllowed) => {
    if (given.has(name) && isAllowed(given.get(name))) settings[name] = given.get(name);
  };
  take("deck", (deck) => deck === "own" || Object.hasOwn(DECKS, deck));
  take("people", (kind) => Object.hasOwn(KINDS, kind));
  take("on", (on) => on === "held-out" || on === "all");
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const number = Number(given.get(name) ?? Number.NaN);
    if (Number.isInteger(number) && number >= least && number <= most) settings[name] = number;
  }
  const strategies = (given.get("strategies") ?? "")
    .split(" ")
    .filter((one) => Object.hasOwn(STRATEGIES, one));
  if (strategies.length > 0)
    settings.strategies = Object.keys(STRATEGIES).filter((one) => strategies.includes(one));
  return settings;
}
