// The questions of the test: pairs drawn at random among those that the person was not asked about.

const pairOf = (prompt, one, other) => `${prompt}/${[one, other].sort().join("/")}`;

/** All pairs of some candidates. */
const pairsOf = (candidates) =>
  candidates.flatMap((one, place) => candidates.slice(0, place).map((other) => [other, one]));

/** All orders are equally probable. `random` draws from 0 to below 1. */
function shuffled(items, random) {
  const rest = [...items];
  return items.map(() => rest.splice(Math.floor(random() * rest.length), 1)[0]);
}

/** Those for which `amount` is least. */
function least(items, amount) {
  const smallest = Math.min(...items.map(amount));
  return items.filter((item) => amount(item) === smallest);
}

/**
 * Up to `count` questions about a deck, each a prompt and two of its candidates. `asked` are the entries and questions so far,
 * which have a prompt and candidates. Prompts that were not asked about come first, and no prompt comes twice while there is
 * another.
 */
export function chooseQuestions(deck, asked, count, random = Math.random) {
  const seen = new Set();
  const times = new Map(deck.prompts.map(({ id }) => [id, 0]));
  for (const { prompt, candidates } of asked) {
    if (!prompt || !candidates) continue;
    times.set(prompt.id, (times.get(prompt.id) ?? 0) + 1);
    for (const [one, other] of pairsOf(candidates)) seen.add(pairOf(prompt.id, one.id, other.id));
  }
  const open = shuffled(deck.prompts, random).map((prompt) => ({
    prompt,
    taken: 0,
    pairs: shuffled(pairsOf(prompt.candidates), random).filter(
      ([a, b]) => !seen.has(pairOf(prompt.id, a.id, b.id)),
    ),
  }));
  const chosen = [];
  while (chosen.length < count) {
    const left = open.filter(({ pairs }) => pairs.length > 0);
    if (left.length === 0) break;
    const fresh = least(left, ({ taken }) => taken);
    const [next] = least(fresh, ({ prompt }) => times.get(prompt.id));
    next.taken++;
    chosen.push({ prompt: next.prompt, candidates: next.pairs.pop() });
  }
  return chosen;
}

/**
 * A deck that asks these questions and no others. The id of each prompt is its place. The person chooses one of the two, for a
 * tie would be neither right nor wrong.
 */
export function testDeck({ id, language, words, dimensions, answers }, questions) {
  const placed = ({ image }) => image && { ...image, src: `decks/${image.src}` };
  const prompts = questions.map(({ prompt, candidates }, place) => ({
    ...{ id: String(place), text: prompt.text, image: placed(prompt) },
    candidates: candidates.map((candidate) => ({ ...candidate, image: placed(candidate) })),
  }));
  const model = { lapse: answers?.lapse, indifference: 0 };
  return { format: "leaning-deck/1", id: `${id}-test`, language, words, dimensions, answers: model, prompts };
}
