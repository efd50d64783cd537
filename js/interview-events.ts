// The events of an interview, for the types of its listeners.

import type { LeaningError } from "./error.js";

export interface InterviewEventMap {
  /** The answers or the options have changed: by a call, in another tab, or because time has passed. */
  change: Event;
  /** The module has crashed, and the interview goes on from its log. */
  restart: CustomEvent<LeaningError>;
}

type Listener<Type extends keyof InterviewEventMap> = (event: InterviewEventMap[Type]) => unknown;

/** Gives listeners the types of the events. */
export interface InterviewEventTarget extends EventTarget {
  addEventListener<Type extends keyof InterviewEventMap>(
    type: Type,
    listener: Listener<Type>,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Type extends keyof InterviewEventMap>(
    type: Type,
    listener: Listener<Type>,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;
}
