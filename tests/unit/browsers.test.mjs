// The oldest browsers that docs/using.md names have everything that the package as built needs, by the data of
// https://github.com/mdn/browser-compat-data. A build that comes to need more fails here.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "acorn";
import { full } from "acorn-walk";
import * as cssTree from "css-tree";

const data = createRequire(import.meta.url)("@mdn/browser-compat-data");
const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path) => readFileSync(at(path), "utf8");

/** Everything works from these on. */
const LOWEST = { chrome: 96, firefox: 101, safari: 16.4 };
/** Colors and borders are the elements' own from these on. */
const LOOKS = { chrome: 123, firefox: 120, safari: 17.5 };

/** The features of wasm that our modules use: wasm-opt's name, and that of the data. */
const WASM = {
  "bulk-memory": "bulk-memory-operations",
  multivalue: "multi-value",
  "nontrapping-float-to-int": "non-trapping-float-to-int-conversions",
  "reference-types": "reference-types",
  "sign-ext": "sign-extension-operations",
};

/** Newer names that are used where they are there. */
const GUARDED = [
  ...["OffscreenCanvas", "Segmenter", "canShare", "checkVisibility", "detached", "dispose", "segment"],
  ...["share", "states"],
];
/** Old properties, mostly our own, that have the names of newer ones of browsers. */
const OTHERS = [
  ...["actions", "confidence", "currentView", "em", "font", "image", "memory", "number", "percent"],
  ...["silent", "tag"],
];

/** CSS without which the looks differ by a little. */
const ORNAMENTS = [
  ...["accent-color", "field-sizing", "forced-color-adjust", "overscroll-behavior", "print-color-adjust"],
  "text-decoration: dotted",
  // The parts of sliders, which each engine names in its own way.
  ...["::-moz-range-thumb", "::-moz-range-track"],
  ...["::-webkit-slider-runnable-track", "::-webkit-slider-thumb"],
  // Themes have a border for the state.
  ":state",
];

/** The version of a browser that a feature came with. */
function since({ support }, browser) {
  const versions = [support[browser] ?? []]
    .flat()
    .filter(({ flags, prefix, alternative_name, version_added, version_removed }) => {
      return !flags && !prefix && !alternative_name && !version_removed && typeof version_added === "string";
    })
    .map(({ version_added }) => Number.parseFloat(version_added.replace("≤", "")));
  return Math.min(...versions);
}

const isIn = (feature, browsers) =>
  Object.entries(browsers).every(([browser, version]) => since(feature.__compat, browser) <= version);

/** Whether a module is valid with no more than these features of wasm. */
function isValid(module, features) {
  const enabled = features.map((feature) => `--enable-${feature}`);
  const { status, error } = spawnSync(
    process.execPath,
    [at("node_modules/binaryen/bin/wasm-opt"), ...["-", "--mvp-features", ...enabled, "-o", "-"]],
    { input: module, maxBuffer: 1 << 28 },
  );
  assert.ifError(error);
  return status === 0;
}

test("the documents name these versions", () => {
  const named = ({ chrome, firefox, safari }) => `Chrome ${chrome}, Firefox ${firefox} and Safari ${safari}`;
  assert.ok(read("README.md").includes(named(LOWEST)));
  for (const browsers of [LOWEST, LOOKS]) assert.ok(read("docs/using.md").includes(named(browsers)));
});

test("the wasm modules use just the features that the oldest browsers have", () => {
  const inScript = read("pkg/style.js").match(/AGFzbQ[\w+/]+=*/)[0];
  for (const [name, module] of [
    ["leaning.wasm", readFileSync(at("pkg/leaning.wasm"))],
    ["style.js", Buffer.from(inScript, "base64")],
  ])
    assert.ok(isValid(module, Object.keys(WASM)), name);
  for (const feature of Object.values(WASM)) assert.ok(isIn(data.webassembly[feature], LOWEST), feature);
});

test("the module that tells whether a browser will do needs each of these features", () => {
  const [text] = read("js/supported.ts").match(/AGFzbQ[\w+/]+=*/);
  const module = Buffer.from(text, "base64");
  const all = Object.keys(WASM);
  assert.ok(WebAssembly.validate(module));
  assert.ok(isValid(module, all));
  for (const feature of all) {
    const others = all.filter((other) => other !== feature);
    assert.ok(!isValid(module, others), feature);
  }
});

test("the scripts are ECMAScript 2022, and call nothing that the oldest browsers lack", () => {
  /** Whether an interface that is old enough has a member of this name that is, too. New ones are found by their own names. */
  const members = new Map();
  const globals = new Map();
  const note = (features) => {
    for (const [name, feature] of Object.entries(features)) {
      if (!feature.__compat || name === "__compat") continue;
      const plain = name.replace(/_(static|event)$/, "");
      members.set(plain, members.get(plain) || isIn(feature, LOWEST));
    }
  };
  const { builtins } = data.javascript;
  for (const [name, feature] of Object.entries({ ...data.api, ...builtins })) {
    const isOld = !feature.__compat || isIn(feature, LOWEST);
    globals.set(name, isOld);
    if (isOld) note(feature);
  }
  for (const feature of Object.values(builtins.Intl)) if (feature.__compat) note(feature);

  const found = new Set();
  for (const file of readdirSync(at("pkg")).filter((name) => name.endsWith(".js"))) {
    full(parse(read(`pkg/${file}`), { ecmaVersion: 2022, sourceType: "module" }), (node) => {
      if (node.type === "Identifier" && globals.get(node.name) === false) found.add(node.name);
      if (node.type !== "MemberExpression" || node.computed) return;
      const { name } = node.property;
      // Units of CSS are functions there, such as `CSS.s`, and letters are names that are made short.
      if (name.length > 1 && members.get(name) === false) found.add(name);
    });
  }
  assert.deepEqual([...found].sort(), [...GUARDED, ...OTHERS].sort());
});

test("the style sheets need nothing that is newer than the looks' browsers, but for ornaments", () => {
  const { properties, selectors, types, "at-rules": atRules } = data.css;
  const functions = { ...types, ...types.color, ...types.image, ...types.gradient };
  const found = new Set();
  const check = (name, feature) => {
    if (feature?.__compat && !isIn(feature, LOOKS)) found.add(name);
  };
  for (const file of sheets("js")) {
    cssTree.walk(cssTree.parse(read(file), { parseCustomProperty: true }), (node) => {
      const { type, name, property } = node;
      if (type === "Function") check(`${name}()`, functions[name]);
      if (type === "Atrule") check(`@${name}`, atRules[name]);
      if (type === "NestingSelector") check("&", selectors.nesting);
      if (type === "PseudoClassSelector") check(`:${name}`, selectors[name]);
      if (type === "PseudoElementSelector") check(`::${name}`, selectors[name]);
      const known = type === "Declaration" && properties[property];
      if (!known) return;
      check(property, known);
      if (found.has(property)) return;
      cssTree.walk(node.value, (word) => {
        if (word.type === "Identifier") check(`${property}: ${word.name}`, known[word.name]);
      });
    });
  }
  assert.deepEqual([...found].sort(), [...ORNAMENTS].sort());
});

/** The style sheets below a folder. */
function sheets(folder) {
  return readdirSync(at(folder), { recursive: true })
    .filter((name) => name.endsWith(".css"))
    .map((name) => `${folder}/${name}`);
}
