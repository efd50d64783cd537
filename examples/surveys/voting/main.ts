import "leaning/element";
import type { Deck, RankedCandidate } from "leaning";
import { type Advice, adviceFrom, type Topics } from "./deck";
import fields from "./fields.json";
import { agreement, answered, predicted, type View } from "./positions";
import table from "./theses.csv?raw";
import topics from "./topics.json";

const part = (id: string) => document.getElementById(id)!;
const quiz = document.querySelector("leaning-quiz")!;
const percent = (share: number | null) => (share === null ? "–" : `${Math.round(100 * share)}%`);
let advice: Advice;

function open(csv: string, names: Topics): void {
  advice = adviceFrom(csv, names, fields as Partial<Deck>);
  part("kept").textContent = percent(advice.kept);
  const { deck, parties } = advice;
  const theses = deck.prompts.flatMap(({ candidates }) => candidates).length;
  part("size").textContent =
    `${theses} theses, ${deck.dimensions.length} topics and ${parties.length} parties`;
  part("ranking").hidden = true;
  quiz.deck = deck;
}

/** The topics on which a party stands out, for or against the person, as a line. */
function reasons(title: string, { reasons }: RankedCandidate, sign: 1 | -1): HTMLElement[] {
  const label = (id: string) => advice.deck.dimensions.find((topic) => topic.id === id)?.label ?? id;
  const told = reasons.filter(({ contribution }) => sign * contribution > 0.2);
  const texts = told.map(({ dimension, end }) => `${label(dimension)}: ${end}`);
  return texts.length > 0 ? [line("div", `${title} ${texts.join(", ")}`)] : [];
}

function line(tag: string, textContent: string): HTMLElement {
  return Object.assign(document.createElement(tag), { textContent });
}

/** The person's views, by thesis: those that they told, and those that follow from their leans. */
function views() {
  const interview = quiz.interview!;
  const told = new Map<string, View>();
  for (const entry of interview.entries())
    if (entry.kind === "answer" && typeof entry.answer === "object" && "rating" in entry.answer)
      told.set(entry.candidates![0]!.id, answered((entry.answer.rating - 3) / 2));
  const weights = interview.profile().dimensions.map(({ mean }) => mean);
  const others = new Map<string, View>();
  for (const { id, scores } of advice.deck.prompts.flatMap(({ candidates }) => candidates))
    if (!told.has(id))
      others.set(id, predicted(scores.reduce((sum, score, topic) => sum + score * weights[topic]!, 0)));
  return { told, others, all: new Map([...told, ...others]) };
}

function show(): void {
  const { told, others, all } = views();
  const ranked = quiz.interview!.rank(advice.parties).map((lean) => {
    const party = advice.parties[lean.index]!;
    const [whole, asked, guessed] = [all, told, others].map((some) => agreement(party, some));
    const item = line("li", "");
    item.append(
      line("b", `${party.id} ${percent(whole!)}`),
      line("div", `Your answers: ${percent(asked!)}. The rest, by your leans: ${percent(guessed!)}.`),
      ...reasons("Like you:", lean, 1),
      ...reasons("Unlike you:", lean, -1),
    );
    return { item, whole: whole ?? 0 };
  });
  ranked.sort((one, other) => other.whole - one.whole);
  part("parties").replaceChildren(...ranked.map(({ item }) => item));
  part("ranking").hidden = false;
}

quiz.messages = { again: fields.words.en.askRating };
// The person may take back the last answer.
quiz.addEventListener("leaning-answer", () => (part("ranking").hidden = true));
quiz.addEventListener("leaning-done", show);

part("files").addEventListener("change", async ({ target }) => {
  const files = [...((target as HTMLInputElement).files ?? [])];
  const read = (ending: string) => files.find(({ name }) => name.endsWith(ending))?.text();
  try {
    const [csv, names] = await Promise.all([read(".csv"), read(".json")]);
    open(csv ?? table, names ? JSON.parse(names) : topics);
    part("error").textContent = "";
  } catch (error) {
    part("error").textContent = (error as Error).message;
  }
});
open(table, topics);
