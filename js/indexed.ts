/**
 * The items of a list, each with its place. Libraries of the time before lists had a method `entries` replace it by
 * one of their own.
 */
export function* indexed<Item>(list: Iterable<Item>): Generator<[number, Item]> {
  let index = 0;
  for (const item of list) yield [index++, item];
}
