// The English of ratings, of best and worst, and of orders, which loads when a deck asks for them. See en.ts for
// how to translate.
export default {
  askRating: "How do you like this answer?",
  ratingOf: "{rating} of {of}",
  ratingLow: "Not at all",
  ratingHigh: "Very much",
  ratingDown: "I don't like it",
  ratingUp: "I like it",
  askBestWorst: "Which do you like best, and which least?",
  best: "Best",
  worst: "Worst",
  askOrder: "Choose them one by one, the best first.",
  orderNext: "Make it number {place}",
  orderRest: "The rest are about the same",
  marked: "{answer}: {mark}",
  takenBack: "taken back",
  keysRating: "Shortcuts: 1–{count} to rate, arrows to move, U to undo.",
  keysBestWorst: "Shortcuts: 1–{count} for the best, then the worst, arrows to move, U to undo.",
  keysOrder: "Shortcuts: 1–{count} in order, 0 if the rest are about the same, arrows to move, U to undo.",
};
