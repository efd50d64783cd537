// Which of the candidates is best: a button for each.

import { button } from "../dom.js";
import { type CreateControls, foot, nameId, placeOfDigit } from "./controls.js";

export const choiceControls: CreateControls = ({ candidates, offered }, messages) => {
  const count = candidates.length;
  return {
    instruction: messages.text("ask"),
    keyHints: messages.text(offered.includes("tie") ? "keysTie" : "keys", {
      count,
      tie: messages.text("tie"),
    }),
    feet: candidates.map((_, place) => {
      const choose = button("choose", place, messages.text("choose", { place: place + 1 }));
      choose.setAttribute("aria-describedby", nameId(place));
      choose.dataset.key = messages.number(place + 1);
      return foot(choose);
    }),
    actionOfDigit(digit) {
      return digit === 0 ? "tie" : placeOfDigit(digit, count)?.toString();
    },
    act(action) {
      return Number(action) < count ? { answer: { chose: Number(action) } } : {};
    },
  };
};
