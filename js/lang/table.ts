// The type of a language's table. A test finds keys that are left out; such a text is in English.

import type english from "./en.js";
import type englishCompareProfile from "./en-compare-profile.js";
import type englishEnd from "./en-end.js";
import type englishFrame from "./en-frame.js";
import type englishOtherKinds from "./en-other-kinds.js";

/** A text, or one for each plural category of the language. */
export type Message = string | Partial<Record<Intl.LDMLPluralRule, string>>;

export type MessageKey =
  | keyof typeof english
  | keyof typeof englishCompareProfile
  | keyof typeof englishEnd
  | keyof typeof englishFrame
  | keyof typeof englishOtherKinds;

export type MessageTable = Partial<Record<MessageKey, Message>>;
