// Contrast of the default colors and of every theme, light and dark, by WCAG 2.2 AA.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

const read = (path) => readFileSync(new URL(`../../js/${path}`, import.meta.url), "utf8");
/** Pairs of a foreground and a background with their minimal contrast (SC 1.4.3 and 1.4.11). */
const PAIRS = [
  ["text", "surface", 4.5],
  ["text-muted", "surface", 4.5],
  ["accent", "surface", 4.5],
  ["on-accent", "accent", 4.5],
  ["text", "accent-soft", 4.5],
  ["accent", "accent-soft", 4.5],
  ["border", "surface", 3],
];

/** The two values of each variable, `light-dark(a, b)`, by name. */
function colours(css) {
  const found = css.matchAll(/--leaning-color-([\w-]+)[:,]\s*light-dark\((#\w+), (#\w+)\)/g);
  return Object.fromEntries([...found].map(([, name, light, dark]) => [name, { light, dark }]));
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(hex) {
  const digits =
    hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit) : hex.slice(1).match(/../g);
  const [red, green, blue] = digits.map((pair) => {
    const share = Number.parseInt(pair, 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** The pairs with too little contrast. */
function faint(palette) {
  return PAIRS.flatMap(([above, below, least]) =>
    ["light", "dark"].flatMap((scheme) => {
      const ratio = contrast(palette[above][scheme], palette[below][scheme]);
      return ratio < least ? [`${above} on ${below}, ${scheme}: ${ratio.toFixed(2)}`] : [];
    }),
  );
}

test("the contrast is that of the standard", () => {
  assert.equal(contrast("#fff", "#000"), 21);
  // From the standard's commentary: the lightest grey that passes on white.
  assert.ok(contrast("#767676", "#ffffff") >= 4.5 && contrast("#777777", "#ffffff") < 4.5);
});

const DEFAULTS = colours(read("element/base.css"));
const themes = readdirSync(new URL("../../js/themes/", import.meta.url));

test("a theme with a faint color is found", () => {
  assert.deepEqual(faint({ ...DEFAULTS, "text-muted": { light: "#aaa", dark: "#fff" } }), [
    "text-muted on surface, light: 2.32",
  ]);
});

test("the default colors and those of five themes have enough contrast", () => {
  assert.deepEqual(faint(DEFAULTS), []);
  assert.equal(themes.length, 5);
  for (const theme of themes) {
    const palette = colours(read(`themes/${theme}`));
    assert.deepEqual(Object.keys(palette).sort(), Object.keys(DEFAULTS).sort(), theme);
    assert.deepEqual(faint(palette), [], theme);
  }
});
