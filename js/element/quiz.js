// <leaning-quiz>: the interview, question after question, and what came of it.

import { LeaningElement, reflectAll } from "./base.js";
import { QuizView } from "./quiz-view.js";

const REFLECTED = {
  maxQuestions: "max-questions",
  stopRegret: "stop-regret",
  stopGain: "stop-gain",
  choose: "choose",
  strategy: "strategy",
  seed: "seed",
};

export class LeaningQuiz extends LeaningElement {
  static observedAttributes = [...super.observedAttributes, ...Object.values(REFLECTED)];
  static properties = [...super.properties, ...Object.keys(REFLECTED)];
  static view = () => QuizView;

  options() {
    const stop = {
      questions: this.number("max-questions"),
      regret: this.number("stop-regret"),
      gain: this.number("stop-gain"),
    };
    return {
      strategy: this.getAttribute("strategy") ?? undefined,
      seed: this.number("seed"),
      choose: this.number("choose"),
      stop: Object.values(stop).some((limit) => limit !== undefined) ? stop : undefined,
    };
  }
}

reflectAll(LeaningQuiz, REFLECTED);
