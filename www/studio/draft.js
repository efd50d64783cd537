// A deck that is being made, and what was deleted from it.

export const FORMAT = "leaning-deck/1";
/** Most deletions that can be undone. */
const KEPT_DELETIONS = 20;
/** Texts that a deck may leave out. */
const OPTIONAL = new Set(["title", "language", "label", "low", "high", "description", "text"]);

/** A deck to begin with by hand: one dimension, and a prompt with two candidates. */
export function blankDeck() {
  return {
    format: FORMAT,
    id: "my-deck",
    version: "1",
    language: "en",
    dimensions: [{ id: "first" }],
    prompts: [blankPrompt("p1", 1)],
  };
}

function blankPrompt(id, d) {
  return { id, candidates: ["a", "b"].map((name) => blankCandidate(name, d)) };
}

function blankCandidate(id, d) {
  return { id, text: "", scores: Array(d).fill(0) };
}

export class Draft {
  /** Functions that bring back what was deleted, newest last. */
  #deletions = [];

  constructor(deck) {
    this.deck = deck;
  }

  /** Sets what is at a path such as `["prompts", 0, "text"]`. A text that is empty is left out. */
  set(path, value) {
    const { parent, key } = this.#at(path);
    if (value === "" && OPTIONAL.has(key)) delete parent[key];
    else parent[key] = value;
  }

  /** Takes another deck. The one before can be brought back. */
  replace(deck) {
    const before = this.deck;
    this.deck = deck;
    if (before) this.#deleted("the deck before", () => (this.deck = before));
  }

  addDimension() {
    const { dimensions, basis } = this.deck;
    const id = freshId("dimension-", dimensions);
    dimensions.push({ id });
    for (const { scores } of this.#candidates()) scores.push(0);
    delete this.deck.prior;
    if (basis) basis.head.push(Array(basis.features.length).fill(0));
  }

  addPrompt() {
    const { prompts, dimensions } = this.deck;
    prompts.push(blankPrompt(freshId("p", prompts), dimensions.length));
  }

  addCandidate(prompt) {
    const { candidates } = this.deck.prompts[prompt];
    candidates.push(blankCandidate(freshLetter(candidates), this.deck.dimensions.length));
  }

  deleteDimension(place) {
    const { deck } = this;
    const { prior, basis } = deck;
    const [dimension] = deck.dimensions.splice(place, 1);
    const [row] = basis?.head.splice(place, 1) ?? [];
    // The rest of a prior of several dimensions would be another one.
    delete deck.prior;
    const removed = new Map(this.#candidates().map((candidate) => [candidate, candidate.scores[place]]));
    for (const candidate of this.#candidates())
      candidate.scores = candidate.scores.filter((_, j) => j !== place);
    this.#deleted(`dimension ${dimension.id}`, () => {
      deck.dimensions.splice(place, 0, dimension);
      if (row && deck.basis === basis) basis.head.splice(place, 0, row);
      if (prior) deck.prior = prior;
      for (const candidate of this.#candidates()) {
        const { scores } = candidate;
        candidate.scores = [...scores.slice(0, place), removed.get(candidate) ?? 0, ...scores.slice(place)];
      }
    });
  }

  deletePrompt(place) {
    this.#deleteAt(this.deck.prompts, place, "prompt");
  }

  deleteCandidate(prompt, place) {
    this.#deleteAt(this.deck.prompts[prompt].candidates, place, "candidate");
  }

  /** The words for the next thing that `undo` brings back, such as `prompt p1`; undefined if there is nothing. */
  get deletion() {
    return this.#deletions.at(-1)?.what;
  }

  undo() {
    this.#deletions.pop()?.bringBack();
  }

  #at(path) {
    const key = path.at(-1);
    return { parent: path.slice(0, -1).reduce((object, step) => object[step], this.deck), key };
  }

  #candidates() {
    return this.deck.prompts.flatMap(({ candidates }) => candidates);
  }

  #deleteAt(list, place, kind) {
    const [item] = list.splice(place, 1);
    this.#deleted(`${kind} ${item.id}`, () => {
      list.splice(place, 0, item);
      // There may be more dimensions by now.
      const d = this.deck.dimensions.length;
      for (const { scores } of item.candidates ?? [item]) while (scores.length < d) scores.push(0);
    });
  }

  #deleted(what, bringBack) {
    this.#deletions.push({ what, bringBack });
    if (this.#deletions.length > KEPT_DELETIONS) this.#deletions.shift();
  }
}

function freshId(prefix, list) {
  const ids = new Set(list.map(({ id }) => id));
  let number = list.length + 1;
  while (ids.has(`${prefix}${number}`)) number++;
  return `${prefix}${number}`;
}

function freshLetter(list) {
  const ids = new Set(list.map(({ id }) => id));
  const letter = [..."abcdefghijklmnopqrstuvwxyz"].find((one) => !ids.has(one));
  return letter ?? freshId("c", list);
}
