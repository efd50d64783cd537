// What Angular checks of an element in a template it learns from the directives that match it: these say what the elements
// take and tell. Copy them into an app; a component that uses the elements names LEANING among its imports.

import { Directive, ElementRef, effect, inject, input, output } from "@angular/core";
import type { ElementAttributes, LeaningCounts, QuizAttributes } from "leaning/element";

/**
 * What all three elements take and tell. An input stands in the way of the element's property, and so is handed on; an
 * output says what an event is like, and Angular listens to the element's own besides.
 */
@Directive()
abstract class Shared {
  readonly deck = input<ElementAttributes["deck"]>();
  readonly storage = input<ElementAttributes["storage"]>();
  readonly theme = input<ElementAttributes["theme"]>();
  readonly messages = input<ElementAttributes["messages"]>();
  readonly renderer = input<ElementAttributes["renderer"]>();
  readonly ready = output<CustomEvent<LeaningCounts>>({ alias: "leaning-ready" });
  readonly answered = output<CustomEvent<LeaningCounts>>({ alias: "leaning-answer" });
  readonly done = output<CustomEvent<LeaningCounts>>({ alias: "leaning-done" });
  readonly failed = output<CustomEvent<{ code: string; path?: string }>>({ alias: "leaning-error" });

  readonly #element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  constructor() {
    const { deck, storage, theme, messages, renderer } = this;
    this.handOn({ deck, storage, theme, messages, renderer });
  }

  protected handOn(inputs: Record<string, () => unknown>): void {
    for (const [name, value] of Object.entries(inputs)) {
      effect(() => {
        if (value() !== undefined) Object.assign(this.#element, { [name]: value() });
      });
    }
  }
}

@Directive({ selector: "leaning-quiz" })
export class LeaningQuizDirective extends Shared {
  readonly maxQuestions = input<QuizAttributes["max-questions"]>(undefined, { alias: "max-questions" });
  readonly stopRegret = input<QuizAttributes["stop-regret"]>(undefined, { alias: "stop-regret" });
  readonly stopGain = input<QuizAttributes["stop-gain"]>(undefined, { alias: "stop-gain" });
  readonly choose = input<QuizAttributes["choose"]>();
  readonly strategy = input<QuizAttributes["strategy"]>();
  readonly seed = input<QuizAttributes["seed"]>();

  constructor() {
    super();
    const { maxQuestions, stopRegret, stopGain, choose, strategy, seed } = this;
    this.handOn({ maxQuestions, stopRegret, stopGain, choose, strategy, seed });
  }
}

@Directive({ selector: "leaning-compare" })
export class LeaningCompareDirective extends Shared {}

@Directive({ selector: "leaning-profile" })
export class LeaningProfileDirective extends Shared {}

export const LEANING = [LeaningQuizDirective, LeaningCompareDirective, LeaningProfileDirective] as const;
