// An interview without a page, as a script, a server or a worker has it.

/**
 * Asks and ranks with the package's entry `leaning`. The results depend on nothing but the deck, so that they are the same
 * bits wherever this runs. `words` is the person's taste in a sentence, or the name of the error if it cannot be had.
 */
export async function interview({ init, Leaning, score }, deck) {
  await init();
  const leaning = await Leaning.open({ deck, storage: "memory", seed: 1, stop: { questions: 4 } });
  for (let question = leaning.next(); question; question = leaning.next())
    await leaning.answer({ chose: question.candidates.length - 1 });
  const { mean } = leaning.laplaceApproximation();
  const ranked = leaning
    .rank(deck.prompts[0].candidates)
    .map(({ id, probabilityBest }) => [id, probabilityBest]);
  const words = await leaning.summary().catch(({ name }) => name);
  const again = await Leaning.open({ deck, storage: "memory" });
  await again.importLog(leaning.exportLog());
  const { answered } = again.status();
  leaning.free();
  again.free();
  const points = score({ features: ["x"], mean: [1], scale: [2], head: [[3]] }, [{ x: 5 }]);
  return { answered, mean, ranked, points, words };
}
