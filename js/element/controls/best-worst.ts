// Which of the candidates is best, and which is worst: two buttons for each, and the answer is given once
// both are taken. Either may be taken back until then.

import { indexed } from "../../indexed.js";
import type { MessageKey } from "../messages.js";
import { type CreateControls, foot, option, placeOfDigit, setPressed } from "./controls.js";

type Mark = "best" | "worst";
const MARKS: Mark[] = ["best", "worst"];

export const bestWorstControls: CreateControls = ({ candidates }, messages) => {
  const count = candidates.length;
  const marked: Partial<Record<Mark, number>> = {};
  const words = (place: number, key: MessageKey) =>
    messages.text("marked", {
      answer: messages.text("answer", { place: place + 1 }),
      mark: messages.text(key),
    });
  const buttons = candidates.map((_, place) =>
    MARKS.map((mark) => option(place, `${mark}-${place}`, messages.text(mark))),
  );
  const draw = () => {
    for (const [place, pair] of indexed(buttons))
      for (const [index, mark] of indexed(MARKS)) {
        const button = pair[index];
        if (button) setPressed(button, marked[mark] === place);
      }
  };
  draw();
  return {
    instruction: messages.text("askBestWorst"),
    keyHints: messages.text("keysBestWorst", { count }),
    feet: buttons.map((pair) => foot(...pair)),
    /** A number takes the best first, then the worst, or takes back what it has. */
    actionOfDigit(digit) {
      const place = placeOfDigit(digit, count);
      if (place === undefined) return undefined;
      const own = MARKS.find((mark) => marked[mark] === place);
      return `${own ?? (marked.best === undefined ? "best" : "worst")}-${place}`;
    },
    act(action) {
      const [mark, place] = [action.split("-")[0] as Mark, Number(action.split("-")[1])];
      const other = mark === "best" ? "worst" : "best";
      if (!MARKS.includes(mark) || !(place < count)) return {};
      const isTakenBack = marked[mark] === place;
      const otherPlace = marked[other];
      // If it cannot be stored, the same button tries again: so the last mark is not shown.
      if (!isTakenBack && otherPlace !== undefined && otherPlace !== place)
        return {
          answer: mark === "best" ? { best: place, worst: otherPlace } : { best: otherPlace, worst: place },
        };
      if (otherPlace === place) delete marked[other];
      if (isTakenBack) delete marked[mark];
      else marked[mark] = place;
      draw();
      return { words: words(place, isTakenBack ? "takenBack" : mark) };
    },
    reset() {
      delete marked.best;
      delete marked.worst;
      draw();
    },
  };
};
