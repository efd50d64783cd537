// SurveyJS's question type `leaning`. A renderer shows it by `showIn`.

import { ElementFactory, Question, Serializer } from "survey-core";
import type { Share, Shared } from "../collect";
import { sharedQuiz } from "../shared-quiz";

type Result = "nothing" | Exclude<Share, "weights" | "answers">;

export class QuestionLeaning extends Question {
  #panel: HTMLElement | undefined;
  #isFinished = false;

  override getType(): string {
    return "leaning";
  }

  get deck(): string {
    return this.getPropertyValue("deck");
  }
  set deck(url: string) {
    this.setPropertyValue("deck", url);
  }

  get maxQuestions(): number {
    return this.getPropertyValue("maxQuestions");
  }
  set maxQuestions(questions: number) {
    this.setPropertyValue("maxQuestions", questions);
  }

  /** The author's choice of what goes into the survey's result. */
  get result(): Result {
    return this.getPropertyValue("result");
  }
  set result(result: Result) {
    this.setPropertyValue("result", result);
  }

  /** Puts the quiz into the page. It is the same element every time, so that it goes on after another page. */
  showIn(host: HTMLElement | null): void {
    const content = this.isReadOnly ? this.#resultOnly() : this.#quiz();
    // Moving it would take the focus away.
    if (host && content !== host.firstChild) host.replaceChildren(content);
  }

  /** A quiz that may be left out of the result still has to be finished if the question is required. */
  override hasRequiredError(): boolean {
    return !this.#isFinished && super.hasRequiredError();
  }

  #quiz(): HTMLElement {
    const { deck, maxQuestions, result } = this;
    const shares = result === "nothing" ? [] : [result];
    this.#panel ??= sharedQuiz({ deck, maxQuestions, shares }, (shared, isFinished) =>
      this.#changed(shared, isFinished),
    );
    return this.#panel;
  }

  #changed({ done, instructions }: Shared, isFinished: boolean): void {
    this.#isFinished = isFinished;
    const value = instructions ?? (done ? "done" : undefined);
    if (value === undefined) this.clearValue();
    else this.value = value;
  }

  /** For a preview of the answers. */
  #resultOnly(): HTMLElement {
    const text = this.isEmpty() ? "Nothing of this quiz goes into the result." : String(this.value);
    return Object.assign(document.createElement("p"), { textContent: text });
  }
}

Serializer.addClass(
  "leaning",
  [
    { name: "deck", isRequired: true },
    { name: "maxQuestions:number", default: 8 },
    { name: "result", choices: ["nothing", "done", "instructions"], default: "done" },
  ],
  () => new QuestionLeaning(""),
  "question",
);
ElementFactory.Instance.registerElement("leaning", (name) => new QuestionLeaning(name));
