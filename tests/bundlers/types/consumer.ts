// A program that uses each entry, for the type checker under each way of finding modules.

import { type Deck, init, Leaning, score } from "leaning";
import { LeaningQuiz } from "leaning/element";
import type { LeaningProfile } from "leaning/element-slim";
import { createFrame } from "leaning/frame";
import { markdown } from "leaning/markdown";
import { init as initSlim } from "leaning/slim";
import { init as initStyle, scoreStyle } from "leaning/style";

export async function best(deck: Deck, drafts: string[]): Promise<string | null | undefined> {
  await Promise.all([init(), initSlim("leaning.wasm"), initStyle()]);
  const interview = await Leaning.open({ deck, storage: "memory" });
  for (let question = interview.next(); question; question = interview.next())
    await interview.answer({ chose: 0 });
  const scores = deck.basis ? score(deck.basis, scoreStyle(drafts)) : scoreStyle(drafts);
  return interview.rank(scores.map((row, place) => ({ id: `${place}`, scores: row })))[0]?.id;
}

export function show(deck: Deck): LeaningProfile | undefined {
  const quiz = document.querySelector("leaning-quiz");
  if (!(quiz instanceof LeaningQuiz)) return undefined;
  quiz.renderer = markdown;
  quiz.addEventListener("leaning-done", ({ detail }) => console.log(detail.asked));
  document.body.append(createFrame({ src: "frame.html", deck }).element);
  return document.createElement("leaning-profile");
}
