// The time from navigation to the first question of the demo's page, with an empty cache and with a warm one, as it is
// and on a slow network and processor.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createSecureServer } from "node:http2";
import { extname, join, relative, sep } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { TYPES, until } from "../tests/e2e/harness.mjs";

/** For this machine's names, with its key. */
const CERTIFICATE = readFileSync(new URL("../tests/e2e/listener.pem", import.meta.url));
/**
 * Servers by what they speak. Browsers speak HTTP/2 over TLS alone, and Chromium keeps no file from a server whose
 * certificate it does not know, so that there is no warm start.
 */
const SERVERS = {
  "HTTP/1.1": { scheme: "http", keeps: true, listener: createServer },
  "HTTP/2": {
    scheme: "https",
    keeps: false,
    listener: (answer) => createSecureServer({ key: CERTIFICATE, cert: CERTIFICATE }, answer),
  },
};
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

/** The files that a page may load, by path and compressed, as any server of the web has them. */
function files(root) {
  const found = new Map();
  const add = (base, folder, prefix) => {
    for (const name of readdirSync(folder)) {
      const file = join(folder, name);
      const path = prefix + relative(base, file).split(sep).join("/");
      if (statSync(file).isDirectory()) add(base, file, prefix);
      else if (!name.endsWith(".d.ts")) found.set(path, brotliCompressSync(readFileSync(file)));
    }
  };
  add(join(root, "www"), join(root, "www"), "/");
  add(join(root, "pkg"), join(root, "pkg"), "/pkg/");
  return found;
}

/** Serves the site's files, which browsers may keep. */
async function serve({ scheme, listener }, found) {
  const server = listener(({ url }, response) => {
    const file = found.get(url);
    if (!file) return response.writeHead(404).end();
    response.writeHead(200, {
      "cache-control": "max-age=3600",
      "content-encoding": "br",
      "content-type": TYPES[extname(url)],
    });
    return response.end(file);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `${scheme}://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** For each protocol and network the median times of each kind of start, in milliseconds after navigation began. */
export async function coldStart(root, start, starts) {
  const found = files(root);
  const rows = [];
  for (const [protocol, kind] of Object.entries(SERVERS)) {
    const server = await serve(kind, found);
    const driver = await start({ anyCertificate: true });
    try {
      const measured = await startsFrom(server.url, driver, starts, kind.keeps);
      rows.push(...measured.map((row) => ({ protocol, ...row })));
    } finally {
      await driver.quit();
      await server.close();
    }
  }
  return rows;
}

async function startsFrom(url, driver, starts, withWarm) {
  await driver.sendDevToolsCommand("Page.enable", {});
  await driver.sendDevToolsCommand("Network.enable", {});
  await driver.sendDevToolsCommand("Page.addScriptToEvaluateOnNewDocument", { source: NOTE });
  const load = async () => {
    await driver.get(`${url}/index.html`);
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
      if (!withWarm) continue;
      // The browser keeps compiled code from the second load on.
      await load();
      warm.push(await load());
    }
    rows.push({ megabits, empty: medians(empty), ...(withWarm && { warm: medians(warm) }) });
  }
  return rows;
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
