// Pictures of every state of the widget and every page, in every look, for people to look at:
// `cargo xtask screenshots [FOLDER] [STATE…]`.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SITE, startGateway } from "../program.mjs";
import { BROWSERS, serve } from "./harness.mjs";
import { relay } from "./relay.mjs";
import { reach, STATES, statePage } from "./states.mjs";

const [folder, ...chosen] = process.argv.slice(2);

/** Each look has the window's width and perhaps height, and settings of the page or of the browser. `text` is the size of all text. */
const LOOKS = {
  wide: { width: 1200 },
  phone: { width: 360, height: 640 },
  tall: { width: 360, height: 740 },
  large: { width: 360, height: 740, text: "200%" },
  "dark-on-light": { width: 800, theme: "dark" },
  "light-on-dark": { width: 800, media: { "prefers-color-scheme": "dark" }, theme: "light" },
  dark: { width: 800, media: { "prefers-color-scheme": "dark" } },
  rtl: { width: 800, language: "ar", direction: "rtl" },
  forced: { width: 800, media: { "forced-colors": "active", "prefers-color-scheme": "dark" } },
};

const HEIGHT = 800;

/** A page may have a script, which brings it to what is to be seen. */
const PAGES = {
  "page-quiz": { path: "/" },
  "page-ranking": { path: "/", script: 'await answer("leaning-quiz", 8);' },
  "page-chat": { path: "/chat.html" },
  "page-chat-growing": {
    path: "/chat.html",
    script: `document.querySelector("#suggestions button").click();`,
  },
  "page-chat-asking": { path: "/chat.html", script: "await send();" },
  "page-chat-way": {
    path: "/chat.html",
    script: `await answer("leaning-profile", 8);
      document.querySelector("#way").open = true;
      document.querySelector("#way-told").click();
      await send();
      while (document.querySelector("#asking").hidden) await pause();`,
  },
  "page-chat-another": {
    path: "/chat.html",
    script: `await send();
      await document.querySelector("leaning-compare").ask([]);
      while (document.querySelector("#asking").hidden) await pause();
      document.querySelector(".actions button").click();`,
  },
  "page-chat-answered": {
    path: "/chat.html",
    // Drafts that give way to none are dismissed.
    script: `await answer("leaning-profile", 6);
      for (let turn = 0; turn < 2; turn++) {
        await send();
        await document.querySelector("leaning-compare").ask([]);
        while (document.querySelector("#asking").hidden) await pause();
      }
      document.querySelector("#example").click();`,
  },
};

/** Functions for the scripts of the pages. */
const FUNCTIONS = `
  const pause = () => new Promise((resolve) => setTimeout(resolve, 500));
  const answer = async (element, count) => {
    const { interview } = document.querySelector(element);
    for (let i = 0; i < count && interview.next(); i++) await interview.answer({ chose: i % 3 === 1 ? 1 : 0 });
  };
  const send = async () => {
    document.querySelector("#suggestions button").click();
    do await pause();
    while (document.querySelector(".growing"));
  };`;

mkdirSync(folder, { recursive: true });
const extra = {};
for (const [look, settings] of Object.entries(LOOKS)) {
  for (const [state, shown] of Object.entries(STATES))
    extra[`/${state}-${look}.html`] = statePage(shown, settings);
}
const gateway = await startGateway("--stand-in", ...SITE);
const api = relay(() => gateway.url);
const site = await serve({ ...extra, "/v1/models": api, "/v1/chat/completions": api });
const driver = await BROWSERS.chromium();
const devtools = (command, parameters = {}) => driver.sendAndGetDevToolsCommand(command, parameters);

try {
  const wanted = (name) => chosen.length === 0 || chosen.some((part) => name.includes(part));
  for (const [look, { width, height = HEIGHT, media = {} }] of Object.entries(LOOKS)) {
    const features = Object.entries(media).map(([name, value]) => ({ name, value }));
    await devtools("Emulation.setEmulatedMedia", { features });
    await devtools("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: width < 500,
    });
    const states = Object.keys(STATES).map((state) => [state, { path: `/${state}-${look}.html` }]);
    for (const [state, { path, script }] of [...states, ...Object.entries(PAGES)]) {
      const name = `${state}-${look}`;
      if (!wanted(name)) continue;
      if (!(state in STATES))
        await driver.get(`${site.url}/icon.svg`).then(() => driver.executeScript("localStorage.clear()"));
      await driver.get(site.url + path);
      if (state in STATES) await reach(driver, STATES[state]);
      else await bring(script);
      await picture(name, width, height);
    }
  }
} finally {
  await driver.quit();
  await site.close();
  await gateway.end();
}
console.log(`The pictures are in ${folder}.`);

/** Waits for a page of the site, then runs its script. */
async function bring(script = "") {
  await driver.sleep(1200);
  const failed = await driver.executeAsyncScript(
    `const done = arguments[0];
    ${FUNCTIONS}
    (async () => { ${script} await pause(); })().then(() => done(), (error) => done(String(error)));`,
  );
  if (failed) throw new Error(failed);
}

async function picture(name, width, height) {
  const { cssContentSize } = await devtools("Page.getLayoutMetrics");
  const clip = { x: 0, y: 0, width, height: Math.ceil(cssContentSize.height), scale: 1 };
  // Without content beyond the viewport, the option would lay the page out for the window's width instead.
  const { data } = await devtools("Page.captureScreenshot", {
    captureBeyondViewport: clip.height > height,
    clip,
  });
  writeFileSync(join(folder, `${name}.png`), Buffer.from(data, "base64"));
  if (cssContentSize.width > width)
    console.log(`${name}: ${cssContentSize.width} px wide, which has to be scrolled`);
}
