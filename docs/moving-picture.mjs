// Makes docs/moving.webp, the picture of a whole quiz that README.md begins with: `node docs/moving-picture.mjs`, after
// `cargo xtask package`. It needs img2webp (Debian's package webp) and the variables that name the drivers, as the tests do.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BROWSERS, published, serve, unhurried, until } from "../tests/e2e/harness.mjs";

const OUT = fileURLToPath(new URL("moving.webp", import.meta.url));
const QUESTIONS = 6;
/** Milliseconds for which a question is seen, a touch, and the result. */
const [QUESTION, BUTTON, RESULT] = [1600, 500, 5000];
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Moving</title>
<link rel="stylesheet" href="/site.css">
<style>body { margin: 0; padding: 1rem; block-size: 100vh; box-sizing: border-box; overflow: hidden; }
#touch { position: fixed; inline-size: 3rem; block-size: 3rem; border-radius: 50%; background: #0b5d5080; translate: -50% -50%;
  border: 3px solid #fff; z-index: 1; }</style>
<div id="touch" hidden></div>
<script type="module" src="/pkg/element.js"></script>
<leaning-quiz deck="/decks/weekend.json" max-questions="${QUESTIONS}" storage="memory"></leaning-quiz>`;
/** Shows a touch on a button, or on the card that it belongs to. */
const TOUCH = `const card = arguments[0].closest(".candidate") ?? arguments[0];
  const { left, top, width, height } = card.getBoundingClientRect();
  const touch = document.getElementById("touch");
  touch.style.left = left + width / 2 + "px";
  touch.style.top = top + height * 0.55 + "px";
  touch.hidden = false;`;
/** How lively and comfortable each place is. Somebody who likes that answers. */
const LIVELY = new Map(
  JSON.parse(readFileSync(new URL("../www/decks/weekend.json", import.meta.url), "utf8")).prompts.flatMap(
    ({ candidates }) => candidates.map(({ text, scores }) => [text, scores[0] + scores[1]]),
  ),
);

const folder = mkdtempSync(join(tmpdir(), "leaning-moving-"));
const site = await serve({ ...published, "/moving.html": PAGE });
const driver = await BROWSERS.chromium({ width: 760, height: 600 });
const frames = [];
async function take(duration) {
  const file = join(folder, `${frames.length}.png`);
  writeFileSync(file, await driver.takeScreenshot(), "base64");
  frames.push(["-d", String(duration), file]);
}
try {
  await driver.get(`${site.url}/moving.html`);
  await until(
    driver,
    () => driver.executeScript("return Boolean(document.querySelector('leaning-quiz').interview)"),
    "the quiz",
  );
  const root = await (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot();
  const heading = async () => (await root.findElement({ css: "h2" })).getText();
  /** The button of the livelier of two places, or the first one of another kind of question. */
  async function livelier() {
    const cards = await root.findElements({ css: "button.choose" });
    const texts = await Promise.all(cards.map((card) => card.getText()));
    const scores = texts.map((words) => [...LIVELY].find(([text]) => words.includes(text))?.[1]);
    return cards[scores.indexOf(Math.max(...scores))] ?? root.findElement({ css: "button.option" });
  }
  for (let asked = 0; asked < QUESTIONS; asked++) {
    const question = await heading();
    await unhurried(driver);
    await take(QUESTION);
    const button = await livelier();
    await driver.executeScript(TOUCH, button);
    await take(BUTTON);
    await driver.executeScript("document.getElementById('touch').hidden = true");
    await button.click();
    await until(driver, async () => (await heading()) !== question, "the next question");
  }
  await unhurried(driver);
  await take(RESULT);
} finally {
  await driver.quit();
  await site.close();
}
execFileSync("img2webp", ["-loop", "0", "-lossy", "-q", "55", "-m", "6", ...frames.flat(), "-o", OUT]);
rmSync(folder, { recursive: true });
