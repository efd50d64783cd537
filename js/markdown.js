// `leaning/markdown`: a renderer that shows a deck's texts as Markdown. The parser's tokens become DOM nodes, one kind of
// token one kind of node; there is never a string of HTML, and what has no node of its own is shown as the text it is.

import { Lexer } from "marked";
import { h } from "./element/dom.js";

/** Where a link may lead. Everything else, such as javascript:, is shown without a link. */
const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** The references that writers of Markdown need; numeric ones are all known. */
const REFERENCES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/** Headings of a text stand below those of the widget, which end at the third level. */
const ABOVE = 3;

/**
 * The node that shows a Markdown text (CommonMark with GitHub's tables, strikethrough and task lists), for an element's
 * `renderer`. HTML in it is shown as text, images as their description: nothing is fetched because of a text.
 */
export function markdown(text) {
  const tokens = new Lexer({ gfm: true }).lex(text).filter(({ type }) => type !== "space" && type !== "def");
  const fragment = document.createDocumentFragment();
  // A single paragraph is a phrase, which may stand in a heading.
  if (tokens.length === 1 && tokens[0].type === "paragraph") {
    fragment.append(...inline(tokens[0].tokens));
    return fragment;
  }
  // The widget keeps the line breaks of plain text.
  const body = styled(h("div", {}, blocks(tokens)), { whiteSpace: "normal", display: "grid", gap: "0.6em", gridTemplateColumns: "minmax(0, 1fr)" });
  fragment.append(body);
  return fragment;
}

/** Set one by one, styles need no permission from a page's content security policy; an attribute would. */
function styled(element, styles) {
  Object.assign(element.style, styles);
  return element;
}

const BLOCKS = {
  space: () => [],
  def: () => [],
  paragraph: ({ tokens }) => h("p", {}, inline(tokens)),
  // Of a tight list, whose items hold no paragraphs.
  text: ({ tokens, text }) => (tokens ? inline(tokens) : decoded(text)),
  heading: ({ depth, tokens }) => h(`h${Math.min(depth + ABOVE, 6)}`, {}, inline(tokens)),
  blockquote: ({ tokens }) => {
    const border = { margin: "0", paddingInlineStart: "0.75em", borderInlineStart: "3px solid" };
    return styled(h("blockquote", {}, blocks(tokens)), border);
  },
  // The widget's own lists have no padding, and a screen reader hears of a list only where it has its bullets.
  list: ({ ordered, start, items }) => {
    const list = h(ordered ? "ol" : "ul", { start: ordered && start !== 1 ? start : undefined }, items.map((item) => h("li", {}, blocks(item.tokens))));
    return styled(list, { margin: "0", paddingInlineStart: "1.5em" });
  },
  checkbox: (token) => INLINE.checkbox(token),
  code: ({ text }) => styled(h("pre", { tabindex: "0" }, h("code", {}, text)), { margin: "0", overflowX: "auto" }),
  hr: () => styled(h("hr"), { inlineSize: "100%" }),
  table: ({ header, rows }) => {
    const cell = (tag) => ({ tokens, align }) =>
      styled(h(tag, {}, inline(tokens)), { textAlign: align ?? "start", padding: "0.2em 0.6em", border: "1px solid" });
    const row = (tag) => (cells) => h("tr", {}, cells.map(cell(tag)));
    const table = h("table", {}, h("thead", {}, row("th")(header)), h("tbody", {}, rows.map(row("td"))));
    return styled(h("div", { tabindex: "0" }, styled(table, { borderCollapse: "collapse" })), { overflowX: "auto" });
  },
};

const INLINE = {
  text: ({ tokens, text }) => (tokens ? inline(tokens) : decoded(text)),
  escape: ({ text }) => text,
  strong: ({ tokens }) => h("strong", {}, inline(tokens)),
  em: ({ tokens }) => h("em", {}, inline(tokens)),
  del: ({ tokens }) => h("del", {}, inline(tokens)),
  codespan: ({ text }) => h("code", {}, text),
  br: () => h("br"),
  image: ({ text }) => decoded(text),
  checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
  link: ({ href, tokens }) => {
    const url = safe(decoded(href));
    return url ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, inline(tokens)) : inline(tokens);
  },
};

// Whatever else a parser may come to know is shown as it was written.
const node = (table) => (token) => (Object.hasOwn(table, token.type) ? table[token.type](token) : token.raw);
const blocks = (tokens) => tokens.flatMap(node(BLOCKS));
const inline = (tokens) => tokens.flatMap(node(INLINE));

/** The address of a link, if it is whole and leads to where a link may. */
function safe(href) {
  try {
    const url = new URL(href);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function decoded(text) {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w+));/g, (whole, decimal, hexadecimal, name) => {
    if (name) return Object.hasOwn(REFERENCES, name) ? REFERENCES[name] : whole;
    const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hexadecimal, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}
