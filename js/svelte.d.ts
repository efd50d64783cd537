// `import type {} from "leaning/svelte"`: the elements in Svelte's markup (Svelte 5), with their attributes and events.

import type { HTMLAttributes } from "svelte/elements";
import type { ElementAttributes, ElementEvents, LeaningCompare, LeaningProfile, LeaningQuiz, QuizAttributes } from "./element.js";

/** Svelte hears an event by the attribute `on` and its name. */
type Heard = { [Name in keyof ElementEvents as `on${Name}`]?: (event: ElementEvents[Name]) => void };
type Props<Element extends HTMLElement, Attributes> = Omit<HTMLAttributes<Element>, keyof Attributes> & Attributes & Heard;

declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "leaning-quiz": Props<LeaningQuiz, QuizAttributes>;
    "leaning-compare": Props<LeaningCompare, ElementAttributes>;
    "leaning-profile": Props<LeaningProfile, ElementAttributes>;
  }
}
