// The pictures of a deck. All are fetched in the deck's order before anything is asked, and those very nodes are shown:
// so the pictures that a browser fetches say nothing about the answers.

import type { DeckImage } from "../types.js";
import { h } from "./dom.js";

/** The longest wait for pictures, in milliseconds. Their requests are sent by then. */
const LONGEST_WAIT = 10_000;

export class Pictures {
  readonly #nodes: HTMLImageElement[];
  /** Resolves once every picture has come or failed. */
  readonly settled: Promise<unknown>;

  constructor(images: DeckImage[], language: string | null) {
    this.#nodes = images.map(({ src, alt, width, height }) =>
      h("img", {
        class: "picture",
        part: "picture",
        alt,
        width,
        height,
        lang: language,
        referrerpolicy: "no-referrer",
        src,
      }),
    );
    const each = this.#nodes.map(
      (node) =>
        new Promise((resolve) => {
          node.addEventListener("load", resolve, { once: true });
          node.addEventListener("error", resolve, { once: true });
        }),
    );
    const enough = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT));
    this.settled = Promise.race([Promise.all(each), enough]);
  }

  /** The node of a picture. Two candidates with the same picture have a node each. */
  node({ src, alt }: DeckImage): HTMLImageElement | undefined {
    const found = this.#nodes.filter((node) => node.getAttribute("src") === src && node.alt === alt);
    return found.find((node) => node.parentNode === null) ?? found[0];
  }
}
