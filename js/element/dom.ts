// Helpers for building nodes, for the window that they are shown in, and for waiting until they are painted.

type Child = Node | string | false | undefined;
type Attributes = Record<string, string | number | boolean | null | undefined>;

/** Creates an HTML element. Strings become text nodes, so no markup can get in. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Child | Child[])[]
): HTMLElementTagNameMap[Tag] {
  return fill(document.createElement(tag), attributes, children);
}

/** Creates an SVG element. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Child | Child[])[]
): SVGElementTagNameMap[Tag] {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill<Made extends Element>(
  element: Made,
  attributes: Attributes,
  children: (Child | Child[])[],
): Made {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat()) if (child) element.append(child);
  return element;
}

/** Creates a paragraph that only the element's own style sheet can reach. */
export function paragraph(className: string, text = ""): HTMLParagraphElement {
  return h("p", { class: className }, text);
}

/** Creates a button for an action of a view. Its look is both its class and its CSS part, and it may have a part of its own. */
export function button(
  look: "choose" | "secondary-button",
  action: string | number,
  text: string,
  ownPart = "",
): HTMLButtonElement {
  const part = ownPart ? `${look} ${ownPart}` : look;
  return h("button", { class: look, part, type: "button", "data-action": action }, text);
}

/** Creates a live region. It must stay in the document, or screen readers do not announce its changes. */
export function liveRegion(className = "visually-hidden"): HTMLParagraphElement {
  return h("p", { class: className, role: "status" });
}

/**
 * The window that an element is shown in: that of a pop-up or frame if the page has moved it there. Its clock and
 * its frames are not those of the page.
 */
export function windowOf(element: Element): Window & typeof globalThis {
  return element.ownerDocument.defaultView ?? window;
}

/** The sheets of each document by their text. A constructed sheet works in the document alone that it was made for. */
const sheets = new WeakMap<Document, Map<string, CSSStyleSheet>>();

/** A constructed style sheet, which every content security policy allows. None for a document without a window. */
export function styleSheet(text: string, document: Document): CSSStyleSheet | undefined {
  const ofDocument = sheets.get(document) ?? new Map<string, CSSStyleSheet>();
  sheets.set(document, ofDocument);
  let sheet = ofDocument.get(text);
  const { defaultView } = document;
  if (!sheet && defaultView) {
    sheet = new defaultView.CSSStyleSheet();
    // Without it, as under a simulated document, there are no styles to miss.
    sheet.replaceSync?.(text);
    ofDocument.set(text, sheet);
  }
  return sheet;
}

const paintings = new WeakMap<Window, Promise<void>>();

/**
 * Resolves once the changes made so far to an element are painted. In a hidden tab, which paints nothing, it takes
 * 100 ms.
 */
export function painted(element: Element): Promise<void> {
  const view = windowOf(element);
  let painting = paintings.get(view);
  if (!painting) {
    painting = new Promise((resolve) => {
      const end = () => {
        paintings.delete(view);
        // The frame's callbacks run before the paint, a new task after it.
        setTimeout(resolve);
      };
      // Not the window's own: that may be closed.
      setTimeout(end, 100);
      view.requestAnimationFrame?.(end);
    });
    paintings.set(view, painting);
  }
  return painting;
}

/**
 * Resolves when the browser is idle, after a second at the latest. Safari cannot tell: there it is the next
 * task.
 */
export function idle(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => resolve(), { timeout: 1000 });
    else setTimeout(resolve);
  });
}
