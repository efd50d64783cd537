// From a document in Markdown to the HTML of its page, and to the parts that the search knows.

import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import GithubSlugger from "github-slugger";
import { Marked } from "marked";
import temml from "temml";
import { ROOT } from "./documents.mjs";

/** Links within the repository that the site has no page or file for stand as text. */
const WITHIN = /^(?![a-z]+:|#)/i;

/**
 * Renders a document. `all` are the documents of the site. Returns its `html`; its `headings` as `{ depth, id, text }`; its
 * `parts`, one for each heading, as `{ id, title, text }`; and the `files` of the repository that it needs beside it.
 */
export function render({ source, markdown, types }, all) {
  const pages = new Map(all.map((document) => [document.source, document.page]));
  const titles = new Map(all.map((document) => [document.source, document.title]));
  const slugger = new GithubSlugger();
  const headings = [];
  const parts = [];
  const files = new Set();

  const fileOf = (href) => posix.join(posix.dirname(source), href.split("#")[0]).replace(/\/$/, "");
  const resolve = (href) => {
    if (!WITHIN.test(href)) return href;
    const [, fragment] = href.split("#");
    const file = fileOf(href);
    const anchor = fragment ? `#${fragment}` : "";
    const page = pages.get(file);
    if (page) return `${page === "index.html" ? "./" : page}${anchor}`;
    if (/\.[a-z0-9]+$/.test(file) && existsSync(ROOT + file)) {
      if (file.startsWith("www/")) return `../${file.slice("www/".length)}${anchor}`;
      if (file.startsWith("docs/") && !file.endsWith(".mjs")) {
        files.add(file);
        return file.slice("docs/".length);
      }
    }
    if (!existsSync(ROOT + file)) throw new Error(`${source}: ${href} leads nowhere`);
    return null;
  };

  const linked = types && ((code) => withLinks(code, types));
  // On a code host a file's name tells more; here the page has a title.
  const isFileName = ([{ raw }], href) =>
    /(^|\/)(README\.md|README|[\w-]+\.md)$/.test(raw) && titles.has(fileOf(href));
  const titleOf = (href) => escaped(titles.get(fileOf(href)));

  const sized = (href) => {
    const { width, height } = size(ROOT + posix.join(posix.dirname(source), href));
    return `"${escaped(resolve(href))}" width="${width}" height="${height}"`;
  };
  /** A picture that is another one for people who want less motion. */
  const picture = (html) =>
    html
      .replace(/\bsrcset="([^"]+)"/g, (_, href) => `srcset=${sized(href)}`)
      .replace(/\bsrc="([^"]+)"/g, (_, href) => `src=${sized(href)}`);

  const renderer = {
    heading({ tokens, depth }) {
      const html = this.parser.parseInline(tokens);
      const text = plain(html);
      const id = slugger.slug(text);
      headings.push({ depth, id, text });
      const link =
        depth === 1 ? "" : ` <a class="anchor" href="#${id}" aria-label="Link to this section">#</a>`;
      return `<h${depth} id="${id}">${html}${link}</h${depth}>\n`;
    },
    link({ href, title, tokens }) {
      const target = resolve(href);
      const words = isFileName(tokens, href) ? titleOf(href) : this.parser.parseInline(tokens);
      if (target === null) return `<span class="source">${words}</span>`;
      return `<a href="${escaped(target)}"${title ? ` title="${escaped(title)}"` : ""}>${words}</a>`;
    },
    image({ href, text }) {
      return `<img src=${sized(href)} alt="${escaped(text)}" loading="lazy">`;
    },
    // A wide table scrolls by itself.
    table(token) {
      const cell = (kind) => (one, column) => {
        // A head without a word heads nothing.
        const [tag, scope] = kind === "th" && one.text !== "" ? ["th", ' scope="col"'] : ["td", ""];
        const align = ALIGNED[token.align[column]] ?? "";
        return `<${tag}${scope}${align}>${this.parser.parseInline(one.tokens)}</${tag}>`;
      };
      const row = (kind) => (cells) => `<tr>${cells.map(cell(kind)).join("")}</tr>`;
      // A table whose head is empty is a list of pairs.
      const isHeadless = token.header.every(({ text }) => text === "");
      const head = isHeadless ? "" : `<thead>${row("th")(token.header)}</thead>`;
      return `<div class="table"><table>${head}
<tbody>${token.rows.map(row("td")).join("\n")}</tbody></table></div>\n`;
    },
    code({ text, lang }) {
      const language = lang ? ` class="language-${escaped(lang)}"` : "";
      const written = lang === "ts" && linked ? linked(escaped(text)) : escaped(text);
      return `<pre><code${language}>${written}</code></pre>\n`;
    },
    html({ text }) {
      if (text.startsWith("<picture>")) return picture(text);
      return text.trimStart().startsWith("<!--") ? "" : escaped(text);
    },
  };
  const marked = new Marked({ gfm: true, renderer, extensions: [formula("block"), formula("inline")] });

  const tokens = marked.lexer(markdown);
  const html = marked
    .parser(tokens)
    .replace(/"#type:(\w+)"/g, (_, name) => `"#${headings.find(({ text }) => text === name).id}"`);
  // Once more for the search: the tokens between two headings are a part.
  const ids = [...headings];
  let isStarted = false;
  for (const token of tokens) {
    if (token.type === "heading") {
      const { id, text } = ids.shift();
      parts.push({ id, title: text, text: "" });
      isStarted = true;
    } else if (isStarted) {
      const text = plain(marked.parser([token]));
      parts.at(-1).text = `${parts.at(-1).text} ${text}`.trim();
    }
  }
  return { html, headings, parts, files };
}

