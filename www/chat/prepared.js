// Where no gateway is behind the page: prepared drafts for the questions of a list.

/** The time between two words of a draft, in milliseconds. */
const WORD_TIME = 25;

/** A stand-in for a gateway that knows these prompts. */
export function prepared(prompts) {
  return {
    /** There is a place for the message alone. Nothing is sent. */
    request: ({ messages }) => closest(prompts, messages.at(-1).content),
    write,
    knows: (message) => closest(prompts, message) !== null,
  };
}

/** Lets the drafts of a prompt arrive word by word, as from a model. */
async function write(prompt, { signal, grow }) {
  const all = prompt.candidates.map(({ text }) => text.split(/(?<=\s)/));
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const longest = isStill ? 0 : Math.max(...all.map((words) => words.length));
  for (let count = 1; count <= longest; count++) {
    all.forEach((words, index) => {
      if (count <= words.length) grow(index, words.slice(0, count).join(""));
    });
    await new Promise((resolve) => setTimeout(resolve, WORD_TIME));
    signal.throwIfAborted();
  }
  return prompt.candidates;
}

/** The prepared question that is typed, or shares the most words with it, if it shares any that tell it apart. */
function closest(prompts, typed) {
  const exact = prompts.find(({ text }) => text === typed);
  if (exact) return exact;
  const words = (of) => new Set(of.toLowerCase().match(/\p{L}{4,}/gu) ?? []);
  const wanted = words(typed);
  const shared = (prompt) => [...words(prompt.text)].filter((word) => wanted.has(word)).length;
  const [best] = prompts.toSorted((one, other) => shared(other) - shared(one));
  return best && shared(best) > 0 ? best : null;
}
