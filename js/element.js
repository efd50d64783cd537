// Registers <leaning-quiz>, <leaning-compare> and <leaning-profile>. What they are made of is in js/element.

import { init, Leaning, LeaningError, setDefaultSource } from "./core.js";
import { LeaningElement } from "./element/base.js";
import { LeaningCompare } from "./element/compare.js";
import { LeaningQuiz } from "./element/quiz.js";

setDefaultSource(() => new URL("./leaning.wasm", import.meta.url));

/** Shows what was learned: see js/element/profile-view.js. */
class LeaningProfile extends LeaningElement {
  static view = async () => (await import("./element/profile-view.js")).ProfileView;
}

const ELEMENTS = { "leaning-quiz": LeaningQuiz, "leaning-compare": LeaningCompare, "leaning-profile": LeaningProfile };

for (const [name, element] of Object.entries(ELEMENTS)) {
  if (globalThis.customElements && !customElements.get(name)) customElements.define(name, element);
}

export { init, Leaning, LeaningCompare, LeaningError, LeaningProfile, LeaningQuiz };
