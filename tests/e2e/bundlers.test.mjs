// The package under bundlers that nothing was configured for, without one, on a server that bundles as it goes, and in
// frameworks that render on a server. Each page shows the quiz, is answered and reads a ranking, under a strict policy where
// the page can have one.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { serve as serveRendered } from "../bundlers/rendered/frameworks.mjs";
import { extensionUrl } from "./extension-url.mjs";
import { BROWSERS, clickAtRest, freePort, serve, unhurried, until } from "./harness.mjs";

const FOLDER = fileURLToPath(new URL("../../target/bundlers", import.meta.url));
const names = existsSync(FOLDER)
  ? readdirSync(FOLDER, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []))
  : [];
/** Those that render on a server, if they are built. */
const RENDERED = `${FOLDER}/rendered.json`;
const rendered = existsSync(RENDERED) ? JSON.parse(readFileSync(RENDERED, "utf8")) : [];
const DEV = "vite-dev";
/** Versions of Vite whose servers are tested, as they are installed in tests/bundlers. The older ones take longer. */
const VITES = ["vite", ...(process.env.LEANING_THOROUGH ? ["vite5", "vite6", "vite7"] : [])];
const EXTENSION = "extension";
const [[name, start]] = Object.entries(BROWSERS);
/** Only Chromium takes a folder as an extension. */
const chosen = names.filter((bundler) => bundler !== DEV && (bundler !== EXTENSION || name === "chromium"));

describe(`bundles in ${name}`, { skip: names.length > 0 ? false : "no bundle is built" }, () => {
  let site;
  let driver;
  before(async () => {
    site = await serve({}, name);
    driver = await start({ extension: `${FOLDER}/${EXTENSION}` });
  });
  after(async () => {
    await driver?.quit();
    await site?.close();
  });

  for (const bundler of chosen) {
    test(`a quiz from the package by ${bundler} is answered and ranks`, async () => {
      await answerAndRank(await address(bundler));
    });
  }

  for (const vite of VITES) {
    test(`a quiz from the package on the server of ${vite} is answered and ranks`, async () => {
      const server = await develop(vite);
      try {
        await answerAndRank(`http://127.0.0.1:${server.httpServer.address().port}/index.html`);
      } finally {
        await server.close();
      }
    });
  }

  for (const framework of rendered) {
    test(`a quiz that ${framework} renders on a server is answered and ranks under a policy without unsafe-inline`, async () => {
      const server = await serveRendered(framework, await freePort());
      try {
        const response = await fetch(server.url);
        assert.match(await response.text(), /<leaning-quiz deck="\/deck.json"[^>]*>\s*Loading …/);
        const policy = response.headers.get("content-security-policy");
        assert.match(policy, /^default-src 'none';/);
        assert.doesNotMatch(policy, /'unsafe-(inline|eval)'/);
        await answerAndRank(server.url);
      } finally {
        server.close();
      }
    });
  }

  async function answerAndRank(url) {
    await driver.get(url);
    await driver.executeScript("localStorage.clear()");
    await driver.navigate().refresh();
    const inside = async (css) =>
      (await (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot()).findElements({ css });
    for (let question = 0; question < 3; question++) {
      const choice = await until(driver, async () => (await inside("button.choose"))[0], "a question");
      await unhurried(driver);
      await clickAtRest(driver, choice);
    }
    const heard = async () => (await driver.findElement({ id: "heard" })).getText();
    await until(driver, async () => (await heard()) !== "", "the end");
    assert.equal(await heard(), "2 ranked, 6 points");
  }

  function address(bundler) {
    if (bundler === EXTENSION) return `${extensionUrl(`${FOLDER}/${EXTENSION}`)}/index.html`;
    return `${site.url}/bundlers/${bundler}/index.html`;
  }

  /** Starts the server of a version of Vite for a page that it has never seen. */
  async function develop(vite) {
    const { createServer } = await import(`../bundlers/node_modules/${vite}/dist/node/index.js`);
    const server = await createServer({
      root: `${FOLDER}/${DEV}`,
      cacheDir: `${FOLDER}/${DEV}/node_modules/.${vite}`,
      configFile: false,
      logLevel: "error",
      server: { host: "127.0.0.1", port: 0, strictPort: false },
    });
    return server.listen();
  }
});
