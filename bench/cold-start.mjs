// The time from navigation to the first question of the demo's page, with an empty cache and with a warm one, as it is
// and on a slow network and processor.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { serve, until } from "../tests/e2e/harness.mjs";

/** Files come compressed, as from any server of the web, and may be kept. */
const HEADERS = { "cache-control": "max-age=3600", "content-encoding": "br" };
/** A round trip takes this many milliseconds on the slow networks. */
export const ROUND_TRIP = 150;
/** Megabits a second. */
const SPEEDS = [9, 1.6];
/** On a slow network the processor is this many times as slow, too. */
export const SLOWDOWN = 4;

/** Notes when the module is compiled and when the element has its question. It runs before the scripts of the page. */
const NOTE = `
  addEventListener("leaning-ready", () => { window.ready = performance.now(); }, true);
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const result = await original(...given);
      window.compiled ??= performance.now();
      return result;
    };
  }`;
const TIMES = `
  const [page] = performance.getEntriesByType("navigation");
  const ends = (name) => performance.getEntriesByType("resource")
    .filter((entry) => entry.name.endsWith(name) && entry.responseEnd <= window.ready)
    .map((entry) => entry.responseEnd);
  return {
    page: page.responseEnd,
    scripts: Math.max(...ends(".js")),
    module: Math.max(...ends("leaning.wasm")),
    compiled: window.compiled,
    deck: Math.max(...ends("assistant-style-en.json")),
    ready: window.ready,
  };`;

/** The files that a page may load, as `extra` pages that a browser may keep. */
function cacheable(root) {
  const pages = {};
  const add = (folder, at) => {
    for (const name of readdirSync(folder)) {
      const file = join(folder, name);
      if (statSync(file).isDirectory()) add(file, at);
      else if (!name.endsWith(".d.ts"))
        pages[at(file)] = { text: brotliCompressSync(readFileSync(file)), headers: HEADERS };
    }
  };
  const url = (base) => (file) => `/${relative(base, file).split(sep).join("/")}`;
  add(join(root, "www"), url(join(root, "www")));
  add(join(root, "pkg"), url(root));
  return pages;
}

/** For each network the median times of both kinds of start, in milliseconds after navigation began. */
export async function coldStart(root, start, starts) {
  const server = await serve(cacheable(root));
  const driver = await start();
  try {
    await driver.sendDevToolsCommand("Page.enable", {});
    await driver.sendDevToolsCommand("Network.enable", {});
    await driver.sendDevToolsCommand("Page.addScriptToEvaluateOnNewDocument", { source: NOTE });
    const load = async () => {
      await driver.get(`${server.url}/index.html`);
      await until(driver, () => driver.executeScript("return Boolean(window.ready)"), "the first question");
      return driver.executeScript(TIMES);
    };
    // The browser's own start is no part of it.
    await load();
    const rows = [];
    for (const megabits of [null, ...SPEEDS]) {
      await slowDown(driver, megabits);
      const [empty, warm] = [[], []];
      for (let place = 0; place < starts; place++) {
        await driver.sendDevToolsCommand("Network.clearBrowserCache", {});
        empty.push(await load());
        // The browser keeps compiled code from the second load on.
        await load();
        warm.push(await load());
      }
      rows.push({ megabits, empty: medians(empty), warm: medians(warm) });
    }
    return rows;
  } finally {
    await driver.quit();
    await server.close();
  }
}

async function slowDown(driver, megabits) {
  const bytes = megabits === null ? -1 : (megabits * 1e6) / 8;
  await driver.sendDevToolsCommand("Network.emulateNetworkConditions", {
    offline: false,
    latency: megabits === null ? 0 : ROUND_TRIP,
    downloadThroughput: bytes,
    uploadThroughput: bytes,
  });
  const rate = megabits === null ? 1 : SLOWDOWN;
  await driver.sendDevToolsCommand("Emulation.setCPUThrottlingRate", { rate });
}

function medians(rows) {
  const median = (numbers) => numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
  return Object.fromEntries(Object.keys(rows[0]).map((key) => [key, median(rows.map((row) => row[key]))]));
}
