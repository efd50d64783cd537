// A score says how much of its dimension a break has, from -1 to 1.
const idea = (id, text, ...scores) => ({ id, text, scores });
const prompt = (id, text, ...candidates) => ({ id, text, candidates });

export const deck = {
  format: "leaning-deck/1",
  id: "breaks",
  version: "1",
  language: "en",
  words: { en: { ask: "Which break would you rather take?", done: "Your kind of break" } },
  dimensions: [
    { id: "moving", label: "Body", low: "at rest", high: "moving" },
    { id: "outside", label: "Place", low: "at your desk", high: "outside" },
    { id: "company", label: "Company", low: "alone", high: "with others" },
  ],
  prompts: [
    prompt(
      "morning",
      "It is eleven, and the next meeting is in ten minutes.",
      idea("stretch", "Stretch beside your chair", 1, -1, -1),
      idea("sky", "Look at the sky from the balcony", -1, 0.5, -1),
      idea("kitchen", "Walk to the kitchen for a chat", 0.5, -0.5, 1),
    ),
    prompt(
      "afternoon",
      "The screen has won the last hour.",
      idea("block", "Walk around the block by yourself", 1, 1, -1),
      idea("call", "Call a friend from your chair", -1, -1, 1),
      idea("bench", "Share a bench in the sun with somebody", -0.5, 1, 1),
    ),
  ],
};
