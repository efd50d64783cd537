// The functions of a wasm module with their sizes, and the crates that they come from.

const NAME_SECTION = "name";
const [CUSTOM, IMPORT, CODE] = [0, 2, 10];
/** Within the section of names, the names of functions. */
const FUNCTION_NAMES = 1;
/** Kinds of imports. */
const [FUNCTION, TABLE, MEMORY, GLOBAL, TAG] = [0, 1, 2, 3, 4];

/** Reads the binary format: https://webassembly.github.io/spec/core/binary/ */
class Reader {
  #bytes;
  place;

  constructor(bytes, place = 0) {
    this.#bytes = bytes;
    this.place = place;
  }

  byte() {
    return this.#bytes[this.place++];
  }

  /** A number in LEB128. */
  number() {
    let [number, factor, byte] = [0, 1, 0];
    do {
      byte = this.byte();
      number += (byte & 0x7f) * factor;
      factor *= 128;
    } while (byte >= 0x80);
    return number;
  }

  text() {
    const length = this.number();
    this.place += length;
    return new TextDecoder().decode(this.#bytes.subarray(this.place - length, this.place));
  }

  /** Calls `read` for each part with its kind and its end: sections, or parts of the section of names. */
  parts(end, read) {
    while (this.place < end) {
      const kind = this.byte();
      const size = this.number();
      const next = this.place + size;
      read(kind, next);
      this.place = next;
    }
  }
}

/** The functions of a module with names, each with the bytes of its code. */
export function functionsOf(bytes) {
  const reader = new Reader(bytes, 8);
  const names = new Map();
  const sizes = [];
  let imported = 0;
  reader.parts(bytes.length, (section, end) => {
    if (section === IMPORT) imported = importedFunctions(reader);
    if (section === CODE) {
      const count = reader.number();
      for (let place = 0; place < count; place++) {
        const size = reader.number();
        sizes.push(size);
        reader.place += size;
      }
    }
    if (section !== CUSTOM || reader.text() !== NAME_SECTION) return;
    reader.parts(end, (kind) => {
      if (kind !== FUNCTION_NAMES) return;
      const count = reader.number();
      for (let place = 0; place < count; place++) names.set(reader.number(), reader.text());
    });
  });
  return sizes.map((size, place) => ({ name: names.get(imported + place) ?? "", size }));
}

function importedFunctions(reader) {
  const limits = () => {
    const flags = reader.number();
    reader.number();
    if (flags & 1) reader.number();
  };
  const skip = {
    [FUNCTION]: () => reader.number(),
    [TABLE]: () => [reader.byte(), limits()],
    [MEMORY]: limits,
    [GLOBAL]: () => [reader.byte(), reader.byte()],
    [TAG]: () => [reader.byte(), reader.number()],
  };
  const count = reader.number();
  let functions = 0;
  for (let place = 0; place < count; place++) {
    reader.text();
    reader.text();
    const kind = reader.byte();
    skip[kind]();
    if (kind === FUNCTION) functions++;
  }
  return functions;
}

/**
 * The crate that a function comes from: the first one in its name. What a library makes for a type of another crate is the
 * library's, such as `serde_core::de::…<leaning::Deck>`. Functions without a path are the module's exports.
 */
export function crateOf(name) {
  if (/^\w+(?: externref shim| multivalue shim)*$/.test(name)) return "exports";
  const [, crate] = name.match(/(?<![\w:])([a-z_]\w*)(?:\[[\da-f]+\])?::/) ?? [];
  return crate?.replace(/^__rustc$/, "std") ?? "core";
}

/** The folder in src/ that a function of the library comes from. */
export function folderOf(name) {
  const [, folder] = name.match(/\bleaning::([a-z]\w*)::/) ?? [];
  return folder ?? "others";
}

/** The bytes of functions, by what `key` says of their names, the largest first. */
export function sizesBy(functions, key) {
  const sums = new Map();
  for (const { name, size } of functions) sums.set(key(name), (sums.get(key(name)) ?? 0) + size);
  return [...sums].sort(([, one], [, other]) => other - one);
}

/** The name without the hashes of its instance. */
export const shortName = (name) => name.replace(/::h[\da-f]{16}$/, "").replaceAll(/\[[\da-f]{8,}\]/g, "");
