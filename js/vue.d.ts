// Typings of the elements in templates, for Vue 3: `import type {} from "leaning/vue"`. Vue's compiler needs
// the option `isCustomElement: (tag) => tag.startsWith("leaning-")`.

import type { DefineComponent, EmitsOptions } from "vue";
import type { ElementAttributes, ElementEvents, QuizAttributes } from "./element.js";

/** Vue checks the attribute `max-questions` as the prop `maxQuestions`. */
type Camelized<Name> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camelized<Tail>>}`
  : Name;
type Props<Attributes> = { [Name in keyof Attributes as Camelized<Name>]: Attributes[Name] };
type Listeners = { [Name in keyof ElementEvents]: (event: ElementEvents[Name]) => void } & EmitsOptions;
type Component<Attributes> = DefineComponent<
  Props<Attributes>,
  object,
  object,
  object,
  object,
  object,
  object,
  Listeners
>;

declare module "vue" {
  interface GlobalComponents {
    "leaning-quiz": Component<QuizAttributes>;
    "leaning-compare": Component<ElementAttributes>;
    "leaning-profile": Component<ElementAttributes>;
  }
}
