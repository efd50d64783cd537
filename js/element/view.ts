// The contract between an element and what it shows.

import type { Leaning } from "../core.js";
import type { Status } from "../types.js";
import type { MessageKey, Messages } from "./messages.js";
import type { Pictures } from "./pictures.js";

/** The means by which a view draws and acts. */
export interface ViewContext {
  interview: Leaning;
  messages: Messages;
  /** The deck's pictures; null if it has none. */
  pictures: Pictures | null;
  /** The custom element. */
  host: HTMLElement;
  /** Puts one of the deck's texts into an element. */
  render<Into extends Element>(into: Into, text: string): Into;
  /** Does an action as if its button had been clicked. The person is told if it fails. */
  perform(action: string, control: HTMLElement): void;
  /** Draws the interview again, as after a change. */
  redraw(): void;
  /**
   * Does something that the person has not asked for, such as showing an estimate. If it fails, `leaning-error` tells,
   * and what is shown stays.
   */
  attempt(work: () => unknown): void;
  /** Sets or takes away a custom state of the element, for style sheets: `:state(name)`. */
  setState(name: string, holds: boolean): void;
  /** Tells that something new is shown. Stage notices by itself what `draw` returns. */
  appeared(): void;
}

/** Shows an interview inside an element. */
export interface View {
  /** The style sheet that it needs beside base.css. */
  readonly css: string;
  /**
   * Draws the interview as it is now. Returns whether something new is shown, to which the focus should go.
   */
  draw(status: Status): boolean;
  /** Does the action that a button names in its `data-action`. Rejects if nothing was stored. */
  act(action: string, control?: HTMLElement): Promise<void>;
  /** Whether an action counts only once the person can have read what it is about. */
  needsReading(action: string): boolean;
  /** The message for the person if an action fails. */
  failureKey(action: string): MessageKey;
  /**
   * The action of a key; null if the view has dealt with the key, undefined if the key means nothing here.
   */
  keyAction?(event: KeyboardEvent, focused: Element | null): string | null | undefined;
  /** Moves the focus to the beginning of what is new. */
  focus(): void;
  /** Fits texts that have become longer or shorter. */
  fit?(): void;
  /** The element belongs to another document now. */
  adopted?(): void;
  /** The window that it was shown in is no more. The page may bring the element back. */
  gone?(): void;
  /** The page is being left. */
  leave?(): void;
  /** Removes what is shown. */
  free(): void;
}

export type CreateView = (body: HTMLElement, context: ViewContext) => View;
