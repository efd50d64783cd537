// Keeps what a person typed into a deck when the deck is made of its tables again.

/** The end of an id that `leaning build` gives. Another id was typed. */
const GIVEN_ID = /-[0-9a-f]{8}$/;

/**
 * Puts what was typed into the deck `before` into the deck `made` instead of it. `base` is the one before as it was made; it
 * is undefined if nothing is known of that. A table that says something else than it did counts more than what was typed.
 * Returns whether anything was kept.
 */
export function keepTyped(made, before, base) {
  let isAny = false;
  const keep = (fields, into, from, was) => {
    for (const field of fields) {
      const isNew = into[field] !== undefined && into[field] !== was?.[field];
      if (isNew || from?.[field] === undefined || from[field] === into[field]) continue;
      into[field] = from[field];
      isAny = true;
    }
  };
  keep(["title", "language"], made, before, base);
  if (!GIVEN_ID.test(before.id) && made.id !== before.id) {
    made.id = before.id;
    isAny = true;
  }
  const columns = made.dimensions.map((dimension) => {
    const { id } = dimension;
    keep(
      ["label", "low", "high", "description"],
      dimension,
      find(before.dimensions, id),
      find(base?.dimensions, id),
    );
    return [before, base].map((deck) => deck?.dimensions.findIndex((one) => one.id === id));
  });
  const [oldPrompts, basePrompts] = [byId(before.prompts), byId(base?.prompts)];
  for (const prompt of made.prompts) {
    const [old, was] = [oldPrompts.get(prompt.id), basePrompts.get(prompt.id)];
    keep(["text"], prompt, old, was);
    const [oldCandidates, baseCandidates] = [byId(old?.candidates), byId(was?.candidates)];
    for (const candidate of prompt.candidates) {
      const [from, of] = [oldCandidates.get(candidate.id), baseCandidates.get(candidate.id)];
      keep(["text"], candidate, from, of);
      for (const [j, [ofBefore, ofBase]] of columns.entries())
        keep([j], candidate.scores, { [j]: from?.scores[ofBefore] }, { [j]: of?.scores[ofBase] });
    }
  }
  return isAny;
}

/** Whether two decks have a dimension and a prompt of the same ids, as the same deck with a mended table has. */
export function areAlike(one, other) {
  return ["dimensions", "prompts"].every((list) => {
    const ids = byId(other[list]);
    return one[list].some(({ id }) => ids.has(id));
  });
}

const byId = (list = []) => new Map(list.map((item) => [item.id, item]));
const find = (list = [], id) => list.find((item) => item.id === id);
