// Which of the candidates is best: a button for each.

import { button } from "../dom.js";
import { type CreateControls, foot, placeOfKey } from "./controls.js";

export const choiceControls: CreateControls = ({ candidates, offered }, messages) => {
  const count = candidates.length;
  return {
    instruction: messages.text("ask"),
    keyHints: messages.text(offered.includes("tie") ? "keysTie" : "keys", { count }),
    feet: candidates.map((_, place) =>
      foot(button("choose", place, messages.text("choose", { place: place + 1 }))),
    ),
    actionOfKey(key) {
      return key === "0" ? "tie" : placeOfKey(key, count)?.toString();
    },
    act(action) {
      return Number(action) < count ? { answer: { chose: Number(action) } } : {};
    },
  };
};
