// How good one candidate is: a button for each level, from the lowest. Two levels are thumbs.

import { h, svg } from "../dom.js";
import type { Messages } from "../messages.js";
import { type CreateControls, foot, option, placeOfDigit } from "./controls.js";

/** The most levels in a row on a narrow screen, with room for a finger on each. */
const MOST_IN_ROW = 5;
/** A thumb that points up, in a square of 24. */
const THUMB = "M2 10h4v11H2zm6 10V10l4-8c2 0 3 1 3 3l-1 4h6c1 0 2 1 2 2l-2 8c0 1-1 2-2 2h-8z";

export const ratingControls: CreateControls = ({ of }, messages) => {
  const levels = of ?? 5;
  return {
    instruction: messages.text("askRating"),
    keyHints: messages.text("keysRating", { count: Math.min(levels, 9) }),
    feet: [levels === 2 ? thumbs(messages) : scale(levels, messages)],
    actionOfDigit(digit) {
      const place = placeOfDigit(digit, levels);
      return place === undefined ? undefined : `rate-${place + 1}`;
    },
    act(action) {
      const rating = Number(action.slice("rate-".length));
      return rating >= 1 && rating <= levels ? { answer: { rating, of: levels } } : {};
    },
  };
};

function thumbs(messages: Messages): HTMLElement {
  const thumb = (rating: number) => {
    const button = option(0, `rate-${rating}`);
    const isUp = rating === 2;
    const picture = svg(
      "svg",
      { class: isUp ? "thumb" : "thumb down", viewBox: "0 0 24 24", "aria-hidden": "true" },
      svg("path", { d: THUMB }),
    );
    button.append(picture, messages.text(isUp ? "ratingUp" : "ratingDown"));
    return button;
  };
  return foot(thumb(1), thumb(2));
}

function scale(levels: number, messages: Messages): HTMLElement {
  const buttons = [...Array(levels).keys()].map((index) => {
    const rating = index + 1;
    const button = option(0, `rate-${rating}`, messages.number(rating));
    // Not the candidate's name, of which there is one.
    button.removeAttribute("aria-labelledby");
    button.setAttribute("aria-label", messages.text("ratingOf", { rating, of: levels }));
    return button;
  });
  buttons[0]?.setAttribute("aria-describedby", "rating-low");
  buttons[levels - 1]?.setAttribute("aria-describedby", "rating-high");
  const row = h("div", { class: "levels" }, buttons);
  row.style.setProperty("--_levels", String(levels));
  row.style.setProperty("--_columns", String(Math.ceil(levels / Math.ceil(levels / MOST_IN_ROW))));
  const ends = h(
    "div",
    { class: "ends" },
    h("span", { id: "rating-low" }, messages.text("ratingLow")),
    h("span", { id: "rating-high" }, messages.text("ratingHigh")),
  );
  const whole = foot(row, ends);
  whole.classList.add("rating");
  whole.setAttribute("role", "group");
  whole.setAttribute("aria-label", messages.text("askRating"));
  return whole;
}
