// Checks the texts that a page brings. It loads where a page brings any.

import { flaw, type LeaningError } from "../error.js";
import { didYouMean, shortened } from "../known-names.js";
import english from "../lang/en.js";
import englishCompareProfile from "../lang/en-compare-profile.js";
import englishEnd from "../lang/en-end.js";
import englishOtherKinds from "../lang/en-other-kinds.js";
import { isObject, kindOf, plain } from "../plain.js";
import type { OwnMessages } from "./messages.js";

/** Every key of a text that an element has. */
const KEYS = Object.keys({ ...english, ...englishCompareProfile, ...englishEnd, ...englishOtherKinds });

/**
 * A copy of the host's texts, without those that are null. Throws unless each is a string, or an object of strings by
 * plural category.
 */
export function readMessages(messages: unknown): OwnMessages | undefined {
  const given = plain(messages, "options", "messages") ?? undefined;
  if (given === undefined) return undefined;
  if (!isObject(given)) throw flaw("options", "messages", `expected an object, found ${kindOf(given)}`);
  // A function has no copy.
  for (const key of Object.keys(messages as object)) {
    if (!Object.hasOwn(given, key) && (messages as Record<string, unknown>)[key] !== undefined)
      throw wrongMessage(key);
  }
  const own = Object.entries(given).filter(([, message]) => message !== null);
  for (const [key, message] of own) {
    const texts = isObject(message) ? [...Object.values(message), message.other] : [message];
    if (!texts.every((text) => typeof text === "string")) throw wrongMessage(key);
  }
  return Object.fromEntries(own) as OwnMessages;
}

/** The errors about texts for which no element has a place. */
export function unknownMessages(messages: unknown): LeaningError[] {
  const unknown = Object.keys(readMessages(messages) ?? {}).filter((key) => !KEYS.includes(key));
  return unknown.map((key) => {
    const short = shortened(key);
    const message = `no element has such a text${didYouMean(short, KEYS)}; docs/element.md lists them`;
    return flaw("options", `messages.${short}`, message);
  });
}

function wrongMessage(key: string): Error {
  return flaw(
    "options",
    `messages.${key}`,
    "expected a string, or an object of strings by plural category with other",
  );
}
