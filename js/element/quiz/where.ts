// Where the interview stands: the question and the time left, a bar that only grows, and what is known so far.

import type { Leaning } from "../../core.js";
import type { DimensionEstimate, Profile, Question, Status } from "../../types.js";
import { h } from "../dom.js";
import type { Messages } from "../messages.js";
import { sizers } from "../sizers.js";
import { type MeanWords, minutesFor } from "./reading-time.js";

/** The number of answers from which it is told what is known. */
const TELLS_FROM = 3;
/** The most dimensions in the line about that. */
const MOST_TOLD = 3;

/** What the line beside the promise tells. */
interface Told {
  showsFit: boolean;
  /** Whether it tells what is known so far. */
  tellsSoFar: boolean;
  /** Whether it tells if the last answer was guessed. */
  reveals: boolean;
}

export class Where {
  readonly element: HTMLElement;
  /**
   * The promise, and what is known so far. On a phone it stands below the question, where it takes no room from that,
   * unless it tells guesses: those are about the question before.
   */
  readonly assurance: HTMLElement;
  readonly #messages: Messages;
  readonly #count = h("span", { class: "count" });
  readonly #time = h("span", { class: "time" });
  readonly #bar = h("progress", { class: "progress", part: "progress", max: 1, "aria-hidden": "true" });
  readonly #fit = h("p", { class: "match", part: "fit" });
  readonly #soFar = h("span", { class: "so-far", part: "so-far", hidden: true });
  readonly #words: MeanWords;
  readonly #told: HTMLElement;
  readonly #guess = h("span", { class: "guess", part: "guess" });
  #answered = 0;
  #share = 0;

  constructor(
    messages: Messages,
    words: MeanWords,
    dimensions: Leaning["dimensions"],
    { showsFit, tellsSoFar, reveals }: Told,
  ) {
    this.#messages = messages;
    this.#words = words;
    this.#told = h("p", { class: "told" }, promise(messages), tellsSoFar && this.#soFar);
    const unseen = [
      ...(tellsSoFar ? [longestSoFar(messages, dimensions)] : []),
      ...(reveals ? [[longestGuess(messages)]] : []),
    ];
    const alike = (phrases: string[]) => {
      const spans = phrases.map((phrase) => h("span", { class: "phrase" }, `${phrase} `));
      return h("p", { class: "told tells" }, promise(messages), h("span", { part: "so-far" }, ...spans));
    };
    this.assurance = h(
      "div",
      { class: `assurance place${reveals ? " tells-guesses" : ""}` },
      this.#told,
      // The question stays where it is, whatever stands here.
      sizers(unseen.map(alike)),
    );
    this.element = h(
      "div",
      { class: "overview" },
      h("p", { class: "where", part: "where" }, this.#count, this.#time),
      this.#bar,
      showsFit && this.#fit,
    );
  }

  /** Shows how far the interview has come. `remaining` questions are still to answer, this one among them. */
  show(status: Status, remaining: number, question: Question): void {
    const { answered, observed } = status;
    this.#count.textContent = this.position(status, remaining);
    const minutes = minutesFor(remaining, question.candidates.length, this.#words);
    this.#time.textContent =
      minutes < 0.75
        ? this.#messages.text("underAMinute")
        : this.#messages.text("minutesLeft", { count: Math.max(Math.round(minutes), 1) });
    const asked = answered - observed;
    const share = (asked + 1) / (asked + Math.max(remaining, 1));
    // An estimate of what is left may rise, but nobody likes to be set back. Undoing does.
    this.#share = answered > this.#answered ? Math.max(share, this.#share) : share;
    this.#bar.setAttribute("value", String(this.#share));
    this.#answered = answered;
    this.#soFar.hidden = answered < TELLS_FROM;
    if (this.#soFar.hidden) this.#soFar.textContent = "";
    this.#told.classList.toggle("tells", this.#soFar.textContent !== "");
  }

  /** The person goes on after the end: the bar may show again that there is more to come. */
  restart(): void {
    this.#share = 0;
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
    if (words) this.#told.append(this.#guess);
    else this.#guess.remove();
    this.#told.classList.toggle("has-guess", words !== "");
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
    this.#told.classList.add("tells");
  }
}

function promise(messages: Messages): HTMLElement {
  return h("span", { class: "private", part: "private" }, messages.text("private"));
}

/**
 * The phrases of the longest text about what is known so far. If each begins a line, they take at least as many lines as
 * any such text does.
 */
function longestSoFar(messages: Messages, dimensions: Leaning["dimensions"]): string[] {
  const [first = "", ...others] = dimensions
    .map(({ low, high, isCurved }) =>
      longestOf([low, high, isCurved ? messages.text("standing-middle", { low, high }) : ""]),
    )
    .sort((one, other) => other.length - one.length)
    .slice(0, MOST_TOLD);
  const words = others.length ? `${first},` : first;
  const beginning = [messages.text("knownSoFar", { words }), messages.text("nothingKnownSoFar")];
  return [longestOf(beginning), ...others.map((phrase) => `${phrase},`)];
}

function longestGuess(messages: Messages): string {
  const share = messages.percent(1);
  return longestOf([messages.text("guessedRight", { share }), messages.text("guessedWrong", { share })]);
}

function longestOf(texts: string[]): string {
  return texts.reduce((one, other) => (other.length > one.length ? other : one));
}

/** The dimensions by how much they matter, most first. */
export function byStrength(dimensions: DimensionEstimate[]): DimensionEstimate[] {
  const effect = ({ mean, rmsDifference }: DimensionEstimate) => Math.abs(mean * rmsDifference);
  return [...dimensions].sort((one, other) => effect(other) - effect(one));
}
