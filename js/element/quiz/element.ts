// <leaning-quiz>: the interview, question after question, and its result.

import type { Leaning } from "../../core.js";
import type { ConfigureOptions, StopRule, Strategy } from "../../types.js";
import { LeaningElement } from "../base.js";
import { choiceControls } from "../controls/choice.js";
import { gradeControls } from "../controls/grades.js";
import { readNumber, withoutNulls, writeAttribute } from "../reflect.js";
import type { CreateView } from "../view.js";
import { type Picture, readSettings } from "./settings.js";
import { type Goal, QuizView } from "./view.js";

/** The attributes that end the interview. */
const STOP_RULE = ["max-questions", "stop-regret", "stop-gain"];

/**
 * The interview, question after question, and its result.
 *
 * @tag leaning-quiz
 * @slot intro - Stands above the first question.
 * @slot pick - Stands below the sentence of the result, such as what the page recommends to this person.
 * @slot done - Stands at the end.
 * @csspart question - The question with its candidates and buttons.
 * @csspart prompt - The heading of the question.
 * @csspart again - The line above a prompt that comes again with other candidates.
 * @csspart where - The line that says how far the interview has come, how long the rest takes, and that it is private.
 * @csspart private - The words of that line about privacy.
 * @csspart so-far - What is known so far, in a line.
 * @csspart guess - Whether the last answer was guessed, for `reveal`.
 * @csspart fit - The estimated match, for `show-fit`.
 * @csspart candidate - One of the candidates to choose from.
 * @csspart short - Such a candidate with a short text, which is a button as a whole.
 * @csspart choose - The button that chooses a candidate, or says that it is much better.
 * @csspart option - One of several buttons of a candidate: a grade, a rating, best, worst or a place.
 * @csspart pressed - Such a button that is taken, until the answer is complete.
 * @csspart picture - A picture of a candidate or a prompt.
 * @csspart tie - The button for about the same.
 * @csspart neither - The button for neither or none.
 * @csspart skip - The button that skips a question.
 * @csspart undo - The button that takes back an answer.
 * @csspart finish - The button that goes on to the result.
 * @csspart more - The button that goes on with more questions.
 * @csspart instructions - The button that shows the text to copy for an assistant. `display: none` leaves it out, as for any button.
 * @csspart share - The button that shares a picture of the result.
 * @csspart progress - The bar that grows from question to question.
 * @csspart summary - The result in a sentence.
 * @csspart archetype - The archetype that the person is closest to, if the deck has any.
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
    "per",
    "seed",
    "picture",
    "show-fit",
    "reveal",
    "answers",
  ];

  /** The number of answers to which the person wants to go on, whatever the stop rule says. */
  #upTo: number | null = null;
  readonly #goal: Goal = { stopAt: null, begun: null };

  /** @internal */
  protected override async loadView(opened: Promise<Leaning>): Promise<CreateView> {
    const settings = readSettings(this);
    const common = { choice: choiceControls, grades: gradeControls };
    const [Chart, others] = await Promise.all([
      settings.picture === "live" ? import("../chart.js").then((module) => module.Chart) : null,
      (await opened).questionKind in common ? null : import("../controls/other-kinds.js"),
    ]);
    const controls = { ...common, ...others?.otherControls };
    const extend = (answers: number | null) => this.#extend(answers);
    return (body, context) => {
      if (others) context.messages.addEnglish(others.english);
      return new QuizView(body, context, { ...settings, controls, Chart, goal: this.#goal, extend });
    };
  }

  override attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before !== after && STOP_RULE.includes(name)) this.#upTo = null;
    super.attributeChangedCallback(name, before, after);
  }

  /** @internal */
  protected override get numberAttributes(): string[] {
    return [...super.numberAttributes, ...STOP_RULE, "candidates-per-question", "seed"];
  }

  /** @internal */
  protected override get wordAttributes(): Record<string, string[]> {
    return {
      ...super.wordAttributes,
      picture: ["end", "live", "none"],
      reveal: ["guess"],
      answers: ["choice", "grades", "rating", "best-worst", "order", "tie", "neither", "skip"],
    };
  }

  async #extend(answers: number | null): Promise<boolean> {
    if (answers === this.#upTo) return false;
    this.#upTo = answers;
    await this.interview?.configure(this.interviewOptions());
    return true;
  }

  /** @internal */
  protected override interviewOptions(): ConfigureOptions {
    const stop = withoutNulls<StopRule>(
      this.#upTo === null
        ? { questions: this.maxQuestions, regret: this.stopRegret, gain: this.stopGain }
        : { questions: this.#upTo },
    );
    return withoutNulls<ConfigureOptions>({
      strategy: this.strategy,
      seed: this.seed,
      per: this.per,
      // The core refuses any other number.
      candidatesPerQuestion: this.candidatesPerQuestion as 2 | 3 | 4 | null,
      stop: Object.keys(stop).length > 0 ? stop : null,
    });
  }

  /**
   * The most answers before the interview ends; by default 12. The result may then offer a few more, if they would tell
   * something.
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
   * The unit for which a question should tell the most: `question`, which is the default, or `word`, since
   * reading a question costs the person time.
   * @attr per
   */
  get per(): "question" | "word" | null {
    // The core refuses any other word.
    return this.getAttribute("per") as "question" | "word" | null;
  }
  set per(per: "question" | "word" | null) {
    writeAttribute(this, "per", per);
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

  /**
   * When the picture of the person is shown: `end`, which is the default, `live` or `none`. A picture above the
   * questions names what is measured, which may influence answers.
   * @attr picture
   */
  get picture(): Picture | null {
    return this.getAttribute("picture") as Picture | null;
  }
  set picture(picture: Picture | null) {
    writeAttribute(this, "picture", picture);
  }

  /**
   * Shows the estimated match above the questions.
   * @attr show-fit
   */
  get showFit(): boolean {
    return this.hasAttribute("show-fit");
  }
  set showFit(shows: boolean) {
    writeAttribute(this, "show-fit", shows ? "" : null);
  }

  /**
   * With `guess`, the quiz guesses each answer from the sixth on before it is given, and then says whether it was
   * right. Nothing else changes by it.
   * @attr reveal
   */
  get reveal(): "guess" | null {
    return this.getAttribute("reveal") === "guess" ? "guess" : null;
  }
  set reveal(reveal: "guess" | null) {
    writeAttribute(this, "reveal", reveal);
  }

  /**
   * The answers beside a choice that have a button, such as `choice tie`; by default all that the deck offers.
   * @attr answers
   */
  get answers(): string | null {
    return this.getAttribute("answers");
  }
  set answers(answers: string | null) {
    writeAttribute(this, "answers", answers);
  }
}
