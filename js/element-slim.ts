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

// A server has no registry, and a page may load two copies of this module.
for (const [tag, element] of Object.entries(ELEMENTS)) {
  if (globalThis.customElements && !customElements.get(tag)) customElements.define(tag, element);
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
