// The deck studio: the page around the worker that has the deck.

import { element } from "./page.js";
import { showChecked } from "./studio/checked.js";
import { counted } from "./studio/counted.js";
import { Editor } from "./studio/editor.js";

const TRY = "Answer a few questions of the deck as it is now. Your answers are gone when you leave the page.";
/** The fields of a deck that are typed into one line each. */
const FIELDS = ["title", "id", "language"];

const byId = (id) => document.getElementById(id);
const worker = new Worker(new URL("./studio/worker.js", import.meta.url), { type: "module" });
const calls = [];
const editor = new Editor(ask, changed, attempt, say);
const TYPED_KEPT = "What you typed before is kept.";
const STANDARDISED =
  "The deck is made. Its scores are your columns on a common scale: 0 is the middle, and two candidates of a prompt typically differ by 1.";
/** The notes about the table that the deck was made of, without those that every check finds for itself. */
let notes = [];
let columns = [];
/** Whether the worker has answered. */
let isReady = false;

document.querySelector("main").setAttribute("aria-busy", "true");

/** Lets the worker act; a promise of the result. */
function ask(act, ...given) {
  return new Promise((resolve, reject) => {
    const call = calls.push({ resolve, reject }) - 1;
    worker.postMessage({ call, act, given });
  });
}

worker.addEventListener("message", ({ data }) => {
  if (data.call === undefined) return showSummary(data);
  const { resolve, reject } = calls[data.call];
  delete calls[data.call];
  if (data.error === undefined) resolve(data.result);
  else reject(new Error(data.error));
});
worker.addEventListener("error", (event) => {
  console.error(event);
  complain(
    isReady
      ? "The studio has stopped, perhaps for lack of memory. Reload this page: your deck is kept."
      : "The studio could not be loaded. Check your connection, then reload this page.",
  );
});

function say(text) {
  byId("said").textContent = text;
  byId("flaw").textContent = "";
}

function complain(text) {
  byId("said").textContent = "";
  byId("flaw").textContent = text;
  byId("flaw").scrollIntoView({ block: "nearest" });
}

/** Does something that may fail. What was there before stays. */
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    console.error(error);
    complain(error.message);
  }
}

async function openFiles(files) {
  if (files.length === 0) return;
  say(`Reading ${files.map(({ name }) => name).join(", ")} …`);
  await attempt(async () => {
    const opened = await ask("open", files);
    if (opened.tables) showTables(opened.tables);
    if (opened.isRemade) {
      notes = ofTable(opened);
      await changed(opened);
      const kept = opened.keepsTyped ? ` ${TYPED_KEPT}` : "";
      say(`${files[0].name} is read, and its texts are in your deck.${kept}`);
    } else if (opened.tables) {
      say(`${opened.tables.name} is read. Nothing has left this tab.`);
    } else {
      hideTables();
      await changed(opened);
      say(`${files[0].name} is read. Nothing has left this tab.`);
    }
  });
}

function showTables({ name, others, rows, prompts, columns: found, hasTexts, notes }) {
  const withOthers = others.length ? `, with ${others.join(" and ")}` : "";
  byId("table-about").textContent =
    `${name}${withOthers}: ${counted(rows, "candidate")} in ${counted(prompts, "prompt")}.`;
  byId("by-columns").disabled = found.length === 0;
  byId("by-style").disabled = !hasTexts;
  // Another table with the same columns is probably the same one mended: what was chosen stays.
  if (byId("table").hidden || found.join("\n") !== columns.join("\n")) {
    columns = found;
    byId("columns").replaceChildren(...found.map(columnChoice));
    byId("by-columns").checked = found.length > 0;
    byId("by-style").checked = found.length === 0;
  }
  listNotes(byId("table-notes"), notes);
  byId("table").hidden = false;
}

function columnChoice(name) {
  const box = element("input", { type: "checkbox", name: "column", value: name, checked: true });
  box.addEventListener("change", () => (byId("by-columns").checked = true));
  return element("label", {}, box, element("span", {}, name));
}

function hideTables() {
  byId("table").hidden = true;
  notes = [];
}

async function build() {
  const boxes = [...byId("columns").querySelectorAll("input:checked")];
  const chosen = byId("by-style").checked ? [] : boxes.map(({ value }) => value);
  if (chosen.length === 0 && !byId("by-style").checked) return complain("Choose at least one column.");
  say("Making the deck …");
  await attempt(async () => {
    const made = await ask("build", chosen.length === columns.length ? ["all"] : chosen);
    notes = ofTable(made);
    await changed(made);
    say(made.keepsTyped ? `${STANDARDISED} ${TYPED_KEPT}` : STANDARDISED);
    byId("deck-title").scrollIntoView();
  });
}

/** What was noticed on the way from the table. The check finds again what holds for the deck as it is. */
function ofTable({ notes: found, checked }) {
  const warnings = checked?.report?.warnings ?? [];
  return found.filter((note) => !warnings.includes(note));
}

