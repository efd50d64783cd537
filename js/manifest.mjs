// The custom-elements manifest, from the doc comments of the elements:
// https://github.com/webcomponents/custom-elements-manifest `node js/manifest.mjs FILE` writes it.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { create, ts } from "@custom-elements-manifest/analyzer";

/** The published module that defines the elements. */
const MODULE = "element.js";

const BASE = "element/base.ts";
/** Each element's class with its style sheet. */
const ELEMENTS = {
  "element/quiz/element.ts": "element/quiz/quiz.css",
  "element/compare/element.ts": "element/compare/compare.css",
  "element/profile/element.ts": "element/profile/profile.css",
};

/** The manifest as an object. */
export function manifest() {
  const paths = [BASE, ...Object.keys(ELEMENTS)];
  const modules = paths.map((path) => ts.createSourceFile(path, read(path), ts.ScriptTarget.ES2022, true));
  const analyzed = create({ modules, context: { dev: false } });
  const declarations = Object.entries(ELEMENTS).map(([path, styles]) => {
    const [declaration] = analyzed.modules.find((module) => module.path === path).declarations;
    const documented = [...variables("element/base.css"), ...variables(styles)];
    const first = ({ name }, place) => documented.findIndex((other) => other.name === name) === place;
    return published(declaration, documented.filter(first));
  });
  const exports = declarations.flatMap(({ name, tagName }) => [
    { kind: "js", name, declaration: { name, module: MODULE } },
    { kind: "custom-element-definition", name: tagName, declaration: { name, module: MODULE } },
  ]);
  return {
    schemaVersion: "1.0.0",
    readme: "",
    modules: [{ kind: "javascript-module", path: MODULE, declarations, exports }],
  };
}

/** A class as its users see it: without private members, and without the names of our files. */
function published(declaration, cssProperties) {
  const { members, superclass: _, ...rest } = declaration;
  const isPublic = ({ name, privacy, static: isStatic }) =>
    !privacy && !isStatic && !LIFECYCLE.includes(name) && !name.startsWith("#");
  const visible = { ...rest, members: members.filter(isPublic), cssProperties };
  return JSON.parse(JSON.stringify(visible, (key, value) => (key === "inheritedFrom" ? undefined : value)));
}

const LIFECYCLE = ["connectedCallback", "disconnectedCallback", "attributeChangedCallback"];

/**
 * The variables of a style sheet that are documented: `var(--leaning-name, default)` and the comment behind
 * it.
 */
function variables(path) {
  const declaration = /var\(\s*(--leaning-[\w-]+),\s*([^;]*?)\s*\); \/\* (.*) \*\/$/gm;
  const css = read(path);
  const found = [...css.matchAll(declaration)].map(([, name, value, description]) => {
    return { name, default: value.replace(/\s+/g, " "), description };
  });
  const undocumented = [...css.matchAll(/var\(\s*(--leaning-[\w-]+)/g)]
    .map(([, name]) => name)
    .filter((name) => !found.some((variable) => variable.name === name));
  if (undocumented.length > 0) throw new Error(`${path} has no comment behind ${undocumented.join(", ")}`);
  return found;
}

function read(path) {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

const [, script, file] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  if (!file) throw new Error("usage: node js/manifest.mjs FILE");
  writeFileSync(file, `${JSON.stringify(manifest(), null, 2)}\n`);
}
