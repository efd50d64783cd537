// WCAG 2.2 AA as far as a machine can tell: axe-core in every state, theme, language and direction, targets of 44 px, and
// nothing lost at 320 px or with text twice as large.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { CODES } from "../../js/element/messages.js";
import { BROWSERS, serve } from "./harness.mjs";
import { reach, STATES, statePage } from "./states.mjs";

const AXE = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** The finished themes, by their files in the package. */
const THEMES = readdirSync(new URL("../../js/themes/", import.meta.url)).map((file) => `/pkg/theme-${file}`);
/** States that between them show almost every text. */
const TELLING = ["quiz-middle", "quiz-done", "compare", "profile-open"];
const RTL = ["ar"];

/** Every look of every state that is tried: in English light and dark, and in every other language. */
const cases = [];
for (const state of Object.keys(STATES)) {
  for (const theme of ["light", "dark"]) cases.push({ state, theme, language: "en" });
}
for (const language of CODES.filter((code) => code !== "en")) {
  for (const state of Object.keys(STATES)) cases.push({ state, language, theme: "light", direction: RTL.includes(language) ? "rtl" : undefined });
}
const path = ({ state, theme, language, direction }) => `/${[state, theme, language, direction].filter(Boolean).join("-")}.html`;

const pages = Object.fromEntries(cases.map((look) => [path(look), statePage(STATES[look.state], look)]));

// A window cannot be made as narrow as a frame.
pages["/frame.html"] = `<!doctype html><title>frame</title><body style="margin: 0"><script>
const frame = document.createElement("iframe");
frame.src = location.search.slice(1);
frame.style = "height: 900px; border: 0";
document.body.append(frame);
</script>`;

/** What can be pressed or moved and is not as large as a fingertip, and whether the page has to be scrolled sideways. */
const MEASURE = `
  const small = [];
  for (const target of inside().querySelectorAll("button, summary, input, label.other")) {
    const { width, height } = target.getBoundingClientRect();
    const seen = target.checkVisibility({ visibilityProperty: true }) && getComputedStyle(target).clipPath === "none";
    if (seen && (width < 44 || height < 44)) small.push(target.outerHTML.slice(0, 80) + " " + width + " × " + height);
  }
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return { small, wide };`;

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`accessibility in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve(pages, name);
      driver = await start({ width: 900, height: 900 });
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    async function open(look) {
      await driver.get(site.url + path(look));
      await reach(driver, STATES[look.state]);
    }

    /** What axe-core finds wrong by these rules, each with where. */
    async function violations(runOnly = { type: "tag", values: RULES }) {
      await driver.executeScript(AXE);
      return driver.executeAsyncScript(
        `const [runOnly, done] = arguments;
        axe.run(document, { runOnly, resultTypes: ["violations"] }).then(
          ({ violations }) => done(violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + " " + target.flat().join(" ") + ": " + failureSummary))),
          (error) => done([String(error)]),
        );`,
        runOnly,
      );
    }

    test("axe-core sees into the root: what is planted there is found", async () => {
      await open(cases[0]);
      await driver.executeScript(`
        const image = document.createElement("img");
        image.src = "icon.svg";
        const pale = document.createElement("p");
        pale.style.color = "#ddd";
        pale.style.background = "#fff";
        pale.textContent = "pale";
        inside().append(image, pale, document.createElement("button"));`);
      const found = (await violations()).map((violation) => violation.split(" ")[0]);
      assert.deepEqual([...new Set(found)].sort(), ["button-name", "color-contrast", "image-alt"]);
    });

    // In the other browsers the telling states are enough: what axe-core reads there is the same document.
    const tried = name === "chromium" ? cases : cases.filter(({ state, language }) => TELLING.includes(state) && ["en", "ar"].includes(language));
    test(`axe-core finds nothing in ${tried.length} looks`, async () => {
      for (const look of tried) {
        await open(look);
        assert.deepEqual(await violations(), [], path(look));
      }
    });

    test(`in each of ${THEMES.length} themes, light and dark, axe-core finds enough contrast in every state`, { skip: name !== "chromium" }, async () => {
      const put = (theme, scheme) =>
        driver.executeAsyncScript(
          `const [href, scheme, done] = arguments;
          element.theme = scheme;
          document.documentElement.style.colorScheme = scheme;
          document.getElementById("theme")?.remove();
          const link = Object.assign(document.createElement("link"), { id: "theme", rel: "stylesheet", href });
          link.addEventListener("load", () => done());
          document.head.append(link);`,
          theme,
          scheme,
        );
      for (const state of Object.keys(STATES)) {
        await open(cases.find((look) => look.state === state));
        for (const theme of THEMES) {
          for (const scheme of ["light", "dark"]) {
            await put(theme, scheme);
            const found = await violations({ type: "rule", values: ["color-contrast"] });
            assert.deepEqual(found, [], `${state}, ${theme}, ${scheme}`);
          }
        }
      }
    });

    test("every target is 44 px high and wide, and nothing out of reach at 320 px or with text twice as large", async () => {
      for (const look of tried.filter(({ theme, state, language }) => theme === "light" && (language === "en" || TELLING.includes(state)))) {
        await driver.get(`${site.url}/frame.html?${path(look)}`);
        await driver.switchTo().frame(0);
        await reach(driver, STATES[look.state]);
        for (const [width, size] of [["320px", "100%"], ["640px", "200%"]]) {
          await driver.executeScript(
            "frameElement.style.width = arguments[0]; document.documentElement.style.fontSize = arguments[1]",
            ...[width, size],
          );
          const { small, wide } = await driver.executeScript(MEASURE);
          assert.deepEqual(small, [], `${path(look)} at ${width}, ${size}`);
          assert.ok(wide <= 0, `${path(look)} at ${width}, ${size} is ${wide} px too wide`);
        }
      }
    });
  });
}
