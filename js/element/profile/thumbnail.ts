// A deck's picture in small. It is drawn from the node that was fetched with all others, so that nothing is
// fetched for what a person has answered.

import type { DeckImage } from "../../types.js";
import { h } from "../dom.js";
import type { Pictures } from "../pictures.js";

/** The height in pixels. */
const HEIGHT = 44;
/** The widest a panorama may get. */
const MOST_WIDTH = 2 * HEIGHT;
/** The canvas has more pixels than it takes in the page, for screens that show them. */
const DENSITY = 2;

/** The picture in small; nothing if there is none. */
export function thumbnail(image: DeckImage | null, pictures: Pictures | null): HTMLElement[] {
  const node = image && pictures?.node(image);
  if (!image || !node) return [];
  const width = Math.min(Math.round((HEIGHT * image.width) / image.height), MOST_WIDTH);
  const canvas = h("canvas", {
    class: "thumbnail",
    part: "picture",
    role: "img",
    "aria-label": image.alt,
    width: width * DENSITY,
    height: HEIGHT * DENSITY,
  });
  const draw = () => {
    if (!node.naturalWidth) return;
    // It is cut to the canvas around its middle.
    const scale = Math.max(canvas.width / image.width, canvas.height / image.height);
    const [wide, high] = [image.width * scale, image.height * scale];
    canvas
      .getContext("2d")
      ?.drawImage(node, (canvas.width - wide) / 2, (canvas.height - high) / 2, wide, high);
  };
  if (node.complete) draw();
  else node.addEventListener("load", draw, { once: true });
  return [canvas];
}
