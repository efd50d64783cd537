// `leaning/markdown`: a renderer that shows the texts of a deck as Markdown. The parser's tokens become DOM
// nodes, without a string of HTML in between. Tokens without a node of their own are shown as they were
// written.

import { Lexer, type MarkedToken, type Token, type Tokens } from "marked";
import { h } from "./element/dom.js";
import { expectString } from "./plain.js";

/** The schemes that links may have. Other links are shown as text. */
const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** The named character references that writers of Markdown need. */
const REFERENCES = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", "\u00a0"],
]);

/** Headings of a text are below those of the widget, which end at the third level. */
const HEADINGS = ["h4", "h5", "h6"] as const;

/**
 * The node that shows a Markdown text (CommonMark with GitHub's tables, strikethrough and task lists), for an
 * element's `renderer`. HTML is shown as text, images as their description, and links only with http, https
 * and mailto. A text runs nothing and fetches nothing.
 */
export function markdown(text: string): DocumentFragment {
  const given = expectString(text, "options", "text");
  const tokens = new Lexer({ gfm: true }).lex(given).filter(({ type }) => type !== "space" && type !== "def");
  const fragment = document.createDocumentFragment();
  const [first, ...others] = tokens;
  if (first?.type === "paragraph" && others.length === 0) {
    // A single paragraph is a phrase, which may stand in a heading.
    fragment.append(...inline(first.tokens));
  } else {
    // The widget keeps the line breaks of plain text.
    const layout = {
      whiteSpace: "normal",
      display: "grid",
      gap: "0.6em",
      gridTemplateColumns: "minmax(0, 1fr)",
    };
    fragment.append(styled(h("div", {}, blocks(tokens)), layout));
  }
  return fragment;
}

/** Sets styles one by one, which every content security policy allows, unlike the attribute. */
function styled<Styled extends HTMLElement>(element: Styled, styles: Partial<CSSStyleDeclaration>): Styled {
  Object.assign(element.style, styles);
  return element;
}

function blocks(tokens: Token[]): (Node | string)[] {
  return tokens.flatMap((token) => block(token as MarkedToken));
}

function block(token: MarkedToken): Node | string | (Node | string)[] {
  switch (token.type) {
    case "space":
    case "def":
      return [];
    case "paragraph":
      return h("p", {}, inline(token.tokens));
    // The text of an item in a list without paragraphs.
    case "text":
      return token.tokens ? inline(token.tokens) : decoded(token.text);
    case "heading":
      return h(HEADINGS[token.depth - 1] ?? "h6", {}, inline(token.tokens));
    case "blockquote": {
      const border = { margin: "0", paddingInlineStart: "0.75em", borderInlineStart: "3px solid" };
      return styled(h("blockquote", {}, blocks(token.tokens)), border);
    }
    case "list": {
      const start = token.ordered && token.start !== 1 ? token.start : undefined;
      const items = token.items.map((item) => h("li", {}, blocks(item.tokens)));
      // The widget's own lists have no padding. Screen readers announce a list only if it has bullets.
      return styled(h(token.ordered ? "ol" : "ul", { start }, items), {
        margin: "0",
        paddingInlineStart: "1.5em",
      });
    }
    case "checkbox":
      return checkbox(token);
    case "code":
      return styled(h("pre", { tabindex: "0" }, h("code", {}, token.text)), {
        margin: "0",
        overflowX: "auto",
      });
    case "hr":
      return styled(h("hr"), { inlineSize: "100%" });
    case "table":
      return table(token);
    default:
      return token.raw;
  }
}

function inline(tokens: Token[] = []): (Node | string)[] {
  return tokens.flatMap((token) => inlineNode(token as MarkedToken));
}

function inlineNode(token: MarkedToken): Node | string | (Node | string)[] {
  switch (token.type) {
    case "text":
      return token.tokens ? inline(token.tokens) : decoded(token.text);
    case "escape":
      return token.text;
    case "strong":
    case "em":
    case "del":
      return h(token.type, {}, inline(token.tokens));
    case "codespan":
      return h("code", {}, token.text);
    case "br":
      return h("br");
    case "image":
      return decoded(token.text);
    case "checkbox":
      return checkbox(token);
    case "link": {
      const href = safeUrl(decoded(token.href));
      if (!href) return inline(token.tokens);
      return h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, inline(token.tokens));
    }
    default:
      return token.raw;
  }
}

function checkbox({ checked }: Tokens.Checkbox): string {
  return checked ? "☑ " : "☐ ";
}

function table({ header, rows }: Tokens.Table): Node {
  const cell = (tag: "td" | "th", { tokens, align }: Tokens.TableCell) =>
    styled(h(tag, {}, inline(tokens)), {
      textAlign: align ?? "start",
      padding: "0.2em 0.6em",
      border: "1px solid",
    });
  const row = (tag: "td" | "th", cells: Tokens.TableCell[]) => {
    const children = cells.map((one) => cell(tag, one));
    return h("tr", {}, children);
  };
  const body = rows.map((cells) => row("td", cells));
  const grid = styled(h("table", {}, h("thead", {}, row("th", header)), h("tbody", {}, body)), {
    borderCollapse: "collapse",
  });
  return styled(h("div", { tabindex: "0" }, grid), { overflowX: "auto" });
}

/** The URL of a link, if it is absolute and its scheme is allowed. */
function safeUrl(href: string): string | null {
  try {
    const url = new URL(href);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Replaces character references, which the parser leaves for HTML to resolve. */
function decoded(text: string): string {
  const reference = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w+));/g;
  return text.replace(reference, (whole, decimal?: string, hexadecimal?: string, name?: string) => {
    if (name) return REFERENCES.get(name) ?? whole;
    const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hexadecimal ?? "", 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}
