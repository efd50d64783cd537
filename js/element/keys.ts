// The keys that answer a question. The elements listen while they have the focus (WCAG 2.1.4).

/** The action of a key: the place of the candidate that 1 to 9 choose, or the tie that 0 stands for. */
export function answerOfKey(key: string): string | undefined {
  if (key === "0") return "tie";
  return /^[1-9]$/.test(key) ? String(Number(key) - 1) : undefined;
}
