// The order of the candidates: a tap for each, the best first. The last one follows by itself, and the person
// may leave the order of the others open.

import { indexed } from "../../indexed.js";
import { button } from "../dom.js";
import { type CreateControls, foot, option, placeOfDigit, setPressed } from "./controls.js";

export const orderControls: CreateControls = ({ candidates }, messages) => {
  const count = candidates.length;
  const places = candidates.map((_, place) => place);
  /** Those that have their place, the best first. */
  let placed: number[] = [];
  const buttons = places.map((place) => option(place, `place-${place}`));
  const finish = button("secondary-button", "rest", messages.text("orderRest"));
  const rest = () => places.filter((place) => !placed.includes(place));
  const draw = () => {
    for (const [place, one] of indexed(buttons)) {
      const index = placed.indexOf(place);
      const number = (index < 0 ? placed.length : index) + 1;
      one.textContent = messages.text(index < 0 ? "orderNext" : "orderPlace", { place: number });
      setPressed(one, index >= 0);
    }
    finish.hidden = placed.length === 0;
  };
  draw();
  return {
    instruction: messages.text("askOrder"),
    keyHints: messages.text(count > 2 ? "keysOrder" : "keys", { count }),
    feet: buttons.map((one) => foot(one)),
    finish,
    actionOfDigit(digit) {
      if (digit === 0) return placed.length > 0 ? "rest" : "tie";
      const place = placeOfDigit(digit, count);
      return place === undefined ? undefined : `place-${place}`;
    },
    act(action) {
      if (action === "rest") return placed.length > 0 ? { answer: { order: [...placed, rest()] } } : {};
      const place = Number(action.slice("place-".length));
      if (!(place < count)) return {};
      const index = placed.indexOf(place);
      // If it cannot be stored, the same button tries again: so the last place is not shown.
      if (index < 0 && placed.length === count - 2)
        return { answer: { order: [...placed, place, ...rest().filter((other) => other !== place)] } };
      placed = index < 0 ? [...placed, place] : placed.slice(0, index);
      draw();
      const answer = messages.text("answer", { place: place + 1 });
      const mark = messages.text(index < 0 ? "orderPlace" : "takenBack", { place: placed.length });
      return { words: messages.text("marked", { answer, mark }) };
    },
    reset() {
      placed = [];
      draw();
    },
  };
};
