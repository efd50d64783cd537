// The search of the documents. What it needs is loaded when somebody first means to search, and then works offline.

/** The most results shown. */
const MOST = 12;
/** The characters of an excerpt, and those before the first word found. */
const [EXCERPT, BEFORE] = [140, 40];

const query = document.getElementById("query");
const results = document.getElementById("results");
const found = document.getElementById("found");

/** Titles count more than texts, and a word may be begun or misspelt. One letter, as in A/B, begins too many words. */
const HOW = {
  boost: { title: 4, page: 2 },
  prefix: (word) => word.length > 1,
  fuzzy: 0.15,
  combineWith: "AND",
};

let loading;
/** The index over all parts of the documents. */
function load() {
  loading ??= Promise.all([
    import("./docs/minisearch.js"),
    fetch(new URL("docs/search.json", import.meta.url)).then((response) => response.json()),
  ]).then(([{ default: MiniSearch }, { options, index }]) => MiniSearch.loadJSAsync(index, options));
  return loading;
}

async function search() {
  const words = query.value.trim();
  if (words === "") return close();
  let hits;
  try {
    hits = (await load()).search(words, HOW);
  } catch (error) {
    console.error(error);
    loading = undefined;
    found.textContent = "The search could not be loaded.";
    return;
  }
  // Something else was typed meanwhile.
  if (words !== query.value.trim()) return;
  const shown = hits.slice(0, MOST);
  found.textContent =
    hits.length === 0 ? "Nothing found" : hits.length === 1 ? "1 place" : `${hits.length} places`;
  results.replaceChildren(...shown.map(item));
  results.hidden = shown.length === 0;
}

function item({ id, title, page, text, terms }) {
  const link = document.createElement("a");
  link.href = new URL(`docs/${id}`, import.meta.url);
  link.append(title === page ? title : `${page}: ${title}`);
  const excerpt = document.createElement("span");
  excerpt.append(...marked(excerptOf(text, terms), terms));
  link.append(excerpt);
  const made = document.createElement("li");
  made.append(link);
  return made;
}

/** The text around the first of the words. */
function excerptOf(text, terms) {
  const place = text.search(wholeWords(terms));
  const first = Math.max(0, place - BEFORE);
  const start = first === 0 ? 0 : text.indexOf(" ", first) + 1;
  const end = start + EXCERPT < text.length ? text.lastIndexOf(" ", start + EXCERPT) : text.length;
  return `${start > 0 ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
}

/** The terms of the index where they are whole words: a search for A/B marks no letters within others. */
function wholeWords(terms) {
  const escaped = terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`(?<![\\p{L}\\p{N}])(${escaped.join("|")})(?![\\p{L}\\p{N}])`, "iu");
}

/** The text with the words in bold. */
function marked(text, terms) {
  return text.split(wholeWords(terms)).map((part, i) => {
    if (i % 2 === 0) return part;
    const bold = document.createElement("b");
    bold.textContent = part;
    return bold;
  });
}

function close() {
  results.hidden = true;
  found.textContent = "";
}

/** Moves the focus from the field through the links, and back to the field. */
function move(step) {
  const stops = [query, ...results.querySelectorAll("a")];
  const next = stops.indexOf(document.activeElement) + step;
  stops[Math.min(Math.max(next, 0), stops.length - 1)].focus();
}

// Parts that are wider than the text scroll by keys, too. Not every browser does that by itself.
const wide = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const node of document.querySelectorAll(".table, pre, .formula")) wide.observe(node);

const list = document.querySelector(".documents");
// Where there is room for it, the style sheet shows the list in any case.
const roomy = matchMedia("(width >= 60rem)");
const openList = () => {
  list.open = roomy.matches;
};
roomy.addEventListener("change", openList);
openList();
// A long list shows the page's own place in it.
list.scrollTop = list.querySelector("[aria-current]").offsetTop - list.offsetTop - list.clientHeight / 3;

query.addEventListener("focus", () => load().catch(() => (loading = undefined)), { once: true });
query.addEventListener("input", search);
query.addEventListener("click", search);
document.getElementById("search").addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Escape" && !results.hidden) {
    event.preventDefault();
    query.focus();
    close();
  } else if (event.key === "Enter" && event.target === query) {
    results.querySelector("a")?.click();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (results.hidden) search();
    else move(event.key === "ArrowDown" ? 1 : -1);
  }
});
document.addEventListener("pointerdown", ({ target }) => {
  if (!target.closest?.("search")) close();
});
document.getElementById("search").addEventListener("focusout", ({ relatedTarget }) => {
  if (relatedTarget && !relatedTarget.closest("search")) close();
});
results.addEventListener("click", close);
