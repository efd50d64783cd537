// Properties that mirror attributes, as HTML's own elements have them.

import { guard } from "../plain.js";

/** The number in an attribute; null without the attribute. */
export function readNumber(element: Element, attribute: string): number | null {
  const text = element.getAttribute(attribute);
  return text === null ? null : Number(text);
}

/**
 * Writes an attribute; null removes it. Frameworks set equal values on every render, which must change
 * nothing.
 */
export function writeAttribute(
  element: Element,
  attribute: string,
  value: string | number | null | undefined,
): void {
  if (value === null || value === undefined) {
    element.removeAttribute(attribute);
    return;
  }
  const text = guard("options", attribute, () => String(value));
  if (element.getAttribute(attribute) !== text) element.setAttribute(attribute, text);
}

/** Hands on the properties that a framework set before the element was defined: they hide the accessors. */
export function adoptEarlyProperties(element: HTMLElement): void {
  const prototype = Object.getPrototypeOf(element);
  for (const [name, value] of Object.entries(element)) {
    if (!(name in prototype)) continue;
    Reflect.deleteProperty(element, name);
    Reflect.set(element, name, value);
  }
}

/** The entries of an object that are set: an absent attribute leaves its option out. */
export function withoutNulls<Options extends object>(
  options: {
    [Name in keyof Options]: Options[Name] | null;
  },
): Partial<Options> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== null),
  ) as Partial<Options>;
}
