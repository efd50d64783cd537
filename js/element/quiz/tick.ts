// A tick over a card. The next question is drawn already, and fades in below it.

import { h, windowOf } from "../dom.js";

/** Shows the tick over a card for a moment, unless the person wants no motion. It lets every click through. */
export function showTick(question: HTMLElement, card: HTMLElement): void {
  const motion = windowOf(question).matchMedia?.("(prefers-reduced-motion: no-preference)");
  if (!motion?.matches) return;
  const { left, top, width, height } = card.getBoundingClientRect();
  const origin = question.getBoundingClientRect();
  const place = { left: left - origin.left, top: top - origin.top, width, height };
  const tick = h("div", { class: "tick", "aria-hidden": "true" });
  for (const [name, value] of Object.entries(place)) tick.style.setProperty(name, `${value}px`);
  tick.addEventListener("animationend", () => tick.remove());
  question.append(tick);
}
