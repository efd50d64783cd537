// Copies of the arguments that callers hand in. To read a copy runs no code of the caller: nothing throws, and nothing
// calls back, while the wasm module is at work.

import { type ErrorCode, flaw } from "./error.js";

/** How deep lists and objects may lie inside each other; a deck needs six levels. */
const MAX_DEPTH = 64;
/** How many items a list may have. */
const MAX_LENGTH = 1_000_000;

/** A copy: numbers, strings, booleans and null, in lists and objects. */
export type Plain = null | boolean | number | string | Plain[] | Fields;
export type Fields = { [name: string]: Plain };

/**
 * A copy of what JSON can say of a value; undefined where it can say nothing, as of a function. Typed arrays become lists.
 * An error has this code, and the place inside the value after `path`.
 */
export function plain(value: unknown, code: ErrorCode, path = ""): Plain | undefined {
  return guard(code, path, (copier) => copier.copy(value));
}

/** A copy of an object that leaves out all fields but those named. Other values are copied whole. */
export function plainFields(value: unknown, names: readonly string[], code: ErrorCode): Plain | undefined {
  return guard(code, "", (copier) => copier.copyFields(value, names));
}

/** A copy of a list of such objects. */
export function plainList(value: unknown, names: readonly string[], code: ErrorCode): Plain | undefined {
  return guard(code, "", (copier) => copier.copyList(value, (item) => copier.copyFields(item, names)));
}

/** The result of `read`. An exception from the caller's own code becomes the cause of a LeaningError. */
export function guard<T>(code: ErrorCode, path: string, read: (copier: Copier) => T): T {
  const copier = new Copier(path);
  try {
    return read(copier);
  } catch (cause) {
    throw flaw(code, copier.path, copier.refusal ?? "could not be read", { cause });
  }
}

/** Checks that an optional text is a string, null or absent. */
export function expectText(value: Plain | undefined, code: ErrorCode, path: string): void {
  if (typeof value === "string" || value === null || value === undefined) return;
  throw flaw(code, path, `expected a string, found ${kindOf(value)}`);
}

export function isObject(value: Plain | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The kind of a value, for messages. */
export function kindOf(value: Plain | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "boolean" ? "true or false" : `a ${typeof value}`;
}

class Copier {
  readonly #root: string;
  /** The way from the root to the value that is being copied. */
  readonly #steps: (string | number)[] = [];
  /** The reason for stopping, unless the caller's own code failed. */
  refusal: string | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  get path(): string {
    return this.#steps.reduce<string>((path, step) => {
      if (typeof step === "number") return `${path}[${step}]`;
      return path ? `${path}.${step}` : step;
    }, this.#root);
  }

  copy(value: unknown): Plain | undefined {
    switch (typeof value) {
      case "boolean":
      case "number":
      case "string":
        return value;
      case "object":
        if (value === null) return null;
        if (Array.isArray(value) || ArrayBuffer.isView(value))
          return this.copyList(value, (item) => this.copy(item));
        return this.copyFields(value, Object.keys(value));
      default:
        return undefined;
    }
  }

  copyFields(value: unknown, names: readonly string[]): Plain | undefined {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return this.copy(value);
    this.#descend();
    const fields: [string, Plain][] = [];
    for (const name of names) {
      const field = this.#step(name, () => this.copy((value as Record<string, unknown>)[name]));
      if (field !== undefined) fields.push([name, field]);
    }
    return Object.fromEntries(fields);
  }

  copyList(value: unknown, copyItem: (item: unknown) => Plain | undefined): Plain | undefined {
    if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return this.copy(value);
    this.#descend();
    const list = value as ArrayLike<unknown>;
    const { length } = list;
    if (length > MAX_LENGTH) this.#refuse(`expected at most ${MAX_LENGTH} items, found ${length}`);
    // An item that cannot be copied leaves its place to null, as in JSON.
    return Array.from({ length }, (_, index) => this.#step(index, () => copyItem(list[index])) ?? null);
  }

  #step<T>(step: string | number, work: () => T): T {
    this.#steps.push(step);
    const result = work();
    this.#steps.pop();
    return result;
  }

  #descend(): void {
    if (this.#steps.length < MAX_DEPTH) return;
    // The field where the depth begins says more than the whole way down.
    this.#steps.length = 1;
    this.#refuse(`lists and objects lie more than ${MAX_DEPTH} deep`);
  }

  #refuse(reason: string): never {
    this.refusal = reason;
    throw new RangeError(reason);
  }
}

export type { Copier };
