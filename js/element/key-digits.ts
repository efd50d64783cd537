// The digit of a key, on every keyboard.

const DIGIT = /^\p{Nd}$/u;

/**
 * The digit that a key stands for: one of any script, or on keyboards where digits need the shift key, as in
 * France, the key at a digit's place.
 */
export function digitOf({
  key,
  code,
  shiftKey,
}: Pick<KeyboardEvent, "key" | "code" | "shiftKey">): number | undefined {
  if (DIGIT.test(key)) return digitValue(key);
  const [, place] = /^(?:Digit|Numpad)(\d)$/.exec(code) ?? [];
  // Keys of more letters are names, as of an arrow on the number pad.
  return place === undefined || shiftKey || [...key].length > 1 ? undefined : Number(place);
}

/** Unicode has the ten digits of each script in a row. */
function digitValue(digit: string): number {
  const point = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && DIGIT.test(String.fromCodePoint(point - value - 1))) value++;
  return value;
}

/** Whether a key takes back: U, the key at its place where the letters are not Latin, or backspace. */
export function isUndo({ key, code }: Pick<KeyboardEvent, "key" | "code">): boolean {
  if (key === "Backspace" || key.toLowerCase() === "u") return true;
  return code === "KeyU" && /^\P{Script=Latin}$/u.test(key);
}
