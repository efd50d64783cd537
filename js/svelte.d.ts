// Typings of the elements in markup, for Svelte 5: `import type {} from "leaning/svelte"`.

import type { HTMLAttributes } from "svelte/elements";
import type {
  ElementAttributes,
  ElementEvents,
  LeaningCompare,
  LeaningProfile,
  LeaningQuiz,
  QuizAttributes,
} from "./element.js";

/** Svelte's attribute for an event is `on` and the event's name. */
type Listeners = { [Name in keyof ElementEvents as `on${Name}`]?: (event: ElementEvents[Name]) => void };
type Props<Element extends HTMLElement, Attributes> = Omit<HTMLAttributes<Element>, keyof Attributes> &
  Attributes &
  Listeners;

declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "leaning-quiz": Props<LeaningQuiz, QuizAttributes>;
    "leaning-compare": Props<LeaningCompare, ElementAttributes>;
    "leaning-profile": Props<LeaningProfile, ElementAttributes>;
  }
}