const ALIGNED = { right: ' class="end"', center: ' class="center"' };

/** Formulas as a code host reads them: `$…$` within a line, `$$…$$` on lines of their own. */
function formula(level) {
  const isBlock = level === "block";
  const pattern = isBlock
    ? /^\$\$\n?(.+?)\n?\$\$(?:\n+|$)/s
    : /^\$(?![\s$])((?:\\.|[^$\n\\])*?[^\s\\]|\S)\$(?![\w$])/;
  return {
    name: `formula-${level}`,
    level,
    start: (text) => (isBlock ? text.match(/^\$\$/m) : text.match(/\$/))?.index,
    tokenizer(text) {
      const [raw, tex] = pattern.exec(text) ?? [];
      return raw && { type: `formula-${level}`, raw, tex };
    },
    renderer({ tex }) {
      const math = temml.renderToString(tex, { displayMode: isBlock, throwOnError: true });
      // A content security policy without inline styles would refuse these.
      const html = math.replace(/ style="[^"]*"/g, "");
      return isBlock ? `<p class="formula">${html}</p>\n` : html;
    },
  };
}

/** Code in which each of these names, outside of comments, leads to its heading. */
function withLinks(code, types) {
  const names = new RegExp(`\\b(${types.join("|")})\\b(?!["?]?:| [={])`, "g");
  const link = (name) => `<a href="#type:${name}">${name}</a>`;
  const parts = code.split(/(\/\*\*.*?\*\/)/s);
  return parts.map((part, i) => (i % 2 === 0 ? part.replace(names, link) : part)).join("");
}

/** The text of HTML. */
export function plain(html) {
  return html
    .replace(/ <a class="anchor".*?<\/a>/g, "")
    .replace(/<\/(?:p|li|td|th|tr|pre|h\d)>/g, " ")
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ")
    .trim();
}

export function escaped(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** The size of a picture in pixels, so that nothing moves when it arrives. */
function size(file) {
  const bytes = readFileSync(file);
  // A still picture without loss has both sizes in one number.
  if (bytes.toString("latin1", 8, 16) === "WEBPVP8L") {
    const sizes = bytes.readUInt32LE(21);
    return { width: 1 + (sizes & 0x3fff), height: 1 + ((sizes >> 14) & 0x3fff) };
  }
  // The extended format, which every moving picture has.
  if (bytes.toString("latin1", 8, 16) === "WEBPVP8X")
    return { width: 1 + bytes.readUIntLE(24, 3), height: 1 + bytes.readUIntLE(27, 3) };
  const [, , , width, height] = /viewBox="([\d.-]+) ([\d.-]+) ([\d.]+) ([\d.]+)"/.exec(bytes.toString());
  return { width, height };
}
