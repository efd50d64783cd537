// Scores by style, measured in the texts as `leaning build --style` measures them.

import { GivenTables } from "./files.js";

const STYLE = "style:";

/** Whether all scores of a deck are measured in its texts. */
export function isStyled({ basis }) {
  return basis?.features.every((name) => name.startsWith(STYLE)) === true;
}

/** The scores of these texts on the scale of a deck. */
export async function scoresOf(texts, basis) {
  const { init, scoreStyle } = await import("../pkg/style.js");
  await init();
  return scoreStyle(texts, basis);
}

/** A copy of a deck whose dimensions and scores are the style of its texts. All its prompts stay. */
export async function styled(deck) {
  const rows = deck.prompts.flatMap(({ candidates }, i) =>
    candidates.map(({ text }, k) => JSON.stringify({ id: `${i}-${k}`, prompt: `${i}`, text: text ?? "" })),
  );
  const bytes = new TextEncoder().encode(rows.join("\n"));
  const made = await new GivenTables({ name: `${deck.id}.json`, bytes }).build([]);
  const { dimensions, basis } = made.deck;
  const texts = deck.prompts.flatMap(({ candidates }) => candidates.map(({ text }) => text ?? ""));
  const scores = (await scoresOf(texts, basis)).values();
  const prompts = deck.prompts.map((prompt) => ({
    ...prompt,
    candidates: prompt.candidates.map((candidate) => ({ ...candidate, scores: scores.next().value })),
  }));
  const { prior: _, archetypes: __, ...rest } = deck;
  return { deck: { ...rest, dimensions, basis, prompts }, notes: made.notes };
}
