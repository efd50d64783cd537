// WCAG 2.2 AA as far as a machine can tell: axe-core in every state, theme, language and direction, targets of 44 px, and
// everything within reach at 320 px or with text twice as large.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { importSource } from "../../js/import-source.mjs";
import { BROWSERS, serve } from "./harness.mjs";
import { reach, STATES, statePage, translate } from "./states.mjs";

const { LANGUAGE_CODES } = await importSource("element/messages.ts");
const AXE = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** The themes, by their files in the package. */
const THEMES = readdirSync(new URL("../../js/themes/", import.meta.url)).map((file) => `/pkg/theme-${file}`);
const LANGUAGES = LANGUAGE_CODES.map((language) => ({
  language,
  direction: language === "ar" ? "rtl" : "ltr",
}));
const SCHEMES = ["light", "dark"];

const path = (state) => `/${state}.html`;
const pages = Object.fromEntries(Object.keys(STATES).map((state) => [path(state), statePage(STATES[state])]));
// The page loads it, since sending it through the driver hundreds of times would take longer than its work.
pages["/axe.js"] = { text: AXE, headers: { "cache-control": "max-age=600" } };

// A window cannot be made as narrow as a frame.
pages["/frame.html"] = `<!doctype html><title>frame</title><body style="margin: 0"><script>
const frame = document.createElement("iframe");
frame.src = location.search.slice(1);
frame.style = "width: 900px; height: 900px; border: 0";
document.body.append(frame);
</script>`;

/** Finds controls smaller than a fingertip, and the width by which the page has to be scrolled sideways. */
const MEASURE = `
  const small = [];
  for (const target of inside().querySelectorAll("button, summary, input, label.secondary-button")) {
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

    async function open(state) {
      await driver.get(`${site.url}/frame.html?${path(state)}`);
      await driver.switchTo().frame(0);
      await reach(driver, STATES[state]);
    }

    /** Sets a color scheme, and a theme if a file is given. */
    async function put(scheme, theme = "") {
      await driver.executeAsyncScript(
        `const [scheme, href, done] = arguments;
        element.theme = scheme;
        document.getElementById("theme")?.remove();
        if (!href) return done();
        const link = Object.assign(document.createElement("link"), { id: "theme", rel: "stylesheet", href });
        link.addEventListener("load", () => done());
        document.head.append(link);`,
        ...[scheme, theme],
      );
    }

    function resize(width, size) {
      const script =
        "frameElement.style.width = arguments[0]; document.documentElement.style.fontSize = arguments[1]";
      return driver.executeScript(script, width, size);
    }

    /** The violations that axe-core finds by these rules, each with its place. */
    function violations(runOnly = { type: "tag", values: RULES }) {
      return driver.executeAsyncScript(
        `const [runOnly, done] = arguments;
        (async () => {
          window.axe ?? await new Promise((resolve) => {
            const script = Object.assign(document.createElement("script"), { src: "/axe.js" });
            script.addEventListener("load", resolve);
            document.head.append(script);
          });
          const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"] });
          return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + " " + target.flat().join(" ") + ": " + failureSummary));
        })().then(done, (error) => done([String(error)]));`,
        runOnly,
      );
    }

    test("axe-core finds violations that are planted in the page and in the root", async () => {
      await open("quiz-first");
      await driver.executeScript(`
        document.querySelector("h1").remove();
        const image = document.createElement("img");
        image.src = "icon.svg";
        const pale = document.createElement("p");
        pale.style.color = "#ddd";
        pale.style.background = "#fff";
        pale.textContent = "pale";
        inside().append(image, pale, document.createElement("button"));`);
      const found = (await violations()).map((violation) => violation.split(" ")[0]);
      assert.deepEqual([...new Set(found)].sort(), [
        "button-name",
        "color-contrast",
        "image-alt",
        "page-has-heading-one",
      ]);
    });

    // In the other browsers one language for each direction is enough, since axe-core reads the same document.
    const languages =
      name === "chromium" ? LANGUAGES : LANGUAGES.filter(({ language }) => ["en", "ar"].includes(language));
    for (const state of Object.keys(STATES)) {
      test(`${state}: axe-core finds nothing, every target is 44 px high and wide, and nothing is out of reach at 320 px or with text twice as large, in ${languages.length} languages`, async () => {
        await open(state);
        const texts = new Set();
        for (const look of languages) {
          if (look.language !== "en") await translate(driver, STATES[state], look);
          texts.add(await driver.executeScript("return inside().querySelector('.stage').textContent"));
          assert.deepEqual(await violations(), [], look.language);
          for (const [width, size] of [
            ["320px", "100%"],
            ["640px", "200%"],
          ]) {
            await resize(width, size);
            const { small, wide } = await driver.executeScript(MEASURE);
            assert.deepEqual(small, [], `${look.language} at ${width}, ${size}`);
            assert.ok(wide <= 0, `${look.language} at ${width}, ${size} is ${wide} px too wide`);
          }
          await resize("900px", "100%");
        }
        assert.equal(texts.size, languages.length, "each language says something else");
      });
    }

    test(`in each of ${THEMES.length} themes and without, light and dark, axe-core finds enough contrast in every state`, {
      skip: name !== "chromium",
    }, async () => {
      for (const state of Object.keys(STATES)) {
        await open(state);
        for (const theme of ["", ...THEMES]) {
          for (const scheme of SCHEMES) {
            await put(scheme, theme);
            const found = await violations({ type: "rule", values: ["color-contrast"] });
            assert.deepEqual(found, [], `${state}, ${theme}, ${scheme}`);
          }
        }
      }
    });
  });
}
