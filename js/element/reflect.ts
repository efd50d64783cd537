// Properties that mirror attributes, as HTML's own elements have them.

import { flaw, type LeaningError } from "../error.js";
import { didYouMean, shortened } from "../known-names.js";
import { guard } from "../plain.js";

/** Characters of an attribute in a message. */
const MAX_FOUND = 40;

/** The number in an attribute; null without the attribute, NaN if it is none. */
export function readNumber(element: Element, attribute: string): number | null {
  const text = element.getAttribute(attribute);
  return text === null ? null : Number(text);
}

/** Throws if an attribute is no number. Later, as NaN, it would only be out of range. */
export function checkNumbers(element: Element, attributes: readonly string[]): void {
  for (const attribute of attributes) {
    const text = element.getAttribute(attribute);
    if (text !== null && (text.trim() === "" || Number.isNaN(Number(text))))
      throw unexpected(attribute, "a number", text);
  }
}

/** The errors about attributes that have other words than those they may have. */
export function unknownWords(element: Element, known: Record<string, readonly string[]>): LeaningError[] {
  return Object.entries(known).flatMap(([attribute, words]) => {
    const given = element.getAttribute(attribute)?.split(/\s+/) ?? [];
    const unknown = given.find((word) => word && !words.includes(word));
    return unknown === undefined ? [] : [unexpected(attribute, words.join(", "), unknown)];
  });
}

/** The errors about attributes that look like one of these misspelt. Any others are the page's own. */
export function misspeltAttributes(element: Element, known: readonly string[]): LeaningError[] {
  return element.getAttributeNames().flatMap((name) => {
    const isRight = known.includes(name) || /^(data|aria)-/.test(name);
    const guess = isRight ? "" : didYouMean(name, known);
    return guess ? [flaw("options", shortened(name), `unknown attribute${guess}`)] : [];
  });
}

function unexpected(attribute: string, expected: string, found: string): LeaningError {
  return flaw("options", attribute, `expected ${expected}, found "${found.slice(0, MAX_FOUND)}"`);
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
