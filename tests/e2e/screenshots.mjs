// Pictures of every state of the widget and every page, in every look, for people to look at:
// `cargo xtask screenshots [FOLDER] [STATE…]`.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BROWSERS, serve } from "./harness.mjs";
import { reach, STATES, statePage } from "./states.mjs";

const [folder, ...chosen] = process.argv.slice(2);

/** Each look has the window's width, and settings of the page or of the browser. */
const LOOKS = {
  wide: { width: 1200 },
  phone: { width: 360 },
  dark: { width: 800, media: { "prefers-color-scheme": "dark" } },
  rtl: { width: 800, language: "ar", direction: "rtl" },
  forced: { width: 800, media: { "forced-colors": "active", "prefers-color-scheme": "dark" } },
};

const HEIGHT = 800;

const PAGES = { "page-quiz": "/", "page-chat": "/chat.html" };

mkdirSync(folder, { recursive: true });
const extra = {};
for (const [look, settings] of Object.entries(LOOKS)) {
  for (const [state, shown] of Object.entries(STATES))
    extra[`/${state}-${look}.html`] = statePage(shown, settings);
}
const site = await serve(extra);
const driver = await BROWSERS.chromium();
const devtools = (command, parameters = {}) => driver.sendAndGetDevToolsCommand(command, parameters);

try {
  const wanted = (name) => chosen.length === 0 || chosen.some((part) => name.includes(part));
  for (const [look, { width, media = {} }] of Object.entries(LOOKS)) {
    const features = Object.entries(media).map(([name, value]) => ({ name, value }));
    await devtools("Emulation.setEmulatedMedia", { features });
    await devtools("Emulation.setDeviceMetricsOverride", {
      width,
      height: HEIGHT,
      deviceScaleFactor: 1,
      mobile: width < 500,
    });
    const paths = Object.keys(STATES).map((state) => [state, `/${state}-${look}.html`]);
    for (const [state, path] of [...paths, ...Object.entries(PAGES)]) {
      const name = `${state}-${look}`;
      if (!wanted(name)) continue;
      await driver.get(site.url + path);
      if (state in STATES) await reach(driver, STATES[state]);
      else await driver.sleep(1200);
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
  // Without content beyond the viewport, the option would lay the page out for the window's width instead.
  const { data } = await devtools("Page.captureScreenshot", {
    captureBeyondViewport: clip.height > HEIGHT,
    clip,
  });
  writeFileSync(join(folder, `${name}.png`), Buffer.from(data, "base64"));
  if (cssContentSize.width > width)
    console.log(`${name}: ${cssContentSize.width} px wide, which has to be scrolled`);
}
