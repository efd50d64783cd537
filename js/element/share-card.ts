// The result as a picture to share: the deck's title, its sentence, and a bar for each trait of which something is clear.
// It is drawn in the tab, on a canvas that is not in the page. It has no answers and no link, and not the title of the
// page, which may be the person's own.

import type { DimensionEstimate, Profile } from "../types.js";
import { position } from "./chart.js";
import type { Messages } from "./messages.js";
import { byStrength } from "./quiz/where.js";

const WIDTH = 1080;
const MARGIN = 80;
const INNER = WIDTH - 2 * MARGIN;
/** The most traits with a bar. */
const MOST_BARS = 5;

interface Font {
  size: number;
  line: number;
  weight: "bold" | "normal";
  /** Whether a text in it is the deck's alone. */
  isDeck?: boolean;
}

const TITLE: Font = { size: 36, line: 52, weight: "normal", isDeck: true };
const NAME: Font = { size: 72, line: 88, weight: "bold", isDeck: true };
const SENTENCE: Font = { size: 44, line: 62, weight: "normal" };
const TRAIT: Font = { size: 36, line: 52, weight: "bold" };
const END: Font = { size: 30, line: 44, weight: "normal" };
const AXIS = 44;
const GAP = 40;
/** The least space between two texts on one line. */
const BETWEEN = 30;

type Pen = OffscreenCanvasRenderingContext2D;

export interface Card {
  /** The deck's title. */
  title: string | null;
  profile: Profile;
  archetype: string | null;
  summary: string;
  messages: Messages;
  /** The style of the element: its colors and its font. */
  style: CSSStyleDeclaration;
}

/** The card as a PNG; undefined where the browser cannot draw it. */
export async function drawCard(card: Card): Promise<Blob | undefined> {
  if (typeof OffscreenCanvas !== "function") return undefined;
  const measuring = penOf(new OffscreenCanvas(1, 1), card);
  if (!measuring) return undefined;
  // Its height follows from what there is to say.
  const canvas = new OffscreenCanvas(WIDTH, draw(measuring, card));
  const pen = penOf(canvas, card);
  if (!pen) return undefined;
  pen.fillStyle = colorsOf(card).background;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  draw(pen, card);
  return canvas.convertToBlob({ type: "image/png" });
}

function penOf(canvas: OffscreenCanvas, { style }: Card): Pen | null {
  const pen = canvas.getContext("2d");
  if (pen) {
    pen.direction = style.direction === "rtl" ? "rtl" : "ltr";
    pen.textAlign = "start";
    pen.textBaseline = "top";
  }
  return pen;
}

function colorsOf({ style }: Card): { background: string; text: string; muted: string; accent: string } {
  return {
    background: style.getPropertyValue("column-rule-color"),
    text: style.getPropertyValue("color"),
    muted: style.getPropertyValue("border-top-color"),
    accent: style.getPropertyValue("outline-color"),
  };
}

/** Draws the card, and returns its height. */
function draw(pen: Pen, card: Card): number {
  const { title, profile, archetype, summary, messages, style } = card;
  const { text, muted, accent } = colorsOf(card);
  const isRtl = pen.direction === "rtl";
  const start = isRtl ? WIDTH - MARGIN : MARGIN;
  const end = WIDTH - start;
  let top = MARGIN;
  const use = ({ size, weight }: Font, color: string) => {
    pen.font = `${weight} ${size}px ${style.fontFamily}`;
    pen.fillStyle = color;
  };
  const paragraph = (words: string, font: Font, color: string, side: "start" | "end" = "start") => {
    use(font, color);
    pen.textAlign = side;
    for (const line of linesOf(pen, words, messages.language)) {
      // The deck may be in a language of the other direction: isolated, its lines go by their first letter.
      pen.fillText(font.isDeck ? `\u2068${line}\u2069` : line, side === "start" ? start : end, top);
      top += font.line;
    }
  };
  /** Two texts, one at each side. They share a line if they fit. */
  const sides = (one: Parameters<typeof paragraph>, other: Parameters<typeof paragraph>) => {
    const widthOf = ([words, font, color]: Parameters<typeof paragraph>) => {
      use(font, color);
      return pen.measureText(words).width;
    };
    const fits = widthOf(one) + BETWEEN + widthOf(other) <= INNER;
    paragraph(...one);
    if (fits) top -= one[1].line;
    paragraph(other[0], other[1], other[2], "end");
  };
  if (title) {
    paragraph(title, TITLE, muted);
    top += GAP / 2;
  }
  if (archetype) {
    paragraph(archetype, NAME, accent);
    top += GAP / 2;
  }
  paragraph(summary, SENTENCE, text);
  for (const dimension of barsOf(profile)) {
    top += GAP;
    sides(
      [dimension.label, TRAIT, text],
      [messages.describe(dimension), { ...TRAIT, weight: "normal" }, text],
    );
    sides([dimension.low, END, muted], [dimension.high, END, muted]);
    bar(pen, dimension, profile.axisLimit, top, { muted, accent, isRtl });
    top += AXIS;
  }
  return Math.ceil(top + MARGIN);
}

/** The clearest traits, by how much they matter. */
function barsOf({ dimensions }: Profile): DimensionEstimate[] {
  return byStrength(dimensions)
    .filter(({ standing }) => standing !== "open")
    .slice(0, MOST_BARS);
}

function bar(
  pen: Pen,
  dimension: DimensionEstimate,
  axisLimit: number,
  top: number,
  { muted, accent, isRtl }: { muted: string; accent: string; isRtl: boolean },
): void {
  const middle = top + AXIS / 2;
  const at = (weight: number) => {
    const share = position(weight, dimension, axisLimit) / 100;
    return MARGIN + (isRtl ? 1 - share : share) * INNER;
  };
  pen.fillStyle = muted;
  pen.fillRect(MARGIN, middle - 2, INNER, 4);
  pen.fillRect(WIDTH / 2 - 1, middle - 14, 2, 28);
  pen.fillStyle = accent;
  const [from, to] = dimension.interval.map(at) as [number, number];
  pen.globalAlpha = 0.35;
  pen.fillRect(Math.min(from, to), middle - 9, Math.abs(to - from), 18);
  pen.globalAlpha = 1;
  pen.beginPath();
  pen.arc(at(dimension.mean), middle, 14, 0, 2 * Math.PI);
  pen.fill();
}

/** A text in lines that fit, broken where its language breaks. */
function linesOf(pen: Pen, text: string, language: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of partsOf(text, language)) {
    if (line && pen.measureText((line + part).trimEnd()).width > INNER) {
      lines.push(line.trimEnd());
      line = part.trimStart();
    } else line += part;
  }
  return [...lines, line.trimEnd()];
}

/** Words with what follows them: no line begins with a full stop. */
function partsOf(text: string, language: string): string[] {
  if (!("Segmenter" in Intl)) return text.split(/(?<=\s)/);
  const parts: string[] = [];
  for (const { segment, isWordLike } of new Intl.Segmenter(language, { granularity: "word" }).segment(text)) {
    const isNew = parts.length === 0 || (isWordLike && !/[\p{Ps}\p{Pd}'’]$/u.test(parts.at(-1) ?? ""));
    if (isNew) parts.push(segment);
    else parts[parts.length - 1] += segment;
  }
  return parts;
}
