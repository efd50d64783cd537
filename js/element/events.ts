// The elements' events. They neither bubble nor compose, and carry counts only, never an answer.

import { type ErrorCode, LeaningError } from "../error.js";
import type { Status } from "../types.js";

/** How far an interview has come. */
export interface LeaningCounts {
  asked: number;
  answered: number;
  remaining: number;
}

export interface LeaningErrorDetail {
  code: ErrorCode;
  path?: string;
  /** What went wrong, in English, for the developer. */
  message: string;
}

export interface ElementEvents {
  "leaning-ready": CustomEvent<LeaningCounts>;
  "leaning-answer": CustomEvent<LeaningCounts>;
  "leaning-done": CustomEvent<LeaningCounts>;
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

export function emitError(element: HTMLElement, error: unknown): void {
  // Anything but a LeaningError is a fault of this library.
  const { code, path } =
    error instanceof LeaningError ? error : { code: "internal" as const, path: undefined };
  const message = error instanceof Error ? error.message : String(error);
  // Not plain `console`, which the bundler drops.
  globalThis.console.error(`<${element.localName}>:`, error);
  emit(element, "leaning-error", { code, message, ...(path !== undefined && { path }) });
}

/** Tells that the person has gone on to the result before the interview was over. */
export function emitDone(element: HTMLElement, { asked, answered, remaining }: Status): void {
  emit(element, "leaning-done", { asked, answered, remaining });
}

/** Tells that the answers are in this page alone from now on, although they should be stored. */
export function emitUnsaved(element: HTMLElement): void {
  emit(element, "leaning-unsaved", null);
}

/** Emits the progress of an interview, each change once. */
export class ProgressEvents {
  readonly #element: HTMLElement;
  #lastCounts = "";
  #done = false;

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  /** The element shows an interview. `isNew` is false if it has shown this one before. */
  started(status: Status, isNew: boolean): void {
    const counts = this.#remember(status);
    if (!isNew) return;
    emit(this.#element, "leaning-ready", counts);
    if (status.done) emit(this.#element, "leaning-done", counts);
  }

  /** The interview has changed. A statement about a dimension changes no count and emits nothing. */
  changed(status: Status): void {
    const lastCounts = this.#lastCounts;
    const wasDone = this.#done;
    const counts = this.#remember(status);
    if (this.#lastCounts === lastCounts) return;
    emit(this.#element, "leaning-answer", counts);
    if (status.done && !wasDone) emit(this.#element, "leaning-done", counts);
  }

  #remember({ asked, answered, remaining, done }: Status): LeaningCounts {
    const counts = { asked, answered, remaining };
    this.#lastCounts = JSON.stringify(counts);
    this.#done = done;
    return counts;
  }
}
