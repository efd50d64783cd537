// The page of a document.

import { escaped } from "./markdown.mjs";
import { navigation } from "./navigation.mjs";

/** A description for search engines is at most this long. */
const DESCRIPTION = 160;
/** A page with fewer headings of the second level than this also lists those of the third. */
const FEW = 3;

/** The page of a document. `all` are the documents in their order. Throws if a heading has the id of another part of the page. */
export function pageOf(document, content, all) {
  const text = textOf(document, content, all);
  const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  const repeated = ids.find((id, place) => ids.indexOf(id) !== place);
  if (repeated) throw new Error(`${document.page}: two parts of the page have the id ${repeated}`);
  return text;
}

function textOf(document, { html, headings, parts }, all) {
  const place = all.indexOf(document);
  const name = escaped(document.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'">
<meta name="viewport" content="width=device-width">
<meta name="description" content="${escaped(describe(parts))}">
<title>Leaning: ${name}</title>
<link rel="icon" href="../icon.svg">
<link rel="stylesheet" href="../site.css">
<link rel="stylesheet" href="../docs.css">
<script type="module" src="../docs.js"></script>
</head>
<body class="docs">
<header class="skip"><a href="#content">Skip to the text</a></header>
${navigation(`docs/${document.page}`)}
<div class="aside">
<search id="search">
<label for="query">Search the docs</label>
<input id="query" type="search" autocomplete="off" spellcheck="false" enterkeyhint="search">
<p id="found" role="status"></p>
<ol id="results" hidden></ol>
</search>
<details class="documents">
<summary>All pages</summary>
<nav aria-label="Documents">
${list(document, headings, all)}
</nav>
</details>
</div>
<main id="content" tabindex="-1">
${html}<nav class="turn" aria-label="Pages before and after">
${turn(all[place - 1], "Before", "prev")}
${turn(all[place + 1], "Next", "next")}
</nav>
</main>
</body>
</html>
`;
}

/** The documents by group, with the headings of the one that is shown. */
function list(shown, headings, all) {
  const groups = [...new Set(all.map(({ group }) => group))];
  const items = (group) =>
    all
      .filter((document) => document.group === group)
      .map((document) => item(document, document === shown ? headings : []));
  return groups.map((group) => `<h2>${group}</h2>\n<ul>\n${items(group).join("\n")}\n</ul>`).join("\n");
}

function item({ page, title }, headings) {
  const isShown = headings.length > 0;
  const href = page === "index.html" ? "./" : page;
  const link = `<a href="${href}"${isShown ? ' aria-current="page"' : ""}>${escaped(title)}</a>`;
  const isFew = headings.filter(({ depth }) => depth === 2).length < FEW;
  const within = headings.filter(({ depth }) => depth === 2 || (depth === 3 && isFew));
  const parts = within.map(({ id, text }) => `<li><a href="#${id}">${escaped(text)}</a></li>`);
  return `<li>${link}${parts.length > 0 ? `\n<ul>${parts.join("\n")}</ul>` : ""}</li>`;
}

function turn(document, word, rel) {
  if (!document) return "";
  const href = document.page === "index.html" ? "./" : document.page;
  return `<a rel="${rel}" href="${href}"><span>${word}</span> ${escaped(document.title)}</a>`;
}

/** The beginning of a document. */
export function describe(parts) {
  const { text } = parts.find(({ text }) => text !== "");
  if (text.length <= DESCRIPTION) return text;
  return `${text.slice(0, DESCRIPTION).replace(/\s+\S*$/, "")} …`;
}
