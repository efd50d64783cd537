// Angular checks an element in a template by the directives that match it. These declare the inputs and events of the
// elements. Copy them into an app; a component that uses the elements names LEANING among its imports.

import { Directive, ElementRef, effect, inject, input, output } from "@angular/core";
import type { ElementAttributes, LeaningErrorDetail, LeaningProgress, QuizAttributes } from "leaning/element";

/**
 * The inputs and events of all three elements. An input hides the element's property, so its value is handed on. An output
 * only declares the type of an event: Angular also listens to the element's own.
 */
@Directive()
abstract class Shared {
  readonly deck = input<ElementAttributes["deck"]>();
  readonly storage = input<ElementAttributes["storage"]>();
  readonly theme = input<ElementAttributes["theme"]>();
  readonly messages = input<ElementAttributes["messages"]>();
  readonly renderer = input<ElementAttributes["renderer"]>();
  readonly ready = output<CustomEvent<LeaningProgress>>({ alias: "leaning-ready" });
  readonly answered = output<CustomEvent<LeaningProgress>>({ alias: "leaning-answer" });
  readonly done = output<CustomEvent<LeaningProgress>>({ alias: "leaning-done" });
  readonly failed = output<CustomEvent<LeaningErrorDetail>>({ alias: "leaning-error" });

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
  readonly candidatesPerQuestion = input<QuizAttributes["candidates-per-question"]>(undefined, {
    alias: "candidates-per-question",
  });
  readonly strategy = input<QuizAttributes["strategy"]>();
  readonly seed = input<QuizAttributes["seed"]>();

  constructor() {
    super();
    const { maxQuestions, stopRegret, stopGain, candidatesPerQuestion, strategy, seed } = this;
    this.handOn({ maxQuestions, stopRegret, stopGain, candidatesPerQuestion, strategy, seed });
  }
}

@Directive({ selector: "leaning-compare" })
export class LeaningCompareDirective extends Shared {}

@Directive({ selector: "leaning-profile" })
export class LeaningProfileDirective extends Shared {}

export const LEANING = [LeaningQuizDirective, LeaningCompareDirective, LeaningProfileDirective] as const;
