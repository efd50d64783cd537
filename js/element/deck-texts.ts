// The deck's texts in the page: plain text, or the node that the host's renderer makes of it.

import { flaw, toLeaningError } from "../error.js";
import { h } from "./dom.js";

/** Makes a node of one of the deck's texts. */
export type Renderer = (text: string) => Node;

export class DeckTexts {
  #texts = new WeakMap<Element, string>();
  #renderer: Renderer | undefined;
  readonly #report: (error: unknown) => void;
  /** Whether it is told already that this renderer fails: it may for every text. */
  #isReported = false;

  /** `report` is told of the first failure of a renderer. */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  get renderer(): Renderer | undefined {
    return this.#renderer;
  }
  set renderer(renderer: Renderer | undefined) {
    this.#renderer = renderer;
    this.#isReported = false;
  }

  /** Puts a text into an element. */
  render<Into extends Element>(element: Into, text: string): Into {
    this.#texts.set(element, text);
    element.replaceChildren(...paragraphs(text));
    try {
      const node = this.#renderer?.(text);
      // Not `instanceof`: the node may come from another frame.
      if (node?.nodeType) element.replaceChildren(node);
    } catch (cause) {
      // The person sees the plain text, and the author of the renderer sees the error.
      element.replaceChildren(...paragraphs(text));
      if (!this.#isReported)
        this.#report(flaw("options", "renderer", toLeaningError(cause).message, { cause }));
      this.#isReported = true;
    }
    return element;
  }

  /** Renders every text below `root` again, and touches nothing else. */
  renderAgain(root: ParentNode): void {
    for (const element of root.querySelectorAll("*")) {
      const text = this.#texts.get(element);
      if (text !== undefined) this.render(element, text);
    }
  }
}

/** A plain text with its paragraphs apart. The empty lines between them stay in the text, but take no room. */
function paragraphs(text: string): (Node | string)[] {
  const parts = text.split(/(\n{2,})/);
  if (parts.length === 1) return parts;
  return parts.map((part, place) =>
    place % 2 === 0 ? h("span", { class: "paragraph" }, part) : h("span", { hidden: true }, part),
  );
}
