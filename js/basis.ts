// Scores from the features of responses, by the `basis` of a deck. It needs no module, so that a server can score too.

import { at } from "./at.js";
import { flaw } from "./error.js";
import { type Fields, isObject, kindOf, type Plain, plain } from "./plain.js";
import type { Basis, Features } from "./types.js";

/**
 * Scores of n responses, n × d and ready for `rank`, on the scale of the deck with this `basis`. The bits are those of
 * `leaning build --basis`. Features are in the basis's order, or have their names; names that the basis does not have are
 * ignored. Features that begin with `style:` are measured by `scoreStyle` of `leaning/style`.
 *
 * @throws LeaningError `deck` if the basis is unsound, `candidates` if a feature is missing or no finite number.
 */
export function score(basis: Basis, responses: readonly Features[]): number[][] {
  const read = readBasis(basis);
  const list = plain(responses, "candidates");
  if (!Array.isArray(list))
    throw flaw("candidates", "", `expected a list of features, found ${kindOf(list)}`);
  return list.map((item, index) => project(read, inOrder(read.features, item, `[${index}]`)));
}

/** The scores of a response with these features, in the basis's order. Sums have the order of `leaning build`. */
export function project({ mean, scale, head }: Basis, features: ArrayLike<number>): number[] {
  const standardized = mean.map((shift, k) => (at(features, k) - shift) / at(scale, k));
  return head.map((row) => standardized.reduce((sum, x, k) => sum + at(row, k) * x, 0));
}

/** A sound copy of the basis that a caller gave. */
export function readBasis(given: unknown): Basis {
  const basis = plain(given, "deck", "basis");
  if (!isObject(basis))
    throw flaw(
      "deck",
      "basis",
      basis === undefined ? "missing" : `expected an object, found ${kindOf(basis)}`,
    );
  const features = readNames(basis);
  const numbers = (value: Plain | undefined, path: string) => readNumbers(value, features.length, path);
  const scale = numbers(basis.scale, "basis.scale");
  const small = scale.findIndex((one) => one <= 0);
  if (small >= 0) throw flaw("deck", `basis.scale[${small}]`, "expected a number above 0");
  const { head } = basis;
  if (!Array.isArray(head) || head.length === 0)
    throw flaw("deck", "basis.head", "expected a row per dimension");
  return {
    features,
    mean: numbers(basis.mean, "basis.mean"),
    scale,
    head: head.map((row, j) => numbers(row, `basis.head[${j}]`)),
  };
}

function readNames({ features }: Fields): string[] {
  if (!Array.isArray(features) || features.length === 0)
    throw flaw("deck", "basis.features", "expected at least one name");
  const seen = new Set<Plain>();
  return features.map((name, k) => {
    const path = `basis.features[${k}]`;
    if (typeof name !== "string") throw flaw("deck", path, `expected a string, found ${kindOf(name)}`);
    if (seen.has(name)) throw flaw("deck", path, `"${name}" is there already`);
    seen.add(name);
    return name;
  });
}

function readNumbers(value: Plain | undefined, length: number, path: string): number[] {
  if (!Array.isArray(value)) throw flaw("deck", path, `expected ${length} numbers, found ${kindOf(value)}`);
  if (value.length !== length) throw flaw("deck", path, `expected ${length} numbers, found ${value.length}`);
  return value.map((number, k) => {
    if (typeof number === "number" && Number.isFinite(number)) return number;
    throw flaw("deck", `${path}[${k}]`, "expected a finite number");
  });
}

function inOrder(names: readonly string[], item: Plain, path: string): number[] {
  if (Array.isArray(item) && item.length !== names.length)
    throw flaw("candidates", path, `expected ${names.length} numbers, found ${item.length}`);
  if (!Array.isArray(item) && !isObject(item))
    throw flaw("candidates", path, `expected features, found ${kindOf(item)}`);
  return names.map((name, k) => {
    // An object inherits names such as `constructor`.
    const own = Array.isArray(item) ? item[k] : Object.hasOwn(item, name) ? item[name] : undefined;
    if (typeof own === "number" && Number.isFinite(own)) return own;
    const place = Array.isArray(item) ? `${path}[${k}]` : `${path}.${name}`;
    throw flaw("candidates", place, own === undefined ? "missing" : "expected a finite number");
  });
}
