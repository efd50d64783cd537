// The deck's texts in the page: plain text, or the node that the host's renderer makes of it.

/** Makes a node of one of the deck's texts. */
export type Renderer = (text: string) => Node;

export class DeckTexts {
  #texts = new WeakMap<Element, string>();
  renderer: Renderer | undefined;

  /** Puts a text into an element. */
  render<Into extends Element>(element: Into, text: string): Into {
    this.#texts.set(element, text);
    element.textContent = text;
    try {
      const node = this.renderer?.(text);
      // Not `instanceof`: the node may come from another frame.
      if (node?.nodeType) element.replaceChildren(node);
    } catch (error) {
      // The person sees the plain text, and the author of the renderer sees the error.
      reportError(error);
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
