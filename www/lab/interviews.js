// Interviews with simulated people by the package, which infers and asks as it does for anybody else.

import { measure, measureProfile } from "./measures.js";
import { personOf, priorOf } from "./people.js";
import { measuredAfter } from "./schedule.js";

/** Every fourth prompt is held out. */
const HOLD_OUT = 4;
/** Whether a deck has enough prompts to hold some out. */
export const canHoldOut = ({ prompts }) => prompts.length >= HOLD_OUT;

/**
 * Prepares interviews about a deck by the package's `Leaning`. With `holdsOut`, every fourth prompt is never asked about, and
 * measures are about these alone. With `profile`, profiles are measured as well. Returns a function of a person's number that
 * resolves to numbers by strategy, number of answers and measure. A list ends early where the deck runs out of questions.
 *
 * @throws {LeaningError} if the deck is not valid
 */
export async function prepare(
  Leaning,
  given,
  { people: kind, strategies, answers, seed, holdsOut, profile },
) {
  const whole = await Leaning.open({ deck: given, storage: "memory" });
  const approximation = whole.laplaceApproximation();
  whole.free();
  const deck = withoutTexts(given);
  const prior = priorOf(deck, approximation);
  const isHeldOut = (_, place) => holdsOut && place % HOLD_OUT === HOLD_OUT - 1;
  const measured = holdsOut ? deck.prompts.filter(isHeldOut) : deck.prompts;
  const { mean, covariance } = approximation;
  // The default prior depends on the pairs of a deck, and must stay the same without some of them.
  const asked = holdsOut
    ? {
        ...deck,
        prior: deck.prior ?? { mean, covariance },
        prompts: deck.prompts.filter((...at) => !isHeldOut(...at)),
      }
    : deck;
  const after = measuredAfter(answers);

  const interview = async (person, strategy, index) => {
    const options = { strategy, seed: index, stop: { questions: answers }, storage: "memory" };
    const session = await Leaning.open({ deck: asked, ...options });
    const results = [];
    for (let given = 0; ; given++) {
      if (after.includes(given)) {
        const ofPicks = measure(session.laplaceApproximation().mean, person.weights, mean, measured);
        results.push(profile ? [...ofPicks, ...measureProfile(session.profile(), person.weights)] : ofPicks);
      }
      const question = given < answers ? session.next() : null;
      if (!question) break;
      await session.answer(person.answer(question, given));
    }
    session.free();
    return results;
  };
  return (index) => {
    const person = personOf(asked, prior, kind, seed, index);
    return Promise.all(strategies.map((strategy) => interview(person, strategy, index)));
  };
}

/** The deck as far as simulated people read it: scores. */
function withoutTexts({ words, archetypes, ...deck }) {
  const prompts = deck.prompts.map(({ id, candidates }) => ({
    id,
    candidates: candidates.map(({ id, scores }) => ({ id, scores })),
  }));
  return { ...deck, prompts };
}

/**
 * A deck in a few words for the person who chose it.
 *
 * @throws {LeaningError} if the deck is not valid
 */
export async function check(Leaning, deck) {
  const session = await Leaning.open({ deck, storage: "memory" });
  const { dimensions, title } = session;
  session.free();
  if (dimensions.some(({ isCurved }) => isCurved))
    throw new Error(
      "The lab has no people who like the middle of a dimension, and this deck has a curved one.",
    );
  return {
    title: title ?? deck.id,
    prompts: deck.prompts.length,
    dimensions: dimensions.length,
    canHoldOut: canHoldOut(deck),
  };
}
