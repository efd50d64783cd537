// Typings of the elements in templates, for Vue 3: `import type {} from "leaning/vue"`. Vue's compiler needs the option
// `isCustomElement: (tag) => tag.startsWith("leaning-")`.

import type { DefineComponent, EmitsOptions } from "vue";
import type { ElementAttributes, ElementEvents, QuizAttributes } from "./element.js";

type Listeners = { [Name in keyof ElementEvents]: (event: ElementEvents[Name]) => void } & EmitsOptions;
type Component<Attributes> = DefineComponent<
  Attributes,
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
