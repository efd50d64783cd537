// The contract between a question and the buttons that answer it.

import type { Answer, Question, QuestionKind } from "../../types.js";
import { h } from "../dom.js";
import type { Messages } from "../messages.js";

/** The buttons for one kind of question. Verdicts have theirs elsewhere. */
export interface Controls {
  /** What the person is asked to do. */
  readonly instruction: string;
  /** The keys that answer. */
  readonly keyHints: string;
  /** The buttons at the foot of each candidate. */
  readonly feet: HTMLElement[];
  /** Whether all of them make one scale, with the tie in its middle, which stands below the candidates. */
  readonly isScale?: boolean;
  /** A button that ends an answer before it is complete. */
  readonly finish?: HTMLButtonElement;
  /** The action of a digit's key; undefined if it means nothing here. */
  actionOfDigit(digit: number): string | undefined;
  /** Does an action of one of the buttons. */
  act(action: string): Step;
  /** Takes back the part of an answer that was given. */
  reset?(): void;
}

/** What an action comes to: an answer, or words for screen readers if more is needed. Neither if it is void. */
export interface Step {
  answer?: Answer;
  words?: string;
}

export type CreateControls = (question: Question, messages: Messages) => Controls;

/** The controls of the kinds that a deck may ask for. Any deck may ask for a choice. */
export type ControlsByKind = Partial<Record<QuestionKind, CreateControls>> & { choice: CreateControls };

/** The id of the name of a candidate, "Answer 1". */
export function nameId(place: number): string {
  return `name-${place}`;
}

/**
 * A button at the foot of a candidate, of which there are several. Screen readers hear the candidate's name
 * first.
 */
export function option(place: number, action: string, text = "", look = "option"): HTMLButtonElement {
  const id = `option-${action}`;
  return h(
    "button",
    {
      class: look,
      part: look,
      type: "button",
      id,
      "data-action": action,
      "aria-labelledby": `${nameId(place)} ${id}`,
    },
    text,
  );
}

/** Shows whether an option is taken. */
export function setPressed(button: HTMLElement, pressed: boolean): void {
  button.setAttribute("aria-pressed", String(pressed));
  // Simulated documents have no lists of parts.
  button.part?.toggle("pressed", pressed);
}

export function foot(...buttons: HTMLElement[]): HTMLElement {
  return h("div", { class: "foot" }, buttons);
}

/** The place that a digit from 1 on stands for; undefined for 0 and for more than there are. */
export function placeOfDigit(digit: number, count: number): number | undefined {
  return digit >= 1 && digit <= count ? digit - 1 : undefined;
}
