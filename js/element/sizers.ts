// Texts and pictures that are laid out unseen, so that their place is as tall as the tallest that may stand there. The
// next question depends on the answers, so its height would tell about them, and buttons that move are hard to hit.

import type { DeckImage } from "../types.js";
import { h } from "./dom.js";

/** The most texts that are laid out for one place. */
const MOST = 24;
/** The letters of a line that a line break leaves empty, on average. */
const BREAK = 25;
/** The share of a deck's texts by which the usual length is measured. */
const USUAL = 0.8;
/** A text longer than this many usual ones folds, or all the others would stand in empty cards. */
const OUTLIER = 1.6;
/** A text of at most this many letters is no such text. */
const SHORT = 200;

/** The texts that are probably the tallest, after the one of usual length. */
export function tallest(texts: string[], mayFold: boolean): string[] {
  const { ordered, usual, most } = measured(texts);
  if (!usual) return [];
  const kept = mayFold ? ordered.filter(({ length }) => length <= most) : ordered;
  return [usual, ...kept.slice(-MOST)].map(({ text }) => text);
}

/** Whether some texts fold because they are much longer than usual. */
export function hasOutliers(texts: string[]): boolean {
  const { ordered, most } = measured(texts);
  return ordered.some(({ length }) => length > most);
}

/** The texts by length, the one of usual length, and the length above which a text folds. */
function measured(texts: string[]) {
  const ordered = [...new Set(texts)]
    .map((text) => ({ text, length: text.length + BREAK * (text.split("\n").length - 1) }))
    .sort((one, other) => one.length - other.length);
  const usual = ordered[Math.floor(USUAL * (ordered.length - 1))];
  return { ordered, usual, most: Math.max(OUTLIER * (usual?.length ?? 0), SHORT) };
}

/** The unseen of a place, which stand on top of each other. */
export function sizers(nodes: Node[]): HTMLElement {
  return h("div", { class: "sizers", "aria-hidden": "true" }, nodes);
}

/** A stand-in for each size of pictures, which fetches nothing. */
export function pictureSizers(images: (DeckImage | null)[]): HTMLElement[] {
  const sizes = new Map(
    images.flatMap((image) => (image ? [[`${image.width} ${image.height}`, image]] : [])),
  );
  return [...sizes.values()].map(({ width, height }) => {
    const node = h("div", { class: "picture" });
    node.style.setProperty("inline-size", `${width}px`);
    node.style.setProperty("aspect-ratio", `${width} / ${height}`);
    return node;
  });
}
