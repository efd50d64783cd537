// The worker of the deck studio. It has the deck, so that the page never waits for a large one: it reads tables, changes,
// checks and keeps the deck, and hands out what the page shows of it.

import { blankDeck, Draft } from "./draft.js";
import { GivenTables, readFile } from "./files.js";
import { withModule } from "./module.js";
import { forget, keep, kept } from "./store.js";
import { isStyled, scoresOf, styled } from "./style.js";
import { areAlike, keepTyped } from "./typed.js";

/** The time after the last change until the deck is checked, in milliseconds. */
const PAUSE = 300;
/** Most prompts of the deck that is tried: the page itself holds that one. */
const TRIED = 200;

let draft;
/** The draft that was deleted last. */
let removed;
let tables;
/** The deck as it was made of tables last, the table of its responses and the chosen columns. */
let made;
let checked;
let timer;
/** Resolves once the deck is kept as it was; undefined if nothing is being written. */
let keeping;
/** Whether the deck has changed since that began. */
let isDirty = false;
/** Whether the deck is kept on this device; undefined before that was tried. */
let isKept;

const acts = {
  async restore() {
    try {
      const deck = await kept();
      if (deck) draft = new Draft(deck);
    } catch {
      isKept = false;
    }
    if (!draft) return summary();
    isKept = true;
    return checkedSummary();
  },

  /**
   * Reads files. Returns the `tables` that a deck can be made of, if they are tables. Texts for the prompts of a deck that was
   * made of the other tables go into it at once, and it `isRemade`.
   */
  async open(files) {
    const read = await Promise.all(files.map(readFile));
    const [deck] = read.filter(({ kind }) => kind === "deck");
    if (deck && read.length > 1)
      throw new Error(`${deck.name}: expected a deck alone, found other files with it`);
    if (!deck) {
      const given = await GivenTables.of(read, tables);
      const { responses, prompts, features } = given;
      const found = await given.read();
      const isRemade = made !== undefined && made.responses === responses && tables.features === features;
      tables = given;
      const others = [prompts, features].flatMap((file) => file?.name ?? []);
      const built = isRemade ? await acts.build(made.columns) : summary();
      return { ...built, isRemade, tables: { name: responses.name, others, ...found } };
    }
    const text = await withModule(({ readDeck }) => readDeck(deck.name, deck.bytes));
    tables = made = undefined;
    take(JSON.parse(text));
    return checkedSummary();
  },

  /** Makes a deck of the tables. What was typed into the one before is kept as far as it still has a place. */
  async build(columns) {
    const { deck, notes } = await tables.build(columns);
    const { responses } = tables;
    const isSame = made?.responses === responses;
    const base = made?.deck;
    const before = draft?.deck;
    made = { deck: structuredClone(deck), responses, columns };
    const keepsTyped = before && (isSame || areAlike(deck, before)) && keepTyped(deck, before, base);
    take(deck);
    // Typing may have mended what the notes on the table are about.
    const { report } = keepsTyped ? await check(made.deck) : {};
    const ofTable = notes.filter((note) => !report?.warnings.includes(note));
    return { notes: ofTable, keepsTyped, ...(await checkedSummary()) };
  },

  write() {
    made = undefined;
    take(blankDeck());
    return checkedSummary();
  },

  async styled() {
    const { deck, notes } = await styled(draft.deck);
    made = undefined;
    take(deck);
    return { notes, ...(await checkedSummary()) };
  },

  typed() {
    delete draft.deck.basis;
    changed();
    return summary();
  },

  /** Sets what is at a path. Returns the new scores of a text that is measured. */
  async set(path, value) {
    draft.set(path, value);
    changed();
    const [list, prompt, inner, place, field] = path;
    if (list !== "prompts" || inner !== "candidates" || field !== "text" || !isStyled(draft.deck)) return {};
    const [scores] = await scoresOf([value], draft.deck.basis);
    draft.set(["prompts", prompt, "candidates", place, "scores"], scores);
    changed();
    return { scores };
  },

  /** Adds to the deck, deletes from it or takes a deletion back. */
  change(act, ...places) {
    draft[act](...places);
    changed();
    return summary();
  },

  summary,

  /** The prompts from a place on. */
  prompts(from, count) {
    return draft.deck.prompts.slice(from, from + count);
  },

  async clear() {
    clearTimeout(timer);
    timer = undefined;
    isDirty = false;
    await keeping;
    removed = draft;
    draft = tables = made = checked = undefined;
    await forget().catch(() => {});
    return summary();
  },

  /** Brings back the deck that was deleted last, until the page is left. */
  unclear() {
    draft = removed;
    changed();
    return checkedSummary();
  },

  file() {
    return new Blob([`${JSON.stringify(draft.deck)}\n`], { type: "application/json" });
  },

  /** The deck to try, and the number of its prompts. Pictures would be asked of the server, so their words stand for them. */
  tried() {
    const prompts = draft.deck.prompts.slice(0, TRIED).map((prompt) => ({
      ...withoutImage(prompt),
      candidates: prompt.candidates.map(withoutImage),
    }));
    return { deck: { ...draft.deck, prompts }, tried: prompts.length, all: draft.deck.prompts.length };
  },
};

