// The elements' events. They neither bubble nor compose, and nothing in them depends on what was answered.

import { type ErrorCode, LeaningError, messageOf } from "../error.js";
import type { Status } from "../types.js";

/** How far an interview has come. */
export interface LeaningProgress {
  /** The number of questions that were answered or skipped. */
  asked: number;
}

export interface LeaningErrorDetail {
  code: ErrorCode;
  /** The place of the flaw, unless it is in the person's answers. */
  path?: string;
  /** What went wrong, in English, for the developer. */
  message: string;
}

export interface ElementEvents {
  "leaning-ready": CustomEvent<LeaningProgress>;
  "leaning-answer": CustomEvent<LeaningProgress>;
  "leaning-done": CustomEvent<LeaningProgress>;
  "leaning-error": CustomEvent<LeaningErrorDetail>;
  "leaning-unsaved": CustomEvent<null>;
}

export interface LeaningElementEventMap extends HTMLElementEventMap, ElementEvents {}

/** Gives listeners the types of the elements' events. */
export interface LeaningEventTarget {
  addEventListener<Type extends keyof LeaningElementEventMap>(
    type: Type,
    listener: (this: this, event: LeaningElementEventMap[Type]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

function emit<Type extends keyof ElementEvents>(
  element: HTMLElement,
  type: Type,
  detail: ElementEvents[Type]["detail"],
): void {
  element.dispatchEvent(new CustomEvent(type, { detail }));
}

/** The last error of each element. The call that failed and the interview may both tell of a crash. */
const lastErrors = new WeakMap<HTMLElement, unknown>();

/** Errors whose message or place may quote an answer, and what is said in place of it. */
const PRIVATE: Partial<Record<ErrorCode, string>> = {
  answer: "an answer was refused",
  log: "the stored answers cannot be read",
  "deck-mismatch": "the stored answers are about another deck, or other dimensions",
};

/** Tells of an error here and on the console. Both are read by recorders. */
export function emitError(element: HTMLElement, error: unknown): void {
  if (lastErrors.get(element) === error) return;
  lastErrors.set(element, error);
  // Anything but a LeaningError is a fault of this library.
  const { code, path } =
    error instanceof LeaningError ? error : { code: "internal" as const, path: undefined };
  const hidden = PRIVATE[code];
  const message = hidden ?? messageOf(error);
  // Not plain `console`, which the bundler drops.
  globalThis.console.error(`<${element.localName}>:`, hidden === undefined ? error : `${code}: ${hidden}`);
  const place = hidden === undefined && path !== undefined && { path };
  emit(element, "leaning-error", { code, message, ...place });
}

/** Tells that the person has gone on to the result before the interview was over. */
export function emitDone(element: HTMLElement, { asked }: Status): void {
  emit(element, "leaning-done", { asked });
}

/** Tells that the answers are in this page alone from now on, although they should be stored. */
export function emitUnsaved(element: HTMLElement): void {
  emit(element, "leaning-unsaved", null);
}

/** Emits the progress of an interview, each change once. */
export class ProgressEvents {
  readonly #element: HTMLElement;
  #asked = 0;
  #done = false;

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  /** The element shows an interview. `isNew` is false if it has shown this one before. */
  started({ asked, done }: Status, isNew: boolean): void {
    this.#asked = asked;
    this.#done = done;
    if (!isNew) return;
    emit(this.#element, "leaning-ready", { asked });
    if (done) emit(this.#element, "leaning-done", { asked });
  }

  /** The interview has changed. A statement about a dimension is no answer, but may end the interview. */
  changed({ asked, done }: Status): void {
    const hasMoved = asked !== this.#asked;
    const hasEnded = done && !this.#done;
    this.#asked = asked;
    this.#done = done;
    if (hasMoved) emit(this.#element, "leaning-answer", { asked });
    if (hasEnded) emit(this.#element, "leaning-done", { asked });
  }
}
