// `import type {} from "leaning/vue"`: the elements in Vue's templates, with their attributes and events. Vue has to be
// told that they are elements: `compilerOptions: { isCustomElement: (tag) => tag.startsWith("leaning-") }`.

import type { DefineComponent, EmitsOptions } from "vue";
import type { ElementAttributes, ElementEvents, QuizAttributes } from "./element.js";

type Emitted = { [Name in keyof ElementEvents]: (event: ElementEvents[Name]) => void } & EmitsOptions;
type Component<Attributes> = DefineComponent<Attributes, object, object, object, object, object, object, Emitted>;

declare module "vue" {
  interface GlobalComponents {
    "leaning-quiz": Component<QuizAttributes>;
    "leaning-compare": Component<ElementAttributes>;
    "leaning-profile": Component<ElementAttributes>;
  }
}
