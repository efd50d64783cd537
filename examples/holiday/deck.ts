// The deck: nine places with pictures. A score says how much of its dimension a place has, from -1 to 1.

import type { Deck } from "leaning";

type Scores = [pace: number, setting: number, plan: number];
const place = (id: string, text: string, alt: string, ...scores: Scores) => ({
  id,
  text,
  scores,
  // Relative to the page. The size keeps the place of a picture until it has loaded.
  image: { src: `/decks/weekend/${id}.svg`, alt, width: 480, height: 320 },
});

export const deck: Deck = {
  format: "leaning-deck/1",
  id: "holiday",
  version: "1",
  language: "en",
  title: "Where would you go?",
  words: { en: { ask: "Where would you rather go?", tie: "Hard to say", done: "Your kind of holiday" } },
  dimensions: [
    { id: "pace", label: "Pace", low: "quiet", high: "lively" },
    { id: "setting", label: "Setting", low: "city", high: "nature" },
    { id: "plan", label: "Plan", low: "planned", high: "spontaneous" },
  ],
  prompts: [
    {
      id: "rain",
      text: "The forecast says rain.",
      candidates: [
        place("bookshop", "An old bookshop", "An armchair and full bookshelves", -1, -1, 0.5),
        place("karaoke", "A karaoke bar", "A microphone in the spotlight", 1, -1, 1),
        place("lighthouse", "A lighthouse", "A lighthouse and a cottage in a storm", -1, 1, -0.5),
      ],
    },
    {
      id: "friends",
      text: "Three friends are coming along.",
      candidates: [
        place("vineyard", "Lunch in a vineyard", "A long table among the vines", 0.5, 0.5, -1),
        place("bus", "The next bus, wherever it goes", "A bus in the evening sun", 0, -0.5, 1),
        place("beach-fire", "A fire on the beach", "People around a fire at sunset", 1, 1, 0.5),
      ],
    },
    {
      id: "monday",
      text: "Nobody needs you until Monday.",
      candidates: [
        place("hammock", "A hammock", "A hammock between two apple trees", -1, 1, 1),
        place("marathon", "A city marathon", "Three runners below a banner", 1, -1, -1),
        place("canal-boat", "A canal boat", "A boat in front of canal houses", -0.5, -0.5, 1),
      ],
    },
  ],
};
