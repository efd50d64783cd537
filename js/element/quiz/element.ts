// <leaning-quiz>: the interview, question after question, and its result.

import type { Leaning } from "../../core.js";
import type { ConfigureOptions, StopRule, Strategy } from "../../types.js";
import { LeaningElement } from "../base.js";
import { choiceControls } from "../controls/choice.js";
import { gradeControls } from "../controls/grades.js";
import { readNumber, withoutNulls, writeAttribute } from "../reflect.js";
import type { CreateView } from "../view.js";
import { QuizView } from "./view.js";

/**
 * The interview, question after question, and its result.
 *
 * @tag leaning-quiz
 * @slot intro - Stands above the first question.
 * @slot done - Stands at the end.
 * @csspart question - The question with its candidates and buttons.
 * @csspart prompt - The heading of the question.
 * @csspart candidate - One of the candidates to choose from.
 * @csspart choose - The button that chooses a candidate, or says that it is much better.
 * @csspart option - One of several buttons of a candidate: a grade, a rating, best, worst or a place.
 * @csspart pressed - Such a button that is taken, until the answer is complete.
 * @csspart progress - The bar of the estimated match.
 * @csspart profile - The picture of the person's taste.
 * @csspart dimension - One dimension of the picture.
 * @csspart done - The heading of the result.
 */
export class LeaningQuiz extends LeaningElement {
  static override observedAttributes = [
    ...super.observedAttributes,
    "max-questions",
    "stop-regret",
    "stop-gain",
    "candidates-per-question",
    "strategy",
    "seed",
  ];

  /** @internal */
  protected override async loadView(opened: Promise<Leaning>): Promise<CreateView> {
    const common = { choice: choiceControls, grades: gradeControls };
    if ((await opened).questionKind in common) return (body, context) => new QuizView(body, context, common);
    const { otherControls, english } = await import("../controls/other-kinds.js");
    return (body, context) => {
      context.messages.addEnglish(english);
      return new QuizView(body, context, { ...common, ...otherControls });
    };
  }

  /** @internal */
  protected override interviewOptions(): ConfigureOptions {
    const stop = withoutNulls<StopRule>({
      questions: this.maxQuestions,
      regret: this.stopRegret,
      gain: this.stopGain,
    });
    return withoutNulls<ConfigureOptions>({
      strategy: this.strategy,
      seed: this.seed,
      // The core refuses any other number.
      candidatesPerQuestion: this.candidatesPerQuestion as 2 | 3 | 4 | null,
      stop: Object.keys(stop).length > 0 ? stop : null,
    });
  }

  /**
   * The most answers before the interview ends; by default 12.
   * @attr max-questions
   */
  get maxQuestions(): number | null {
    return readNumber(this, "max-questions");
  }
  set maxQuestions(questions: number | null) {
    writeAttribute(this, "max-questions", questions);
  }

  /**
   * The interview ends when the expected regret is below this share.
   * @attr stop-regret
   */
  get stopRegret(): number | null {
    return readNumber(this, "stop-regret");
  }
  set stopRegret(share: number | null) {
    writeAttribute(this, "stop-regret", share);
  }

  /**
   * The interview ends when the best question left would add less information than this, in bits.
   * @attr stop-gain
   */
  get stopGain(): number | null {
    return readNumber(this, "stop-gain");
  }
  set stopGain(bits: number | null) {
    writeAttribute(this, "stop-gain", bits);
  }

  /**
   * The number of candidates in a question, 2 to 4; by default the deck's own number.
   * @attr candidates-per-question
   */
  get candidatesPerQuestion(): number | null {
    return readNumber(this, "candidates-per-question");
  }
  set candidatesPerQuestion(candidates: number | null) {
    writeAttribute(this, "candidates-per-question", candidates);
  }

  /**
   * The rule that chooses the questions; by default `information-gain`.
   * @attr strategy
   */
  get strategy(): Strategy | null {
    return this.getAttribute("strategy") as Strategy | null;
  }
  set strategy(strategy: Strategy | null) {
    writeAttribute(this, "strategy", strategy);
  }

  /**
   * Makes the order of the candidates reproducible, for tests.
   * @attr seed
   */
  get seed(): number | null {
    return readNumber(this, "seed");
  }
  set seed(seed: number | null) {
    writeAttribute(this, "seed", seed);
  }
}
