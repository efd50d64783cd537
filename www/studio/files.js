// The files that are dropped: decks, tables of responses, of prompts and of features.

import { withModule } from "./module.js";

const PARQUET = "PAR1";

/** The kind of a file by its content: `deck`, `features` or `table`. Its bytes are ready for the module. */
export async function readFile(file) {
  const { name } = file;
  // A folder has no bytes, and a file may be gone or too large.
  const buffer = await file.arrayBuffer().catch((cause) => {
    throw new Error(
      `${name}: this browser cannot read it. Is it a folder, or is it larger than the memory?`,
      {
        cause,
      },
    );
  });
  const bytes = new Uint8Array(buffer);
  if (bytes[7] === 0 && bytes[8] === 0x7b)
    return { name, bytes, kind: isDeckOf(bytes) ? "deck" : "features" };
  if (beginsWith(bytes, PARQUET)) return { name, bytes: await rowsOf(name, bytes), kind: "table" };
  return { name, bytes, kind: isDeck(bytes) ? "deck" : "table" };
}

/** Whether a safetensors file has a deck in its metadata. A broken header is for the module to tell. */
function isDeckOf(bytes) {
  const length = new DataView(bytes.buffer).getUint32(0, true);
  return !new TextDecoder().decode(bytes.subarray(8, 8 + length)).includes('"features"');
}

/** Whether a text is one JSON object with the fields of a deck, whole or broken. An object per line is a table. */
function isDeck(bytes) {
  const text = new TextDecoder().decode(bytes.subarray(0, 1 << 16)).replace(/^\ufeff/, "");
  if (!text.trimStart().startsWith("{")) return false;
  if (/"format"\s*:\s*"leaning-/.test(text)) return true;
  const [line] = text.trimStart().split("\n", 1);
  try {
    const object = JSON.parse(line);
    return Array.isArray(object.prompts) || Array.isArray(object.dimensions);
  } catch {
    // An object over several lines.
    return /"(prompts|dimensions)"\s*:/.test(text);
  }
}

/** The rows of a Parquet file as the module takes them: an object per line after the first bytes of such a file. */
async function rowsOf(name, bytes) {
  let rows;
  try {
    const { compressors, parquetReadObjects } = await import("./made/parquet.js");
    rows = await parquetReadObjects({ file: bytes.buffer, compressors });
  } catch (cause) {
    throw new Error(`${name}: expected valid Parquet data, found it broken: ${cause.message}`, { cause });
  }
  const lines = rows.map((row) => `${JSON.stringify(row, plainValue)}\n`);
  return new TextEncoder().encode(PARQUET + lines.join(""));
}

/** A value of a Parquet file as JSON. Numbers that JSON or JavaScript lack become texts. */
function plainValue(_key, value) {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return value;
}

function beginsWith(bytes, text) {
  return [...text].every((letter, place) => bytes[place] === letter.charCodeAt(0));
}

/** Some tables. Those of prompts have no column `prompt`. */
export class GivenTables {
  #files = [];

  /** The name of the table of responses. */
  get name() {
    return this.#files[0].name;
  }

  /** Adds files to these; a new table of responses takes the place of all. Returns what they hold. */
  static async of(files, before) {
    const [features, tables] = [true, false].map((is) =>
      files.filter(({ kind }) => (kind === "features") === is),
    );
    const prompts = [];
    const responses = [];
    let flaw;
    for (const table of tables) {
      try {
        await withModule(({ Tables }) => read(new Tables(table.name, table.bytes)));
        responses.push(table);
      } catch (error) {
        const isOfPrompts = /expected a column prompt, found none/.test(error.message);
        // With its features in another file a table may hold ids alone.
        const isBare = features.length > 0 && /expected a column of numbers or/.test(error.message);
        if (isBare) responses.push(table);
        else if (isOfPrompts) prompts.push(table);
        else throw error;
        flaw = error;
      }
    }
    if (responses.length > 1)
      throw new Error(
        `${responses[1].name}: expected one table of responses, found ${responses[0].name} too`,
      );
    if (responses.length === 0 && !before)
      throw flaw ?? new Error(`${features[0].name}: expected a table of responses with it, found none`);
    const given = new GivenTables();
    given.#files = responses.length > 0 ? responses : [before.#files[0]];
    given.prompts = prompts[0] ?? (responses.length > 0 ? undefined : before?.prompts);
    given.features = features[0] ?? (responses.length > 0 ? undefined : before?.features);
    given.found = await given.#with((tables) => read(tables));
    return given;
  }

  /** A deck with these columns as dimensions, or with the style of the texts if there are none. */
  build(columns) {
    return this.#with((tables) => JSON.parse(tables.build(columns)));
  }

  #with(work) {
    const [responses] = this.#files;
    return withModule(({ Tables }) => {
      const tables = new Tables(responses.name, responses.bytes);
      if (this.prompts) tables.addPrompts(this.prompts.name, this.prompts.bytes);
      if (this.features) tables.addFeatures(this.features.name, this.features.bytes);
      try {
        return work(tables);
      } finally {
        tables.free();
      }
    });
  }
}

function read(tables) {
  return JSON.parse(tables.read());
}