function withoutImage({ image, ...item }) {
  return image ? { ...item, text: item.text || image.alt } : item;
}

/** Takes another deck; the one before can be brought back. */
function take(deck) {
  draft ??= new Draft();
  draft.replace(deck);
  changed();
}

function changed() {
  save();
  checked = undefined;
  clearTimeout(timer);
  timer = setTimeout(async () => postMessage(await checkedSummary()), PAUSE);
}

/** The summary with the check of the deck as it is now. Another deck comes to the page together with its check. */
async function checkedSummary() {
  clearTimeout(timer);
  timer = undefined;
  const of = draft;
  const found = await check(of.deck);
  // A change meanwhile is checked after its own pause.
  if (draft === of && timer === undefined) checked = found;
  return { checked, ...summary() };
}

/** Keeps the deck at once, since the page may go. Changes meanwhile are kept together afterwards. */
function save() {
  isDirty = true;
  keeping ??= write().finally(() => (keeping = undefined));
}

async function write() {
  try {
    while (isDirty) {
      isDirty = false;
      await keep(draft.deck);
    }
    isKept = true;
  } catch {
    isKept = false;
  }
}

/** The report on a deck with the texts of its best questions, or its `flaw`. */
async function check(deck) {
  try {
    const bytes = new TextEncoder().encode(JSON.stringify(deck));
    const found = JSON.parse(await withModule((made) => made.check(fileName(deck), bytes)));
    const best = found.best.map(({ prompt, candidates, bits }) => {
      const { text, id, candidates: all } = deck.prompts[prompt];
      const textOf = (item) => item.text || item.image?.alt || item.id;
      return { bits, prompt: text || id, candidates: candidates.map((place) => textOf(all[place])) };
    });
    return { ...found, best, isGraded: Boolean(deck.answers?.grades) };
  } catch (error) {
    return { flaw: error.message };
  }
}

function fileName({ id }) {
  return `${id || "deck"}.json`;
}

/** The parts of the deck that the page shows; null without one. */
function summary() {
  if (!draft?.deck) return { deck: null, isKept };
  const { id, title, language, dimensions, prompts } = draft.deck;
  const candidates = prompts.reduce((sum, prompt) => sum + prompt.candidates.length, 0);
  return {
    deck: {
      id,
      title,
      language,
      dimensions,
      prompts: prompts.length,
      candidates,
      file: fileName(draft.deck),
    },
    deletion: draft.deletion,
    isStyled: isStyled(draft.deck),
    isKept,
  };
}

addEventListener("message", async ({ data: { call, act, given } }) => {
  try {
    postMessage({ call, result: await acts[act](...given) });
  } catch (error) {
    postMessage({ call, error: error.message });
  }
});
