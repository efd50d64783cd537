// The files that are dropped: decks, tables of responses, of prompts and of features.

import { withModule } from "./module.js";

const PARQUET = "PAR1";
/** Flaws of files that are probably no such tables at all. */
const FOREIGN = /: expected a column|: line 1: expected a (whole )?JSON object/;
const EXPECTED =
  "The studio reads a deck, or a table with a row for each candidate: its id, the id of its prompt, and a text or numbers. “The columns of a table” shows one.";

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

/** The flaw of a file, with what is expected in plain words where the file seems to be about something else. */
function explained(flaw) {
  if (!FOREIGN.test(flaw?.message)) return flaw;
  const sentence = flaw.message.replace(/[.?]?$/, (end) => end || ".");
  return new Error(`${sentence} ${EXPECTED}`, { cause: flaw });
}

/** A table of responses, with those of prompts and of features that belong to it. */
export class GivenTables {
  constructor(responses, prompts, features) {
    Object.assign(this, { responses, prompts, features });
  }

  /**
   * Tables from files, which are added to those before; a table of responses takes the place of all. Tables of prompts are
   * those without a column `prompt`.
   */
  static async of(files, before) {
    const features = files.find(({ kind }) => kind === "features");
    const responses = [];
    let prompts;
    let flaw;
    for (const file of files) {
      if (file === features) continue;
      flaw = await new GivenTables(file).read().then(
        () => undefined,
        (error) => error,
      );
      // With its features in another file a table may hold ids alone.
      const isBare = features && /expected a column of numbers or/.test(flaw?.message);
      if (!flaw || isBare) responses.push(file);
      else if (/expected a column prompt, found none/.test(flaw.message)) prompts = file;
      else throw explained(flaw);
    }
    const [first, second] = responses;
    if (second) throw new Error(`${second.name}: expected one table of responses, found ${first.name} too`);
    if (first) return new GivenTables(first, prompts, features);
    if (before)
      return new GivenTables(before.responses, prompts ?? before.prompts, features ?? before.features);
    throw explained(flaw) ?? new Error(`${features.name}: expected a table of responses with it, found none`);
  }

  /** Their content: rows, prompts, columns of numbers, whether all have texts, and notes. */
  read() {
    return this.#with((tables) => JSON.parse(tables.read()));
  }

  /** A deck with these columns as dimensions, or with the style of the texts if there are none. */
  build(columns) {
    return this.#with((tables) => JSON.parse(tables.build(columns)));
  }

  #with(work) {
    const { responses, prompts, features } = this;
    return withModule(({ Tables }) => {
      const tables = new Tables(responses.name, responses.bytes);
      if (prompts) tables.addPrompts(prompts.name, prompts.bytes);
      if (features) tables.addFeatures(features.name, features.bytes);
      try {
        return work(tables);
      } finally {
        tables.free();
      }
    });
  }
}
