// The rules of the package that choose the question, in words. The usual ones are offered first.

export const STRATEGIES = {
  "information-gain": {
    isUsual: true,
    name: "Information gain",
    about: "the engine’s own: what tells most about the weights",
  },
  random: { isUsual: true, name: "Random pairs", about: "any pair, whatever is known" },
  "d-optimal": { name: "D-optimal", about: "what shrinks the volume of doubt most" },
  "a-optimal": { name: "A-optimal", about: "what shrinks the mean variance most" },
  margin: { name: "Closest call", about: "the pair whose rewards seem most alike" },
  decision: { name: "Decision", about: "what would save most regret; slower" },
  thompson: { name: "Thompson", about: "the pair on which two guesses of the taste differ most" },
};
