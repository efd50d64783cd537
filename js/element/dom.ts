// Helpers for building nodes, and for waiting until the browser has painted them.

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

const sheets = new Map<string, CSSStyleSheet>();

/** A constructed style sheet, which every content security policy allows. */
export function styleSheet(text: string): CSSStyleSheet {
  let sheet = sheets.get(text);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    sheets.set(text, sheet);
  }
  return sheet;
}

let painting: Promise<void> | undefined;

/**
 * Resolves once the changes made so far are painted. In a hidden tab, which paints nothing, it takes 100 ms.
 */
export function painted(): Promise<void> {
  painting ??= new Promise((resolve) => {
    const end = () => {
      painting = undefined;
      // The frame's callbacks run before the paint, a new task after it.
      setTimeout(resolve);
    };
    setTimeout(end, 100);
    requestAnimationFrame(end);
  });
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
