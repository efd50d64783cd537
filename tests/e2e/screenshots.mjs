// Pictures of every state of the widget and every page, in every look, for people to look at:
// `cargo xtask screenshots [FOLDER] [STATE…]`.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BROWSERS, serve } from "./harness.mjs";

const [folder, ...chosen] = process.argv.slice(2);
const DECK = "decks/assistant-style-en.json";

/** Looks: the window's width, and what is set on the page or in the browser. */
const LOOKS = {
  wide: { width: 1200 },
  phone: { width: 360 },
  dark: { width: 800, media: { "prefers-color-scheme": "dark" } },
  rtl: { width: 800, language: "ar", direction: "rtl" },
  forced: { width: 800, media: { "forced-colors": "active", "prefers-color-scheme": "dark" } },
};

/** The first answers of a made-up person: the briefer of two, but not always. */
const ANSWER = `async (leaning, count) => {
  for (let i = 0; i < count; i++) {
    const question = leaning.next();
    if (!question) return;
    const [one, other] = question.candidates.map(({ text }) => text.length);
    if (i === 3) await leaning.answer("tie");
    else await leaning.answer({ chose: (one < other) === (i !== 5) ? 0 : 1 });
  }
}`;

const click = (action) => `inside().querySelector('[data-action="${action}"]').click();`;
const unfold = `for (const details of inside().querySelectorAll("details")) details.open = true;`;

/** What is shown: the element's tag with its attributes, and what is done with it then. */
const STATES = {
  "quiz-first": { tag: "leaning-quiz", attributes: 'max-questions="10"' },
  "quiz-middle": { tag: "leaning-quiz", attributes: 'max-questions="10"', script: `await answer(element.leaning, 5); ${unfold}` },
  "quiz-three": { tag: "leaning-quiz", attributes: 'choose="3" max-questions="6"' },
  "quiz-four": { tag: "leaning-quiz", attributes: 'choose="4" max-questions="6"', script: "await answer(element.leaning, 2)" },
  "quiz-done": { tag: "leaning-quiz", attributes: 'max-questions="8"', script: "await answer(element.leaning, 8)" },
  "quiz-forget": { tag: "leaning-quiz", attributes: 'max-questions="3"', script: `await answer(element.leaning, 3); ${click("restart")}` },
  "quiz-error": { tag: "leaning-quiz", deck: "decks/missing.json" },
  compare: {
    tag: "leaning-compare",
    script: `const { prompts } = await (await fetch("decks/chat.json")).json();
      element.ask(prompts[0].candidates);`,
  },
  "profile-empty": { tag: "leaning-profile" },
  profile: { tag: "leaning-profile", script: "await answer(element.leaning, 9)" },
  "profile-open": {
    tag: "leaning-profile",
    script: `await answer(element.leaning, 9); await element.leaning.state("warmth", 1.5); ${unfold} ${click("restart")}`,
  },
};

const PAGES = { "page-quiz": "/", "page-chat": "/chat.html", "page-profile": "/profile.html" };

const page = ({ language, direction }, { tag, attributes = "", deck = DECK }) => `<!doctype html>
<html lang="${language ?? "en"}"${direction ? ` dir="${direction}"` : ""}><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>${tag}</title><link rel="stylesheet" href="site.css"></head>
<body><main><${tag} deck="${deck}" storage="memory" seed="3" ${attributes}></${tag}></main>
<script type="module">
// The pictures are of what stands in the closed root: here it is open.
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) { return attach.call(this, { ...options, mode: "open" }); };
window.element = document.querySelector("${tag}");
window.ready = new Promise((resolve) => {
  for (const event of ["leaning-ready", "leaning-error"]) element.addEventListener(event, resolve);
});
await import("./pkg/element.js");
</script></body></html>`;

mkdirSync(folder, { recursive: true });
const extra = {};
for (const [look, settings] of Object.entries(LOOKS)) {
  for (const [state, shown] of Object.entries(STATES)) extra[`/${state}-${look}.html`] = page(settings, shown);
}
const site = await serve(extra);
const driver = await BROWSERS.chromium();
const devtools = (command, parameters = {}) => driver.sendAndGetDevToolsCommand(command, parameters);

try {
  const wanted = (name) => chosen.length === 0 || chosen.some((part) => name.includes(part));
  for (const [look, { width, media = {} }] of Object.entries(LOOKS)) {
    const features = Object.entries(media).map(([name, value]) => ({ name, value }));
    await devtools("Emulation.setEmulatedMedia", { features });
    await devtools("Emulation.setDeviceMetricsOverride", { width, height: 800, deviceScaleFactor: 1, mobile: width < 500 });
    const paths = Object.keys(STATES).map((state) => [state, `/${state}-${look}.html`]);
    for (const [state, path] of [...paths, ...Object.entries(PAGES)]) {
      const name = `${state}-${look}`;
      if (!wanted(name)) continue;
      await driver.get(site.url + path);
      if (state in STATES) {
        await driver.executeAsyncScript(
          `const done = arguments[0];
          const inside = () => element.shadowRoot;
          const answer = ${ANSWER};
          (async () => { await ready; ${STATES[state].script ?? ""} })().then(() => setTimeout(done, 150), (error) => done(String(error)));`,
        );
      } else {
        await driver.sleep(1200);
      }
      await picture(name, width);
    }
  }
} finally {
  await driver.quit();
  await site.close();
}
console.log(`The pictures are in ${folder}.`);

async function picture(name, width) {
  const { cssContentSize } = await devtools("Page.getLayoutMetrics");
  const clip = { x: 0, y: 0, width, height: Math.ceil(cssContentSize.height), scale: 1 };
  const { data } = await devtools("Page.captureScreenshot", { captureBeyondViewport: true, clip });
  writeFileSync(join(folder, `${name}.png`), Buffer.from(data, "base64"));
  if (cssContentSize.width > width) console.log(`${name}: ${cssContentSize.width} px wide, which has to be scrolled`);
}
