// A stand-in for your model. It writes one of two drafts, word by word.

const DRAFTS = [
  (message: string) => `About “${message}”: do it today. Start small, and keep what works.`,
  (message: string) =>
    `There may be several things to consider about “${message}”, and I would be glad to go through them with you:\n\n` +
    "- What you would perhaps like to reach by it, and by when.\n" +
    "- What it might cost, in money as well as in time.\n" +
    "- Whom you could possibly ask for some help.",
];

/** The number of drafts that it can write. */
export const VARIANTS = DRAFTS.length;

/** The words of a draft as they come. */
export async function* stream(message: string, variant: number): AsyncGenerator<string> {
  for (const word of DRAFTS[variant]!(message).split(/(?<=\s)/)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    yield word;
  }
}
