import { LeaningQuiz } from "leaning/element";
import { markdown } from "leaning/markdown";

const part = (id: string) => document.getElementById(id)!;
const quiz = document.querySelector("leaning-quiz")!;
const compare = document.querySelector("leaning-compare")!;

// A property beside the attributes: the deck's texts are Markdown.
quiz.renderer = markdown;
const hear = (name: string, answered: number) => (part("heard").textContent += `${name} ${answered}, `);
quiz.addEventListener("leaning-ready", ({ detail }) => hear("ready", detail.asked));
quiz.addEventListener("leaning-answer", ({ detail }) => hear("answer", detail.asked));
quiz.addEventListener("leaning-done", ({ detail }) => hear("done", detail.asked));
quiz.addEventListener("leaning-error", ({ detail }) => hear(detail.code, 0));

part("again").addEventListener("click", () => {
  part("count").textContent = String(Number(part("count").textContent) + 1);
});
part("toggle").addEventListener("click", () => {
  if (quiz.isConnected) quiz.remove();
  else part("place").append(quiz);
});

/** Which of two drafts the person prefers, or null where it was not worth asking. */
export const ask = (texts: string[], scores: number[][]): Promise<number | null> =>
  compare.ask(texts.map((text, place) => ({ id: `${place}`, text, scores: scores[place]! })));

console.assert(quiz instanceof LeaningQuiz);
