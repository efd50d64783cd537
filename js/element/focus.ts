// Keyboard focus across redraws and among the candidates of a question.

import { painted, windowOf } from "./dom.js";

/**
 * Draws, then puts the focus where the keyboard goes on. `draw` returns whether something new is shown, and
 * `focusNew` moves the focus there. A focus outside `root` is left alone.
 */
export function drawKeepingFocus(root: ShadowRoot, draw: () => boolean, focusNew: () => void): void {
  const focused = root.activeElement;
  const isNew = draw();
  if (!focused) return;
  // Move the focus now, or the browser resets it and the next key is lost.
  if (!root.activeElement) focusNew();
  // Otherwise wait for the paint, since moving the focus forces a layout. The person may have moved on by then.
  else if (isNew)
    painted(root.host).then(
      () => (root.activeElement === focused || !focused.checkVisibility?.()) && focusNew(),
    );
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Whether a key moves the focus among choices. */
export function isArrow(key: string): boolean {
  return key in STEPS;
}

/**
 * Moves the focus from choice to choice as an arrow key points, and from elsewhere to the first choice.
 * `topOf` gives a choice's position, by which rows are told apart.
 */
export function moveFocus(
  key: string,
  choices: HTMLElement[],
  focused: Element | null,
  topOf: (choice: HTMLElement) => number,
): void {
  const [first] = choices;
  if (!first) return;
  let step = STEPS[key] ?? 0;
  const upright = key === "ArrowUp" || key === "ArrowDown";
  const columns = choices.filter((choice) => topOf(choice) === topOf(first)).length;
  if (!upright && windowOf(first).getComputedStyle(first).direction === "rtl") step = -step;
  // In a single row, up and down move along it.
  if (upright && columns < choices.length) step *= columns;
  const place = choices.findIndex((choice) => choice === focused);
  const next = place < 0 ? first : choices[(place + step + choices.length) % choices.length];
  next?.focus();
}
