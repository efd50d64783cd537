/** An element with attributes and children. Text is text: there is no way in for markup. */
export function h(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same in SVG. */
export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(attribute, "");
    else if ((value ?? false) !== false) element.setAttribute(attribute, value);
  }
  element.append(...children.flat().filter(Boolean));
  return element;
}

/** An element of a class that is also its part name, for the host's styles. */
export function part(tag, name, attributes, ...children) {
  return h(tag, { class: name, part: name, ...attributes }, ...children);
}

/** A button that stands for an action of a view. */
export function button(name, action, words) {
  return part("button", name, { type: "button", "data-action": action }, words);
}

/** Resolves in a task of its own. */
export const soon = () => new Promise((resolve) => setTimeout(resolve));

let painting;

/** Resolves once what was changed is painted; in a tab that is not seen, soon. One frame is waited for once. */
export function painted() {
  painting ??= new Promise((resolve) => {
    const end = () => {
      painting = undefined;
      setTimeout(resolve);
    };
    setTimeout(end, 99);
    requestAnimationFrame(end);
  });
  return painting;
}
