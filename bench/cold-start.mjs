// The time from navigation to the first question of the demo's page, with an empty cache and with a warm one.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { serve, until } from "../tests/e2e/harness.mjs";

const KEPT = { "cache-control": "max-age=3600" };
/** Notes when the element has its question. The script runs before those of the page. */
const NOTE = `addEventListener("leaning-ready", () => { window.ready = performance.now(); }, true);`;
const TIMES = `
  const [page] = performance.getEntriesByType("navigation");
  const end = (name) => performance.getEntriesByType("resource").find((entry) => entry.name.endsWith(name)).responseEnd;
  return { page: page.responseEnd, module: end("leaning.wasm"), deck: end("assistant-style-en.json"), ready: window.ready };`;

/** The files that a page may load, as `extra` pages that a browser may keep. */
function cacheable(root) {
  const pages = {};
  const add = (folder, at) => {
    for (const name of readdirSync(folder)) {
      const file = join(folder, name);
      if (statSync(file).isDirectory()) add(file, at);
      else if (!name.endsWith(".d.ts")) pages[at(file)] = { text: readFileSync(file), headers: KEPT };
    }
  };
  const url = (base) => (file) => `/${relative(base, file).split(sep).join("/")}`;
  add(join(root, "www"), url(join(root, "www")));
  add(join(root, "pkg"), url(root));
  return pages;
}

/** All times of both kinds of start in milliseconds after navigation began, one start after the other. */
export async function coldStart(root, start, starts) {
  const server = await serve(cacheable(root));
  const driver = await start();
  try {
    await driver.sendDevToolsCommand("Page.enable", {});
    await driver.sendDevToolsCommand("Page.addScriptToEvaluateOnNewDocument", { source: NOTE });
    const load = async () => {
      await driver.get(`${server.url}/index.html`);
      await until(driver, () => driver.executeScript("return Boolean(window.ready)"), "the first question");
      return driver.executeScript(TIMES);
    };
    // The browser's own start is no part of it.
    await load();
    const [empty, warm] = [[], []];
    for (let place = 0; place < starts; place++) {
      await driver.sendDevToolsCommand("Network.clearBrowserCache", {});
      empty.push(await load());
      // The browser keeps compiled code from the second load on.
      await load();
      warm.push(await load());
    }
    return { empty: medians(empty), warm: medians(warm) };
  } finally {
    await driver.quit();
    await server.close();
  }
}

function medians(rows) {
  const median = (numbers) => numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
  return Object.fromEntries(Object.keys(rows[0]).map((key) => [key, median(rows.map((row) => row[key]))]));
}
