// Makes the pictures that README.md begins with, of the demo's quiz: moving.webp, the whole of it, quiz.webp, a question, and
// result.webp. `node docs/pictures.mjs`, after `cargo xtask package`. It needs img2webp and cwebp (Debian's package webp) and the
// variables that name the drivers, as the tests do.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BROWSERS, published, serve, unhurried, until } from "../tests/e2e/harness.mjs";

const OUT = fileURLToPath(new URL(".", import.meta.url));
const QUESTIONS = 4;
/** The question that is a picture of its own. */
const PICTURED = 3;
/** Milliseconds for which a question is seen, a touch, and the result. */
const [QUESTION, TOUCH, RESULT] = [2400, 600, 6000];
/** The width of the page in its own pixels, and the number of pixels of a picture in each. */
const [WIDTH, DENSITY] = [900, 1];
/** The weights of somebody who answers: brief, plain and in lists. */
const WEIGHTS = { brevity: 1.2, structure: 1.2, playful: -1 };
/** From this difference on, it is much better. */
const MUCH = 1.5;
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Pictures</title>
<link rel="stylesheet" href="/site.css">
<style>body { max-inline-size: none; padding: 1rem; } leaning-quiz { min-block-size: 0; margin: 0; }
#touch { position: fixed; inline-size: 3rem; block-size: 3rem; border-radius: 50%; background: #f0a06ab0; translate: -50% -50%;
  border: 3px solid #fff; z-index: 1; }</style>
<div id="touch" hidden></div>
<script type="module">
import "/pkg/element.js";
import { markdown } from "/pkg/markdown.js";
document.querySelector("leaning-quiz").renderer = markdown;
</script>
<leaning-quiz deck="/decks/assistant-style-en.json" max-questions="${QUESTIONS}" storage="memory"></leaning-quiz>`;
/** Shows a touch on a button. */
const SHOW_TOUCH = `const { left, top, width, height } = arguments[0].getBoundingClientRect();
  const touch = document.getElementById("touch");
  touch.style.left = left + width * 0.8 + "px";
  touch.style.top = top + height * 0.7 + "px";
  touch.hidden = false;`;
const HIDE_TOUCH = "document.getElementById('touch').hidden = true";
/** The action of the button that somebody with these weights presses at the question that is shown. */
const ACTION = `const [weights, much] = arguments;
  const { interview } = document.querySelector("leaning-quiz");
  const rewards = interview.next().candidates.map(({ scores }) =>
    interview.dimensions.reduce((sum, { id }, j) => sum + (weights[id] ?? 0) * scores[j], 0));
  const difference = rewards[0] - rewards[1];
  return (Math.abs(difference) > much ? "much" : "slightly") + (difference > 0 ? "-0" : "-1");`;

const folder = mkdtempSync(join(tmpdir(), "leaning-pictures-"));
const site = await serve({ ...published, "/pictures.html": PAGE });
const driver = await BROWSERS.chromium();
const devtools = (command, parameters) => driver.sendAndGetDevToolsCommand(command, parameters);
const read = (script) => driver.executeScript(script);

/** Answers the whole quiz, and calls `see` at each step with how long it is seen and the number of the question. */
async function play(see) {
  await driver.get(`${site.url}/pictures.html`);
  await until(
    driver,
    () => read("return Boolean(document.querySelector('leaning-quiz').interview)"),
    "the quiz",
  );
  const root = await (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot();
  const heading = async () => (await root.findElement({ css: "h2" })).getText();
  for (let asked = 1; asked <= QUESTIONS; asked++) {
    const question = await heading();
    await unhurried(driver);
    await see(QUESTION, asked);
    const action = await driver.executeScript(ACTION, WEIGHTS, MUCH);
    const button = await root.findElement({ css: `[data-action="${action}"]` });
    await driver.executeScript(SHOW_TOUCH, button);
    await see(TOUCH);
    await read(HIDE_TOUCH);
    await button.click();
    await until(driver, async () => (await heading()) !== question, "the next question");
  }
  await unhurried(driver);
  await see(RESULT, "result");
}

/** The height of the whole page. */
const height = () => read("return Math.ceil(document.body.getBoundingClientRect().height)");

async function take(file, height) {
  const clip = { x: 0, y: 0, width: WIDTH, height, scale: 1 };
  const { data } = await devtools("Page.captureScreenshot", { clip });
  writeFileSync(file, data, "base64");
}

async function still(name, height) {
  const file = join(folder, `${name}.png`);
  await take(file, height);
  // Without loss, a page of text is smaller than with it.
  execFileSync("cwebp", ["-quiet", "-lossless", "-z", "9", file, "-o", join(OUT, `${name}.webp`)]);
}

const frames = [];
try {
  const size = { width: WIDTH, height: 900, deviceScaleFactor: DENSITY, mobile: false };
  await devtools("Emulation.setDeviceMetricsOverride", size);
  // The first time finds the height that nothing is cut off at.
  const heights = [];
  await play(async () => heights.push(await height()));
  const tallest = Math.max(...heights);
  await play(async (duration, at) => {
    const own = await height();
    if (own > tallest) throw new Error(`a picture of ${own} px is cut off at ${tallest}: run it again`);
    const file = join(folder, `${frames.length}.png`);
    await take(file, tallest);
    frames.push(["-d", String(duration), file]);
    if (at === PICTURED) await still("quiz", own);
    if (at === "result") await still("result", own);
  });
} finally {
  await driver.quit();
  await site.close();
}
const out = ["-o", join(OUT, "moving.webp")];
execFileSync("img2webp", [
  "-loop",
  "0",
  "-min_size",
  "-lossless",
  "-q",
  "100",
  "-m",
  "6",
  ...frames.flat(),
  ...out,
]);
rmSync(folder, { recursive: true });
