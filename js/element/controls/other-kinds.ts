// The kinds of questions that few decks ask. They load when a deck does.

import english from "../../lang/en-other-kinds.js";
import { bestWorstControls } from "./best-worst.js";
import { orderControls } from "./order.js";
import { ratingControls } from "./rating.js";

export { english };

export const otherControls = {
  rating: ratingControls,
  "best-worst": bestWorstControls,
  order: orderControls,
};
