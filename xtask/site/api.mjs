// The API reference, made of the typings of the package as built: `apiReference` returns it as a document.

import { readFileSync } from "node:fs";
import { Node, Project, ts } from "ts-morph";
import { ROOT } from "./documents.mjs";

/** The entries in their order, each with a sentence about it. */
const ENTRIES = {
  "index.d.ts": ["leaning", "Interviews without the elements. The wasm module is inside."],
  "slim.d.ts": ["leaning/slim", "The same without the module: `init(url)` says where `leaning.wasm` is."],
  "element.d.ts": [
    "leaning/element",
    "The three elements, with the module inside. Importing it defines them. [element.md](element.md) lists their attributes, events, slots and parts.",
  ],
  "element-slim.d.ts": ["leaning/element-slim", "The elements without the module."],
  "markdown.d.ts": ["leaning/markdown", "A renderer for the elements, which shows texts as Markdown."],
  "style.d.ts": ["leaning/style", "Scores that are measured in the text."],
  "frame.d.ts": ["leaning/frame", "The page’s side of the [sealed frame](frame.md)."],
};
/** Classes whose members come from elsewhere in the browser, and stand in element.md. */
const IS_ELEMENT = /^Leaning(Quiz|Compare|Profile|Element)$/;

/** The reference as `{ markdown, types }`, with the names that have a heading. `folder` is the package as built. */
export function apiReference(folder) {
  const project = new Project({
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.esnext.disposable.d.ts"],
      types: [],
    },
  });
  const { version } = JSON.parse(readFileSync(`${ROOT}js/package.json`, "utf8"));
  const seen = new Set();
  const types = [];
  const chapters = Object.entries(ENTRIES).map(([file, [name, about]]) => {
    const exported = [...project.addSourceFileAtPath(`${folder}/${file}`).getExportedDeclarations()];
    const repeated = [];
    const entries = exported.flatMap(([key, declarations]) => {
      const [declaration] = declarations;
      if (seen.has(declaration)) {
        if (rank({ declarations }) < 2) repeated.push(key);
        return [];
      }
      seen.add(declaration);
      if (/^[A-Z]/.test(key)) types.push(key);
      return { key, declarations };
    });
    entries.sort((one, other) => rank(one) - rank(other) || one.key.localeCompare(other.key, "en"));
    const also = repeated.length
      ? `It also exports ${list.format(repeated.sort().map(code))} of the entries above, with their types.\n\n`
      : "";
    return `## \`${name}\`\n${about}\n\n${also}${entries.map(chapter).join("\n")}`;
  });
  const markdown = `# API reference
Version ${version}, made of the package’s typings. [Using the package](using.md#use-it-without-the-widget) shows the calls in
use.

${chapters.join("\n")}`;
  return { markdown, types };
}

const list = new Intl.ListFormat("en");
const code = (name) => `\`${name}\``;

/** Classes first, then functions, then the rest. */
function rank({ declarations: [declaration] }) {
  if (Node.isClassDeclaration(declaration)) return 0;
  return Node.isFunctionDeclaration(declaration) || Node.isVariableDeclaration(declaration) ? 1 : 2;
}

function chapter({ key, declarations }) {
  const [declaration] = declarations;
  const heading = `### \`${key}\`\n${comment(declaration)}`;
  if (Node.isClassDeclaration(declaration)) {
    if (IS_ELEMENT.test(key)) return `${heading}See [element.md](element.md).\n`;
    return `${heading}${declaration.getMembers().flatMap(member).join("\n")}`;
  }
  if (/typeof english/.test(declaration.getText()))
    return `${heading}The keys are those of the [messages](element.md#messages).\n`;
  return `${heading}${block(declarations.map(signature).join("\n"))}`;
}

/** A public member of a class, with its signature and comment. */
function member(node) {
  if (Node.isConstructorDeclaration(node) || node.hasModifier?.("private")) return [];
  const name = node.getName();
  if (name.startsWith("#")) return [];
  const isMethod = Node.isMethodDeclaration(node);
  const isOverload =
    isMethod &&
    node
      .getParent()
      .getInstanceMethods()
      .filter((one) => one.getName() === name).length > 1;
  if (isOverload && node.getParent().getInstanceMethod(name) !== node) return [];
  return `#### \`${name}${isMethod ? "()" : ""}\`\n${block(signature(node))}${comment(node)}`;
}

/** The comment of a declaration as Markdown. */
function comment(node) {
  const statement = Node.isVariableDeclaration(node) ? node.getVariableStatement() : node;
  const docs = statement?.getJsDocs?.() ?? [];
  const text = docs.at(-1)?.getDescription().trim() ?? "";
  return text ? `${text}\n\n` : "";
}

/** The declaration as in the typings, without what only the compiler reads. */
function signature(node) {
  if (
    Node.isInterfaceDeclaration(node) &&
    /\bwasm\./.test(
      node
        .getHeritageClauses()
        .map((clause) => clause.getText())
        .join(),
    )
  )
    return whole(node);
  const statement = Node.isVariableDeclaration(node) ? node.getVariableStatement() : node;
  return statement
    .getText()
    .replace(/^export (?:declare )?/, "")
    .replace(/^declare /, "")
    .replaceAll(/\bwasm\./g, "")
    .replaceAll(/^ {4}/gm, Node.isClassDeclaration(node.getParent()) ? "" : "$&");
}

/** An interface with what it takes from types that the package keeps to itself. */
function whole(node) {
  const properties = node
    .getType()
    .getProperties()
    .map((property) => {
      const [declaration] = property.getDeclarations();
      const lines = declaration
        .getText(true)
        .replaceAll(/\bwasm\./g, "")
        .split("\n");
      return lines
        .map((line, i) => (i === 0 ? `    ${line}` : `    ${line.replace(/^ {4}/, "")}`))
        .join("\n");
    });
  return `interface ${node.getName()} {\n${properties.join("\n")}\n}`;
}

/** A block of code, in which short comments have one line. */
const block = (text) => `\`\`\`ts\n${text.replace(/\/\*\*\n *\* (.*)\n *\*\//g, "/** $1 */")}\n\`\`\`\n`;