/** Shows another deck, or the same with other dimensions or prompts. */
async function changed(summary) {
  const { deck } = summary;
  showSummary(summary);
  if (!deck) return;
  for (const name of FIELDS) byId(name).value = deck[name] ?? "";
  await editor.show(summary);
}

function showSummary({ deck, deletion, isKept, checked }) {
  byId("deck").hidden = !deck;
  if (!deck) return;
  byId("undo").hidden = !deletion;
  byId("undo").textContent = `Bring back ${deletion}`;
  byId("kept").textContent = isKept
    ? "Kept in this browser until you delete it, also when you close this page."
    : isKept === false
      ? "This browser keeps nothing for this page. Download the deck before you leave."
      : "";
  showChecked(checked, notes, (path) => attempt(() => editor.goTo(path)));
  byId("try").disabled = !checked || checked.flaw !== undefined;
  byId("try-about").textContent = checked?.flaw ? "A deck can be tried once it is valid." : TRY;
}

async function download() {
  const href = URL.createObjectURL(await ask("file"));
  element("a", { href, download: `${byId("id").value || "deck"}.json` }).click();
  // Some browsers start to read it after the click.
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
  say("Saved to your downloads.");
}

/** Shows a quiz about the deck as it is now. */
async function tryDeck() {
  const { deck, tried, all } = await ask("tried");
  const { init } = await import("./pkg/element-slim.js");
  await init(new URL("./pkg/leaning.wasm", import.meta.url));
  const { markdown } = await import("./pkg/markdown.js");
  const quiz = element("leaning-quiz", { deck, storage: "memory", renderer: markdown });
  byId("quiz").replaceChildren(quiz);
  byId("try").textContent = "Begin again with the deck as it is now";
  say(tried < all ? `This tries the first ${tried} of ${all} prompts.` : "");
}

function listNotes(list, texts) {
  list.replaceChildren(...texts.map((text) => element("li", {}, text)));
}

/** Calls the worker, shows the deck that comes of it, and says so. A button that hides hands the focus to the next. */
function onClick(id, next, words, act, ...given) {
  byId(id).addEventListener("click", () =>
    attempt(async () => {
      const made = await ask(act, ...given);
      if (made.notes) notes = ofTable(made);
      await changed(made);
      if (byId(id).hidden) byId(next).focus({ preventScroll: true });
      say(words);
    }),
  );
}

onClick("undo", "add-prompt", "It is back.", "change", "undo");
onClick("add-dimension", "styled", "There is another dimension.", "change", "addDimension");
onClick("styled", "typed", "The scores are measured in the texts now.", "styled");
onClick("typed", "styled", "The scores can be typed now.", "typed");
byId("add-prompt").addEventListener("click", () =>
  attempt(async () => {
    showSummary(await ask("change", "addPrompt"));
    await editor.showLast();
  }),
);
byId("write").addEventListener("click", () =>
  attempt(async () => {
    hideTables();
    await changed(await ask("write"));
    say("Write your dimensions and prompts below.");
    byId("title").focus();
  }),
);
byId("example").addEventListener("click", () =>
  attempt(async () => {
    const names = ["places.csv", "prompts.csv"];
    const files = names.map(async (name) => {
      const response = await fetch(`decks/weekend/${name}`);
      if (!response.ok) throw new Error(`${name} could not be loaded. Check your connection.`);
      return new File([await response.blob()], name);
    });
    await openFiles(await Promise.all(files));
  }),
);
byId("clear").addEventListener("click", () =>
  attempt(async () => {
    await changed(await ask("clear"));
    hideTables();
    byId("quiz").replaceChildren();
    say("The deck is deleted from this device. ");
    const bringBack = element("button", { type: "button" }, "Bring it back");
    bringBack.addEventListener("click", () =>
      attempt(async () => {
        await changed(await ask("unclear"));
        say("The deck is back.");
        byId("title").focus();
      }),
    );
    byId("said").append(bringBack);
    bringBack.focus();
  }),
);
byId("build").addEventListener("click", build);
byId("download").addEventListener("click", () => attempt(download));
byId("try").addEventListener("click", () => attempt(tryDeck));
byId("file").addEventListener("change", async ({ target }) => {
  await openFiles([...target.files]);
  // The same file may be chosen again.
  target.value = "";
});
for (const name of FIELDS)
  byId(name).addEventListener("input", ({ target }) => attempt(() => ask("set", [name], target.value)));

document.addEventListener("dragover", (event) => {
  event.preventDefault();
  byId("drop").classList.add("over");
});
document.addEventListener("dragleave", ({ relatedTarget }) => {
  if (!relatedTarget) byId("drop").classList.remove("over");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  byId("drop").classList.remove("over");
  openFiles([...event.dataTransfer.files]);
});

await attempt(async () => changed(await ask("restore")));
isReady = true;
document.querySelector("main").setAttribute("aria-busy", "false");
