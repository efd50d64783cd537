// Plain copies of the caller's arguments. Reading a copy runs none of the caller's code, which could throw or
// call back while the wasm module is at work.

import { type ErrorCode, flaw } from "./error.js";

// docs/using.md has these limits. They are checked before anything is copied.
/** The most levels of lists and objects. A deck has six. */
const MAX_DEPTH = 64;
/** The most items of a list, and fields of an object. */
export const MAX_LENGTH = 100_000;
/** The most items and fields together. */
const MAX_VALUES = 1_000_000;
/** The most characters of a text. */
const MAX_TEXT = 1_000_000;
/** The most characters or bytes of a file, a deck or a log. */
const MAX_FILE = 64_000_000;

/** A copy: numbers, strings, booleans and null, in lists and objects. */
export type Plain = null | boolean | number | string | Plain[] | Fields;
export type Fields = { [name: string]: Plain };

/**
 * A copy of a value. Typed arrays become lists. Fields without a form in JSON, such as functions, are left
 * out, and the copy of such a value by itself is undefined. An error has this code, and its place begins with
 * `path`.
 */
export function plain(value: unknown, code: ErrorCode, path = ""): Plain | undefined {
  return guard(code, path, (copier) => copier.copy(value));
}

/** A copy of an object with only the named fields. Other values are copied whole. */
export function plainFields(value: unknown, names: readonly string[], code: ErrorCode): Plain | undefined {
  return guard(code, "", (copier) => copier.copyFields(value, names));
}

/** A copy of a list of at most `most` objects with only the named fields. */
export function plainList(
  value: unknown,
  names: readonly string[],
  code: ErrorCode,
  most: number,
): Plain | undefined {
  return guard(code, "", (copier) => copier.copyList(value, (item) => copier.copyFields(item, names), most));
}

/** Calls `read`. An exception from the caller's own code becomes the cause of a LeaningError. */
export function guard<T>(code: ErrorCode, path: string, read: (copier: Copier) => T): T {
  const copier = new Copier(path);
  try {
    return read(copier);
  } catch (cause) {
    throw flaw(code, copier.path, copier.refusal ?? "could not be read", { cause });
  }
}

/** Checks the length of a deck or log that is given as a text or as bytes. */
export function checkFile(length: number, code: ErrorCode): void {
  if (length > MAX_FILE) throw flaw(code, "", tooMany("characters or bytes", MAX_FILE, length));
}

/** A text without a byte order mark, with which some editors begin a file. */
export function withoutMark(text: string): string {
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

/** Checks that a text is a string of acceptable length. */
export function expectString(value: unknown, code: ErrorCode, path: string): string {
  if (typeof value !== "string") throw flaw(code, path, "expected a string");
  if (value.length > MAX_TEXT) throw flaw(code, path, tooMany("characters", MAX_TEXT, value.length));
  return value;
}

function tooMany(things: string, most: number, found: number): string {
  return `expected at most ${most} ${things}, found ${found}`;
}

/**
 * Does work that writes lists as JSON. Libraries of the time before `JSON` give lists a method `toJSON`, which would
 * write them as strings.
 */
export function withPlainJson<T>(work: () => T): T {
  const { prototype } = Array;
  const own = Object.getOwnPropertyDescriptor(prototype, "toJSON");
  if (!own || !Reflect.deleteProperty(prototype, "toJSON")) return work();
  try {
    return work();
  } finally {
    Object.defineProperty(prototype, "toJSON", own);
  }
}

/** Checks that an optional text is a string, null or absent. */
export function expectText(value: Plain | undefined, code: ErrorCode, path: string): void {
  if (!isText(value)) throw flaw(code, path, `expected a string, found ${kindOf(value)}`);
}

export function isText(value: Plain | undefined): value is string | null | undefined {
  return typeof value === "string" || value === null || value === undefined;
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
  /** The path from the root to the value that is being copied. */
  readonly #steps: (string | number)[] = [];
  /** The reason for stopping, unless the caller's own code failed. */
  refusal: string | undefined;
  /** The number of items and fields so far. */
  #values = 0;

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
      case "string":
        this.#limit("characters", MAX_TEXT, value.length);
        return value;
      case "boolean":
      case "number":
        return value;
      case "object":
        if (value === null) return null;
        if (Array.isArray(value) || ArrayBuffer.isView(value))
          return this.copyList(value, (item) => this.copy(item));
        // Each character would be a field.
        if (value instanceof String) this.#limit("characters", MAX_TEXT, value.length);
        return this.copyFields(value, Object.keys(value));
      default:
        return undefined;
    }
  }

  copyFields(value: unknown, names: readonly string[]): Plain | undefined {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return this.copy(value);
    this.#descend(names.length);
    const fields: [string, Plain][] = [];
    for (const name of names) {
      this.#steps.push(name);
      const field = this.copy((value as Record<string, unknown>)[name]);
      this.#steps.pop();
      if (field !== undefined) fields.push([name, field]);
    }
    return Object.fromEntries(fields);
  }

  copyList(
    value: unknown,
    copyItem: (item: unknown) => Plain | undefined,
    most = MAX_LENGTH,
  ): Plain | undefined {
    if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return this.copy(value);
    const list = value as ArrayLike<unknown>;
    const length = Number(list.length);
    this.#descend(length, most);
    const items: Plain[] = [];
    for (let index = 0; index < length; index++) {
      this.#steps.push(index);
      // An item without a form in JSON becomes null there, so it does here.
      items.push(copyItem(list[index]) ?? null);
      this.#steps.pop();
    }
    return items;
  }

  /** Enters a list or object with this many items or fields. */
  #descend(length: number, most = MAX_LENGTH): void {
    this.#limit("items", most, length);
    this.#values += length || 0;
    this.#limit("items and fields together", MAX_VALUES, this.#values);
    if (this.#steps.length < MAX_DEPTH) return;
    // The outermost field says more than the whole path.
    this.#steps.length = 1;
    this.#refuse(`lists and objects lie more than ${MAX_DEPTH} deep`);
  }

  #limit(things: string, most: number, found: number): void {
    if (found > most) this.#refuse(tooMany(things, most, found));
  }

  #refuse(reason: string): never {
    this.refusal = reason;
    throw new RangeError(reason);
  }
}

export type { Copier };
