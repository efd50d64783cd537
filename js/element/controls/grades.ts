// Which of two candidates is better, and whether much or slightly: two buttons for each. They stand in the
// order of the scale, from the first much better to the second much better.

import type { Answer, Grade } from "../../types.js";
import { h } from "../dom.js";
import type { Messages } from "../messages.js";
import { type CreateControls, foot, option, placeOfDigit } from "./controls.js";

/** The answers in the order of the scale, without the tie in the middle. */
const SCALE: [place: number, grade: Grade][] = [
  [0, "much"],
  [0, "slightly"],
  [1, "slightly"],
  [1, "much"],
];

const actionOf = ([place, grade]: [number, Grade]) => `${grade}-${place}`;

/** The buttons of one of the two candidates. */
export function gradeButtons(place: number, messages: Messages): HTMLButtonElement[] {
  return SCALE.filter(([of]) => of === place).map((step) =>
    option(place, actionOf(step), messages.text(step[1]), step[1] === "much" ? "choose" : "option"),
  );
}

/** The answer of a grade's button. */
export function gradedAnswer(action: string): (Answer & { chose: number }) | undefined {
  const step = SCALE.find((one) => actionOf(one) === action);
  return step && { chose: step[0], grade: step[1] };
}

/** The actions of the keys from 1 on: the scale, with the tie in the middle if it is offered. */
export function gradeActions(offersTie: boolean): string[] {
  const actions = SCALE.map(actionOf);
  if (offersTie) actions.splice(2, 0, "tie");
  return actions;
}

export const gradeControls: CreateControls = ({ candidates, offered }, messages) => {
  const actions = gradeActions(offered.includes("tie"));
  const much = (place: number) => `${messages.text("answer", { place })}: ${messages.text("much")}`;
  const [first, last] = [much(1), much(2)];
  return {
    instruction: messages.text("ask"),
    keyHints: messages.text("keysGrades", { count: actions.length, first, last }),
    isScale: true,
    feet: candidates.map((_, place) => {
      const name = messages.text("answer", { place: place + 1 });
      return foot(h("span", { class: "of", "aria-hidden": "true" }, name), ...gradeButtons(place, messages));
    }),
    actionOfDigit(digit) {
      return actions[placeOfDigit(digit, actions.length) ?? -1];
    },
    act(action) {
      const answer = gradedAnswer(action);
      return answer ? { answer } : {};
    },
  };
};
