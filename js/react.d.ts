// `import type {} from "leaning/react"`: the elements in React's JSX (React 19), with their attributes and events.

import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { ElementAttributes, ElementEvents, LeaningCompare, LeaningProfile, LeaningQuiz, QuizAttributes } from "./element.js";

/** React hears an event by the attribute `on` and its name. */
type Heard = { [Name in keyof ElementEvents as `on${Name}`]?: (event: ElementEvents[Name]) => void };
type Props<Element extends HTMLElement, Attributes> = Omit<DetailedHTMLProps<HTMLAttributes<Element>, Element>, keyof Attributes> &
  Attributes &
  Heard;

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "leaning-quiz": Props<LeaningQuiz, QuizAttributes>;
      "leaning-compare": Props<LeaningCompare, ElementAttributes>;
      "leaning-profile": Props<LeaningProfile, ElementAttributes>;
    }
  }
}
