// The attributes and properties that the templates of frameworks may set.

import type { DeckSource, Strategy } from "../types.js";
import type { Renderer } from "./deck-texts.js";
import type { OwnMessages } from "./messages.js";

/** Everything that may be set on all three elements. */
export interface ElementAttributes {
  deck?: DeckSource;
  integrity?: string;
  storage?: "local" | "encrypted" | "memory";
  "storage-key"?: string;
  retention?: number | string;
  theme?: "light" | "dark";
  lang?: string;
  messages?: OwnMessages;
  renderer?: Renderer;
}

/** Everything that may be set on `<leaning-quiz>`. */
export interface QuizAttributes extends ElementAttributes {
  "max-questions"?: number | string;
  "stop-regret"?: number | string;
  "stop-gain"?: number | string;
  "candidates-per-question"?: 2 | 3 | 4 | "2" | "3" | "4";
  picture?: "end" | "live" | "none";
  "show-fit"?: boolean | "";
  reveal?: "guess";
  answers?: string;
  strategy?: Strategy;
  per?: "question" | "word";
  seed?: number | string;
}
