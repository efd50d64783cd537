// Runs every suite for all browsers in one Firefox, since starting Firefox takes longer than most suites. `cargo xtask test`
// runs this beside the other browsers; `node --test tests/e2e/firefox-at-once.mjs` runs it alone.

import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

process.env.LEANING_BROWSERS = "firefox";
const { BROWSERS } = await import("./harness.mjs");

const start = BROWSERS.firefox;
let driver;
let quit = () => {};
BROWSERS.firefox = async ({ width = 1280, height = 900, ...own } = {}) => {
  // A profile or a network of its own takes a browser of its own.
  if (Object.keys(own).length > 0) return start({ width, height, ...own });
  if (!driver) {
    driver = await start();
    quit = driver.quit.bind(driver);
    driver.quit = async () => {};
  }
  await driver.manage().window().setRect({ width, height });
  return driver;
};

for (const name of readdirSync(new URL(".", import.meta.url))) {
  if (!name.endsWith(".test.mjs")) continue;
  const text = readFileSync(new URL(name, import.meta.url), "utf8");
  const isForAll = text.includes("Object.entries(BROWSERS)");
  const isForFirst = text.includes("Object.entries(FIRST_BROWSER)");
  if (isForAll || (isForFirst && process.env.LEANING_THOROUGH)) await import(`./${name}`);
}

test("Firefox ends", () => quit());
