// The answers that somebody with known weights could give to a question, and how probable each is before slips of the
// finger. These are the formulas of the project's answer model, from which the engine infers in the other direction.

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const dot = (a, b) => a.reduce((sum, value, j) => sum + value * b[j], 0);

/** Outcomes as `{ answer, probability }`. The first is the one of whoever takes what stands first. */
export function outcomesOf(question, deck, { weights, model, leniency }) {
  const { kind, candidates, offered } = question;
  const rewards = candidates.map(({ scores }) => dot(weights, scores));
  const between = ["tie", "neither"].find((verdict) => offered.includes(verdict));
  const band = between && model.indifference > 0 ? model.indifference : 0;
  if (kind === "rating") return ratings(question, deck, weights, model, leniency + rewards[0]);
  if (kind === "grades") return graded(rewards[0] - rewards[1], band, model.much, between);
  if (kind === "best-worst") return bestWorst(rewards);
  if (kind === "order") return orders(rewards);
  if (rewards.length === 2) return pair(rewards[0] - rewards[1], band, between);
  return withShares(rewards.map((reward, chose) => ({ answer: { chose }, reward })));
}

/** An ordered logit: σ(u − c_l) − σ(u − c_(l+1)) of each level, the lowest first. */
function levels(u, cuts) {
  const above = [1, ...cuts.map((cut) => sigmoid(u - cut)), 0];
  return above.slice(1).map((next, level) => above[level] - next);
}

/** Answers with the probabilities of levels, the lowest first, turned round. */
const fromTop = (answers, probabilities) =>
  answers.map((answer, level) => ({ answer, probability: probabilities[level] })).reverse();

function pair(u, band, between) {
  if (band === 0) return fromTop([{ chose: 1 }, { chose: 0 }], levels(u, [0]));
  return fromTop([{ chose: 1 }, between, { chose: 0 }], levels(u, [-band, band]));
}

function graded(u, band, much, between) {
  const [low, high] = [
    [
      { chose: 1, grade: "much" },
      { chose: 1, grade: "slightly" },
    ],
    [
      { chose: 0, grade: "slightly" },
      { chose: 0, grade: "much" },
    ],
  ];
  if (band === 0) return fromTop([...low, ...high], levels(u, [-much, 0, much]));
  return fromTop([...low, between, ...high], levels(u, [-much, -band, band, much]));
}

/** Levels of a rating, by the reward beside that of the average candidate of the prompt. */
function ratings({ prompt, of }, deck, weights, { spread }, reward) {
  const { candidates } = deck.prompts.find(({ id }) => id === prompt.id);
  const average = candidates.reduce((sum, { scores }) => sum + dot(weights, scores), 0) / candidates.length;
  const cuts = Array.from(
    { length: of - 1 },
    (_, below) => spread * Math.log((below + 1) / (of - below - 1)),
  );
  const answers = Array.from({ length: of }, (_, level) => ({ rating: level + 1, of }));
  return fromTop(answers, levels(reward - average, cuts));
}

function bestWorst(rewards) {
  const places = [...rewards.keys()];
  const pairs = places.flatMap((best) =>
    places.filter((worst) => worst !== best).map((worst) => ({ best, worst })),
  );
  return withShares(
    pairs.map((answer) => ({ answer, reward: rewards[answer.best] - rewards[answer.worst] })),
  );
}

/** Plackett and Luce: the best of all, then the best of the rest, and so on. */
function orders(rewards) {
  const all = (left) =>
    left.length === 0
      ? [[]]
      : left.flatMap((one) => all(left.filter((of) => of !== one)).map((r) => [one, ...r]));
  const likelihood = (order) =>
    order.reduce((product, place, rank) => {
      const rest = order
        .slice(rank)
        .reduce((sum, other) => sum + Math.exp(rewards[other] - rewards[place]), 0);
      return product / rest;
    }, 1);
  return all([...rewards.keys()]).map((order) => ({ answer: { order }, probability: likelihood(order) }));
}

/** Each outcome's share: the softmax of its reward. */
function withShares(outcomes) {
  const most = Math.max(...outcomes.map(({ reward }) => reward));
  const sizes = outcomes.map(({ reward }) => Math.exp(reward - most));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return outcomes.map(({ answer }, place) => ({ answer, probability: sizes[place] / total }));
}
