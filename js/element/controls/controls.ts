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
  /** A button that ends an answer before it is complete. */
  readonly finish?: HTMLButtonElement;
  /** The action of a key; undefined if the key means nothing here. */
  actionOfKey(key: string): string | undefined;
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
  button.part.toggle("pressed", pressed);
}

export function foot(...buttons: HTMLElement[]): HTMLElement {
  return h("div", { class: "foot" }, buttons);
}

/** The place of a candidate that a key from 1 to 9 stands for; undefined for other keys and candidates. */
export function placeOfKey(key: string, count: number): number | undefined {
  return /^[1-9]$/.test(key) && Number(key) <= count ? Number(key) - 1 : undefined;
}
