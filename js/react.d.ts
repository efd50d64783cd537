// Typings of the elements in JSX, for React 19: `import type {} from "leaning/react"`.

import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type {
  ElementAttributes,
  ElementEvents,
  LeaningCompare,
  LeaningProfile,
  LeaningQuiz,
  QuizAttributes,
} from "./element.js";

/** React's attribute for an event is `on` and the event's name. */
type Listeners = { [Name in keyof ElementEvents as `on${Name}`]?: (event: ElementEvents[Name]) => void };
type Props<Element extends HTMLElement, Attributes> = Omit<
  DetailedHTMLProps<HTMLAttributes<Element>, Element>,
  keyof Attributes
> &
  Attributes &
  Listeners;

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "leaning-quiz": Props<LeaningQuiz, QuizAttributes>;
      "leaning-compare": Props<LeaningCompare, ElementAttributes>;
      "leaning-profile": Props<LeaningProfile, ElementAttributes>;
    }
  }
}
