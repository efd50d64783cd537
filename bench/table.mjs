// Numbers and tables of the page.

const NOTHING = "–";

/** A number with about three digits; a dash for one that is missing. */
export function digits(number) {
  if (!Number.isFinite(number)) return NOTHING;
  if (number >= 100) return Math.round(number).toLocaleString("en");
  return number.toFixed(number >= 10 ? 1 : number >= 1 ? 2 : 3);
}

/** How many times `one` is as large as `other`. */
export function times(one, other) {
  const ratio = one / other;
  return Number.isFinite(ratio) ? `${digits(ratio)} ×` : NOTHING;
}

/** A table in Markdown. The first `names` columns are texts and to the left, the others to the right. */
export function table(head, rows, names = 1) {
  const columns = head.map((_, column) => [head, ...rows].map((row) => String(row[column] ?? NOTHING)));
  const widths = columns.map((cells) => Math.max(3, ...cells.map((cell) => cell.length)));
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const [first, ...others] = [head, ...rows].map((_, place) =>
    line(
      columns.map((cells, column) =>
        column < names ? cells[place].padEnd(widths[column]) : cells[place].padStart(widths[column]),
      ),
    ),
  );
  const rule = line(
    widths.map((width, column) => (column < names ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)),
  );
  return [first, rule, ...others].join("\n");
}

const LINE = 120;

/** A text in Markdown whose paragraphs have lines of at most 120 characters. */
export function wrapped(text) {
  const blocks = text.split("\n\n");
  return blocks.map((block) => (/^[|#!-]/.test(block) ? block : wrappedParagraph(block))).join("\n\n");
}

function wrappedParagraph(paragraph) {
  // A space within code is no place to break.
  const words = paragraph.replaceAll(/\s+/g, " ").match(/(?:`[^`]*`|\S)+/g);
  const lines = [""];
  for (const word of words) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (longer.length <= LINE) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join("\n");
}
