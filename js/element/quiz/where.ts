// Where the interview stands: the question and the time left, a bar that only grows, and what is known so far.

import type { DimensionEstimate, Profile, Question, Status } from "../../types.js";
import { h } from "../dom.js";
import type { Messages } from "../messages.js";
import { type MeanWords, minutesFor } from "./reading-time.js";

/** The number of answers from which it is told what is known. */
const TELLS_FROM = 3;
/** The most dimensions in the line about that. */
const MOST_TOLD = 3;

export class Where {
  readonly element: HTMLElement;
  readonly #messages: Messages;
  readonly #count = h("span", { class: "count" });
  readonly #time = h("span", { class: "time" });
  readonly #bar = h("progress", { class: "progress", part: "progress", max: 1, "aria-hidden": "true" });
  readonly #fit = h("p", { class: "match", part: "fit" });
  readonly #soFar = h("span", { class: "so-far", part: "so-far", hidden: true });
  readonly #words: MeanWords;
  readonly #assurance: HTMLElement;
  readonly #guess = h("span", { class: "guess", part: "guess" });
  #answered = 0;
  #share = 0;

  constructor(
    messages: Messages,
    words: MeanWords,
    { showsFit, tellsSoFar }: { showsFit: boolean; tellsSoFar: boolean },
  ) {
    this.#messages = messages;
    this.#words = words;
    const privacy = h("span", { class: "private", part: "private" }, messages.text("private"));
    // One line, whatever stands in it, so that the question stays where it is.
    this.#assurance = h("p", { class: "assurance" }, privacy, tellsSoFar && this.#soFar);
    this.element = h(
      "div",
      { class: "overview" },
      h("p", { class: "where", part: "where" }, this.#count, this.#time),
      this.#bar,
      this.#assurance,
      showsFit && this.#fit,
    );
  }

  /** Shows how far the interview has come. `remaining` questions are still to answer, this one among them. */
  show(status: Status, remaining: number, question: Question | null): void {
    const { answered, observed } = status;
    this.#count.textContent = this.position(status, remaining);
    if (question) {
      const minutes = minutesFor(remaining, question.candidates.length, this.#words);
      this.#time.textContent =
        minutes < 0.75
          ? this.#messages.text("underAMinute")
          : this.#messages.text("minutesLeft", { count: Math.max(Math.round(minutes), 1) });
    }
    const asked = answered - observed;
    const share = (asked + 1) / (asked + Math.max(remaining, 1));
    // An estimate of what is left may rise, but nobody likes to be set back. Undoing does.
    this.#share = answered > this.#answered ? Math.max(share, this.#share) : share;
    this.#bar.setAttribute("value", String(this.#share));
    this.#answered = answered;
    this.#soFar.hidden = answered < TELLS_FROM;
    if (this.#soFar.hidden) this.#soFar.textContent = "";
  }

  /** Where the interview stands, such as "Question 3 of 8". */
  position({ answered, observed, mayEndEarly }: Status, remaining: number): string {
    // Answers from elsewhere, such as a chat, count, but the person has not seen them as questions of this quiz.
    const question = answered - observed + 1;
    const count = Math.max(remaining - 1, 0);
    if (!mayEndEarly) return this.#messages.text("questionOf", { question, total: question + count });
    return this.#messages.text(count > 0 ? "questionAbout" : "questionLast", { question, count });
  }

  /** Shows the estimated match, from 0 to 1. Nothing better than a blind pick is not worth mentioning. */
  showFit(match: number): void {
    this.#fit.textContent =
      match < 0.01 ? "" : this.#messages.text("match", { share: this.#messages.percent(match) });
  }

  /** Shows whether the last answer was guessed, in place of what is known so far; nothing if `words` is empty. */
  showGuess(words: string): void {
    this.#guess.textContent = words;
    if (words) this.#assurance.append(this.#guess);
    else this.#guess.remove();
    this.#assurance.classList.toggle("has-guess", words !== "");
  }

  /** Whether there is a line to fill in with what is known so far. */
  get tellsSoFar(): boolean {
    return this.#soFar.isConnected && !this.#soFar.hidden;
  }

  showSoFar({ dimensions }: Profile): void {
    const known = byStrength(dimensions).filter(
      ({ standing }) => standing === "leans" || standing === "middle",
    );
    // Only the ends, the strongest first: the line is short.
    const words = known
      .slice(0, MOST_TOLD)
      .map((dimension) =>
        dimension.standing === "leans" ? dimension.end : this.#messages.describe(dimension),
      );
    this.#soFar.textContent = words.length
      ? this.#messages.text("knownSoFar", { words: this.#messages.list(words) })
      : this.#messages.text("nothingKnownSoFar");
  }
}

/** The dimensions by how much they matter, most first. */
export function byStrength(dimensions: DimensionEstimate[]): DimensionEstimate[] {
  const effect = ({ mean, rmsDifference }: DimensionEstimate) => Math.abs(mean * rmsDifference);
  return [...dimensions].sort((one, other) => effect(other) - effect(one));
}
