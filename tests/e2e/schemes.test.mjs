// Light and dark on pages that say nothing about color schemes, as most do: what the browser prefers, what the element is
// told, and what a theme file paints have to go together.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { BROWSERS, OPEN_ROOTS, serve, until } from "./harness.mjs";

const FILES = readdirSync(new URL("../../js/themes/", import.meta.url)).map((file) => `/pkg/theme-${file}`);
const SCHEMES = {
  none: "",
  light: "color-scheme: light",
  dark: "color-scheme: dark",
  both: "color-scheme: light dark",
};
const THEMES = [null, "light", "dark"];

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title>${OPEN_ROOTS}
<body><leaning-quiz deck="decks/assistant-style-en.json" storage="memory" max-questions="2"></leaning-quiz>
<leaning-profile deck="decks/assistant-style-en.json" storage="memory"></leaning-profile>
<script type="module" src="/pkg/element.js"></script>`;

/** The lowest contrast of a text with what is behind it, and the colors of what is behind each frame. */
const MEASURE = `
  const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const paint = (colors) => {
    context.clearRect(0, 0, 1, 1);
    for (const color of colors) { context.fillStyle = color; context.fillRect(0, 0, 1, 1); }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (color) => {
    const [red, green, blue] = color.map((value) => value / 255).map((share) => share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  // What a page has below everything: white, unless the page itself is dark.
  const canvas = (() => {
    const scheme = getComputedStyle(document.documentElement).colorScheme;
    const dark = scheme === "dark" || (scheme === "light dark" && matchMedia("(prefers-color-scheme: dark)").matches);
    return dark ? "rgb(18, 18, 18)" : "rgb(255, 255, 255)";
  })();
  const behind = (element) => {
    const colors = [];
    for (let node = element; node; node = node.parentElement ?? node.getRootNode().host)
      colors.unshift(getComputedStyle(node).backgroundColor);
    return [canvas, ...colors];
  };
  let [worst, where] = [21, ""];
  for (const host of document.querySelectorAll("leaning-quiz, leaning-profile")) {
    for (const element of host.shadowRoot.querySelectorAll("*")) {
      const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if (!says || !element.checkVisibility() || element.closest("svg")) continue;
      const below = behind(element);
      const [one, other] = [paint(below), paint([...below, getComputedStyle(element).color])].map(luminance).sort((a, b) => a - b);
      const contrast = (other + 0.05) / (one + 0.05);
      if (contrast < worst) [worst, where] = [contrast, element.className + ": " + element.textContent.slice(0, 40)];
    }
  }
  const quiz = document.querySelector("leaning-quiz");
  return { worst, where, frame: paint(behind(quiz)), inside: paint(behind(quiz.shadowRoot.querySelector(".stage"))) };`;

for (const [name, start] of Object.entries(BROWSERS)) {
  for (const prefers of ["dark", "light"]) {
    describe(`color schemes in ${name}, for somebody who prefers ${prefers}`, () => {
      let site;
      let driver;
      before(async () => {
        site = await serve({ "/page.html": PAGE }, name);
        driver = await start({ prefers });
        await driver.get(`${site.url}/page.html`);
        await until(
          driver,
          () =>
            driver.executeScript("return document.querySelector('leaning-profile').interview !== undefined"),
          "the elements",
        );
      });
      after(async () => {
        await driver?.quit();
        await site?.close();
      });

      const put = (page, theme, file) =>
        driver.executeAsyncScript(
          `const [page, theme, href, done] = arguments;
          document.documentElement.style = page;
          for (const element of document.querySelectorAll("leaning-quiz, leaning-profile")) element.theme = theme;
          document.getElementById("theme")?.remove();
          if (!href) return done();
          const link = Object.assign(document.createElement("link"), { id: "theme", rel: "stylesheet", href });
          link.addEventListener("load", () => done());
          document.head.append(link);`,
          ...[SCHEMES[page], theme, file],
        );

      test("the browser prefers it", async () => {
        const holds = await driver.executeScript(
          `return matchMedia("(prefers-color-scheme: ${prefers})").matches`,
        );
        assert.equal(holds, true);
      });

      for (const page of Object.keys(SCHEMES)) {
        test(`every text can be read on a page of scheme ${page}, in each theme`, async () => {
          for (const file of ["", ...FILES]) {
            for (const theme of THEMES) {
              await put(page, theme, file);
              const { worst, where, frame, inside } = await driver.executeScript(MEASURE);
              const place = `${file || "no file"}, theme ${theme}`;
              assert.ok(worst >= 4.5, `${place}: ${worst.toFixed(1)} for ${where}`);
              if (file) assert.deepEqual(inside, frame, `${place}: the frame is as what it frames`);
            }
          }
        });
      }
    });
  }
}
