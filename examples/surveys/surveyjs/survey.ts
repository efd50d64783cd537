// The survey that both renderers show: three pages, the quiz on the second.

import { Model } from "survey-core";
import "./question";

/** The page's address may set the author's choice: `?result=nothing`, `done` or `instructions`. */
const result = new URLSearchParams(location.search).get("result") ?? "instructions";

export const survey = new Model({
  title: "How do you spend a weekend?",
  pages: [
    { elements: [{ type: "text", name: "town", title: "Which town do you live in?" }] },
    {
      elements: [
        {
          type: "leaning",
          name: "taste",
          title: "Where would you rather go?",
          isRequired: true,
          requiredErrorText: "Please finish the quiz first.",
          deck: "/decks/weekend.json",
          maxQuestions: 4,
          result,
        },
      ],
    },
    { elements: [{ type: "comment", name: "more", title: "Anything else?" }] },
  ],
  showPreviewBeforeComplete: true,
});

// Send `data` to your server here.
survey.onComplete.add(({ data }) => {
  document.getElementById("result")!.textContent = JSON.stringify(data, null, 2);
});
