// A tick over the chosen card. The next question is drawn already, and fades in below it.

import { h, windowOf } from "../dom.js";

/** The place and size of a card within its question. */
export interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

export function placeOf(card: HTMLElement, question: HTMLElement): Place {
  const { left, top, width, height } = card.getBoundingClientRect();
  const origin = question.getBoundingClientRect();
  return { left: left - origin.left, top: top - origin.top, width, height };
}

/** Shows the tick for a moment, unless the person wants no motion. It lets every click through. */
export function showTick(question: HTMLElement, place: Place): void {
  const motion = windowOf(question).matchMedia?.("(prefers-reduced-motion: no-preference)");
  if (!motion?.matches) return;
  const tick = h("div", { class: "tick", "aria-hidden": "true" });
  for (const [name, value] of Object.entries(place)) tick.style.setProperty(name, `${value}px`);
  tick.addEventListener("animationend", () => tick.remove());
  question.append(tick);
}
