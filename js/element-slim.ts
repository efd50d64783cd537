// The elements without the wasm module: they wait until the page calls `init(url)` with the URL of
// leaning.wasm.

import { LeaningCompare } from "./element/compare/element.js";
import { LeaningProfile } from "./element/profile/element.js";
import { LeaningQuiz } from "./element/quiz/element.js";

const ELEMENTS = {
  "leaning-quiz": LeaningQuiz,
  "leaning-compare": LeaningCompare,
  "leaning-profile": LeaningProfile,
};

// A server has no registry.
const registry: CustomElementRegistry | undefined = globalThis.customElements;
const taken = Object.keys(ELEMENTS).filter((tag) => registry?.get(tag));
for (const [tag, element] of Object.entries(ELEMENTS)) {
  if (!taken.includes(tag)) registry?.define(tag, element);
}
if (taken.length > 0) {
  // Not plain `console`, which the bundler drops.
  globalThis.console.warn(
    `leaning: the page has <${taken.join(">, <")}> already, from another copy of this package. It needs only one.`,
  );
}

declare global {
  interface HTMLElementTagNameMap {
    "leaning-compare": LeaningCompare;
    "leaning-profile": LeaningProfile;
    "leaning-quiz": LeaningQuiz;
  }
}

export { init, Leaning, LeaningError } from "./core.js";
export type { ElementAttributes, QuizAttributes } from "./element/attributes.js";
export type { LeaningElement } from "./element/base.js";
export type { AskOptions } from "./element/compare/comparison.js";
export type { Renderer } from "./element/deck-texts.js";
export type {
  ElementEvents,
  LeaningElementEventMap,
  LeaningErrorDetail,
  LeaningProgress,
} from "./element/events.js";
export type { Message, MessageKey, OwnMessages } from "./element/messages.js";
export type * from "./types.js";
export { LeaningCompare, LeaningProfile, LeaningQuiz };
