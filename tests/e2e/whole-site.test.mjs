// The whole site as a static host has it, in a folder of that host: what a page fetches, whether anything moves or is cut
// off, and whether it works without a network and after an update.

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { serveFolder } from "./folder.mjs";
import { BROWSERS, until } from "./harness.mjs";

const SITE = fileURLToPath(new URL("../../target/site", import.meta.url));
const skip = existsSync(SITE) ? false : "there is no site; `cargo xtask site` builds it";
const AT = "/some/folder/";
const pagesIn = (folder) =>
  skip ? [] : readdirSync(join(SITE, folder)).filter((name) => name.endsWith(".html"));
const PAGES = [...pagesIn("."), ...pagesIn("docs").map((name) => `docs/${name}`)];

/**
 * The most bytes that a page fetches by itself, compressed, without decks and without the wasm module of the interview. The
 * length of a deck is its publisher's business, and `cargo xtask size` has a budget for the module.
 */
const BUDGET = 150_000;
const MODULE = "pkg/leaning.wasm";
const IS_APART = ({ path }) => path.startsWith("decks/") || path === MODULE;
/** The site's own cache, which none of the budgets is about. */
const WORKER = "service-worker.js";

const AXE = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** Time for a page to load what it loads by itself, in milliseconds without another request. */
const QUIET = 300;

/** Waits until a page has loaded, has its interview if it is to have one, and asked for nothing more for a while. */
async function quiet(driver, site) {
  const isReady = `return document.readyState === "complete" &&
    [...document.querySelectorAll(":is(leaning-quiz, leaning-compare)[deck]")].every((node) => node.interview)`;
  await until(driver, () => driver.executeScript(isReady), "the page");
  let count = -1;
  while (count !== site.requests.length) {
    count = site.requests.length;
    await driver.sleep(QUIET);
  }
}

/** All that a visit left: cached files, answers, a service worker. */
async function forget(driver, site) {
  const origin = new URL(site.url).origin;
  await driver.sendAndGetDevToolsCommand("Network.clearBrowserCache", {});
  await driver.sendAndGetDevToolsCommand("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
}

const setSize = (driver, width, height) =>
  driver.sendAndGetDevToolsCommand("Emulation.setDeviceMetricsOverride", {
    width,
    height,
    deviceScaleFactor: 1,
    mobile: width < 500,
  });

// The developer tools that these tests need are Chromium's.
for (const [name, start] of Object.entries(BROWSERS).filter(([name]) => name === "chromium")) {
  describe(`every page of the site in ${name}`, { skip }, () => {
    let site;
    let driver;
    before(async () => {
      site = await serveFolder(SITE, AT);
      site.missing.add(WORKER);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    test("a page fetches little, nothing that is not there, and nothing from elsewhere", async (t) => {
      for (const page of PAGES) {
        await forget(driver, site);
        site.requests.length = 0;
        await driver.get(site.url + page);
        await quiet(driver, site);
        const own = site.requests.filter(({ path }) => path !== WORKER);
        const sum = (requests) => requests.reduce((bytes, { brotli }) => bytes + brotli, 0);
        const fetched = sum(own.filter((request) => !IS_APART(request)));
        const apart = sum(own.filter(IS_APART));
        t.diagnostic(`${page}: ${fetched} bytes${apart > 0 ? `, and ${apart} of deck and module` : ""}`);
        assert.ok(fetched <= BUDGET, `${page}: ${fetched}`);
        // The chat asks whether a gateway is behind it.
        const absent = own.filter(({ path, status }) => status === 404 && path !== "v1/models");
        assert.deepEqual(absent, [], page);
        const elsewhere = await driver.executeScript(
          "return performance.getEntriesByType('resource').map(({ name }) => name).filter((url) => !url.startsWith(arguments[0]))",
          site.url,
        );
        assert.deepEqual(elsewhere, [], page);
      }
    });

    for (const [width, height] of [
      [1280, 800],
      [360, 640],
    ]) {
      test(`nothing moves while a page loads, ${width} px wide`, async () => {
        await setSize(driver, width, height);
        const moved = [];
        for (const page of PAGES) {
          await forget(driver, site);
          await driver.get(site.url + page);
          await quiet(driver, site);
          const shifts = await driver.executeAsyncScript(`const done = arguments[0];
            const found = [];
            new PerformanceObserver((list) => found.push(...list.getEntries())).observe({ type: "layout-shift", buffered: true });
            setTimeout(() => done(found.map(({ value, sources }) =>
              value.toFixed(4) + " " + sources.map(({ node }) => node?.nodeName + "." + (node?.className ?? "") + "#" + (node?.id ?? "")).join(" "))), 200);`);
          if (shifts.length > 0) moved.push(`${page}: ${shifts.join(", ")}`);
        }
        assert.deepEqual(moved, []);
      });
    }

    test("no page is wider than a narrow phone, and a wide table scrolls by keys", async () => {
      await setSize(driver, 320, 640);
      for (const page of PAGES) {
        await driver.get(site.url + page);
        await quiet(driver, site);
        const excess = await driver.executeScript(`
          for (const details of document.querySelectorAll("details")) details.open = true;
          const { scrollWidth, clientWidth } = document.documentElement;
          return scrollWidth - clientWidth;`);
        assert.equal(excess, 0, page);
        const stuck = await driver.executeScript(`
          const scrolls = (node) => node.scrollWidth > node.clientWidth && getComputedStyle(node).overflowX !== "visible";
          return [...document.querySelectorAll("main *")].filter((node) =>
            scrolls(node) && !["hidden", "clip"].includes(getComputedStyle(node).overflowX) && node.tabIndex < 0)
            .map(({ outerHTML }) => outerHTML.slice(0, 80));`);
        assert.deepEqual(stuck, [], page);
      }
      await driver.sendAndGetDevToolsCommand("Emulation.clearDeviceMetricsOverride", {});
    });

    test("with forced colours every text has one of the system's colours, and the place in the navigation is seen", async () => {
      const features = [{ name: "forced-colors", value: "active" }];
      await driver.sendAndGetDevToolsCommand("Emulation.setEmulatedMedia", { features });
      for (const page of PAGES) {
        await driver.get(site.url + page);
        await quiet(driver, site);
        const own = await driver.executeScript(`
          const probe = document.body.appendChild(document.createElement("i"));
          const system = ["CanvasText", "LinkText", "VisitedText", "ButtonText", "FieldText", "GrayText", "HighlightText"].map((color) => {
            probe.style.color = color;
            return getComputedStyle(probe).color;
          });
          probe.remove();
          return [...document.querySelectorAll("body *")]
            .filter((node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()))
            .filter((node) => node.checkVisibility() && !node.closest("svg") && !system.includes(getComputedStyle(node).color))
            .map((node) => node.outerHTML.slice(0, 80) + getComputedStyle(node).color);`);
        assert.deepEqual(own, [], page);
        const here = await driver.executeScript(
          `return [...document.querySelectorAll(".site :not(.brand)[aria-current]")].map((node) => getComputedStyle(node).textDecorationLine)`,
        );
        for (const line of here) assert.match(line, /underline/, page);
      }
      await driver.sendAndGetDevToolsCommand("Emulation.setEmulatedMedia", { features: [] });
    });

    test("axe-core finds nothing on any page, light and dark", async () => {
      for (const scheme of ["light", "dark"]) {
        const features = [{ name: "prefers-color-scheme", value: scheme }];
        await driver.sendAndGetDevToolsCommand("Emulation.setEmulatedMedia", { features });
        for (const page of PAGES) {
          await driver.get(site.url + page);
          await quiet(driver, site);
          await driver.executeScript(AXE);
          const found = await driver.executeAsyncScript(`const done = arguments[0];
            axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
              done(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 100)))));`);
          assert.deepEqual(found, [], `${page}, ${scheme}`);
        }
      }
      await driver.sendAndGetDevToolsCommand("Emulation.setEmulatedMedia", { features: [] });
    });

    test("on paper there is no navigation, tables and code are whole, and links say where they lead", async () => {
      await driver.sendAndGetDevToolsCommand("Emulation.setEmulatedMedia", { media: "print" });
      // The width of a sheet of A4 between margins of 1 cm.
      await setSize(driver, 718, 1000);
      for (const page of PAGES.filter((page) => page.startsWith("docs/"))) {
        await driver.get(site.url + page);
        const [shown, cut, links] = await driver.executeScript(`
          const all = (css) => [...document.querySelectorAll(css)];
          return [
            all("nav, search, .skip, .anchor").filter((node) => node.checkVisibility()).length,
            all(".table, pre, .formula, main").filter((node) => node.scrollWidth > node.clientWidth + 1).map((node) => node.textContent.slice(0, 60)),
            all('main a[href^="http"]').filter((node) => !getComputedStyle(node, "::after").content.includes(node.getAttribute("href"))).length,
          ];`);
        assert.equal(shown, 0, page);
        assert.deepEqual(cut, [], page);
        assert.equal(links, 0, page);
      }
      await driver.sendAndGetDevToolsCommand("Emulation.setEmulatedMedia", { media: "" });
      await driver.sendAndGetDevToolsCommand("Emulation.clearDeviceMetricsOverride", {});
    });
  });
}

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`the site without a network in ${name}`, { skip }, () => {
    let site;
    let driver;
    let folder;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "leaning-site-"));
      cpSync(SITE, folder, { recursive: true });
      site = await serveFolder(folder, AT);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
      if (folder) rmSync(folder, { recursive: true });
    });

    const run = (script, ...values) => driver.executeScript(script, ...values);
    const states = () =>
      driver.executeAsyncScript(`const done = arguments[0];
        navigator.serviceWorker.getRegistration().then((found) => done(found
          ? ["installing", "waiting", "active"].filter((state) => found[state]) : []));`);
    const interview = () =>
      run("return Boolean(document.querySelector('leaning-quiz, leaning-compare')?.interview)");

    test("the search finds, by keys alone, and leads to the place", async () => {
      await driver.get(`${site.url}docs/`);
      const query = await driver.findElement({ id: "query" });
      await query.sendKeys("retent");
      const count = () => run("return document.querySelectorAll('#results a').length");
      await until(driver, async () => (await count()) > 0, "results");
      assert.match(await driver.findElement({ id: "found" }).getText(), /^\d+ places$/);
      await query.sendKeys("\uE015");
      assert.equal(await run("return document.activeElement.matches('#results li:first-child a')"), true);
      await driver.switchTo().activeElement().sendKeys("\uE00C");
      assert.equal(await run("return document.activeElement.id"), "query");
      assert.equal(await driver.findElement({ id: "results" }).isDisplayed(), false);
      await query.sendKeys("ion\uE007");
      await until(driver, async () => /using\.html#/.test(await driver.getCurrentUrl()), "the place");
      await driver.get(`${site.url}docs/`);
      await driver.findElement({ id: "query" }).sendKeys("xyzzyq");
      const said = () => driver.findElement({ id: "found" }).getText();
      await until(driver, async () => (await said()) === "Nothing found", "a word about nothing");
    });

    test("after one visit every page is there without the server, the search too, and a quiz goes on", async (t) => {
      await driver.get(site.url);
      if (!(await run("return 'serviceWorker' in navigator"))) return t.skip("there are no service workers");
      await until(driver, async () => `${await states()}` === "active", "the service worker");
      site.isDown = true;
      for (const page of ["", "docs/", "docs/theory.html", "docs/privacy", ...pagesIn(".")]) {
        await driver.get(site.url + page);
        assert.equal(await run("return document.querySelectorAll('h1').length"), 1, page);
        assert.equal(
          await run("return getComputedStyle(document.querySelector('.site')).display"),
          "flex",
          page,
        );
        if (/^$|chat|weekend/.test(page)) await until(driver, interview, `the interview of ${page}`);
      }
      await driver.get(`${site.url}docs/`);
      await driver.findElement({ id: "query" }).sendKeys("deck");
      const count = () => run("return document.querySelectorAll('#results a').length");
      await until(driver, async () => (await count()) > 0, "results");
      site.isDown = false;
    });

    test("while somebody answers, the site asks its server for nothing", async (t) => {
      await driver.get(site.url);
      if (!(await run("return Boolean(navigator.serviceWorker?.controller)")))
        return t.skip("there is no service worker");
      await until(driver, interview, "the interview");
      await driver.sleep(1000);
      const before = site.requests.length;
      const answer = `const { interview } = document.querySelector("leaning-quiz"); interview.next();
        return interview.answer({ chose: 0 });`;
      for (let i = 0; i < 8; i++) await run(answer);
      await driver.sleep(1000);
      // After a navigation the browser itself looks for an update, which is the same whatever was answered.
      assert.deepEqual(
        site.requests.slice(before).filter(({ path }) => path !== WORKER),
        [],
      );
    });

    test("an update is fetched file by file, waits for the last page of the old version, and mixes nothing", async (t) => {
      await driver.get(`${site.url}privacy.html`);
      if (!(await run("return Boolean(navigator.serviceWorker?.controller)")))
        return t.skip("there is no service worker");
      const title = () => run("return document.title + getComputedStyle(document.body).outlineColor");
      const old = await title();
      // A new version of two files, as of a page and its style sheet.
      const change = (file, from, to) => {
        const text = readFileSync(join(folder, file), "utf8");
        assert.ok(text.includes(from));
        writeFileSync(join(folder, file), text.replace(from, to));
      };
      change("privacy.html", "<title>Leaning:", "<title>Newly:");
      change("privacy.html", 'href="site.css?', 'href="site.css?new');
      change("site.css", "body {", "body { outline: 0 solid rgb(1, 2, 3);");
      const update = async () => {
        const { serviceWorker } = await import("../../xtask/site/offline.mjs");
        const files = readdirSync(folder, { recursive: true }).map((path) => path.replaceAll("\\", "/"));
        const isFile = (path) => /\.[a-z0-9]+$/.test(path);
        writeFileSync(join(folder, WORKER), (await serviceWorker(folder, files.filter(isFile))).text);
      };
      await update();
      site.requests.length = 0;
      await driver.executeAsyncScript(
        "navigator.serviceWorker.getRegistration().then((found) => found.update()).then(arguments[0])",
      );
      await until(driver, async () => `${await states()}` === "waiting,active", "the new version waits");
      const asked = new Set(site.requests.map(({ path }) => path));
      assert.deepEqual([...asked].sort(), ["privacy.html", WORKER, "site.css"]);
      // Another tab keeps the old version for both.
      const first = await driver.getWindowHandle();
      await driver.switchTo().newWindow("tab");
      const second = await driver.getWindowHandle();
      await driver.get(`${site.url}privacy.html`);
      await driver.sleep(1000);
      assert.equal(await title(), old);
      await driver.switchTo().window(first);
      assert.equal(await title(), old);
      await driver.switchTo().window(second);
      await driver.close();
      await driver.switchTo().window(first);
      // The last tab gets the new one, whole. Firefox counts a tab for a while after it was closed.
      const isNew = async () => {
        await driver.get(`${site.url}privacy.html`);
        await driver.sleep(1500);
        const shown = await title();
        assert.ok(shown === old || /^Newly:.*rgb\(1, 2, 3\)$/.test(shown), shown);
        return shown !== old;
      };
      await until(driver, isNew, "the new version");
      assert.equal(`${await states()}`, "active");
    });

    test("a file of another version than the list says is not kept", async (t) => {
      await driver.get(`${site.url}privacy.html`);
      if (!(await run("return Boolean(navigator.serviceWorker?.controller)")))
        return t.skip("there is no service worker");
      const worker = readFileSync(join(folder, WORKER), "utf8");
      const text = readFileSync(join(folder, "privacy.html"), "utf8");
      const title = await run("return document.title");
      // The list is new, the page behind it is already newer.
      const [, hash] = /"privacy.html": "(sha256-[^"]*)"/.exec(worker);
      writeFileSync(
        join(folder, WORKER),
        worker.replace(hash, hash.replace("sha256-", "sha256-A").replace(/.=$/, "=")),
      );
      writeFileSync(join(folder, "privacy.html"), text.replace("<title>Newly:", "<title>Newer:"));
      await driver.executeAsyncScript(
        "const done = arguments[0]; navigator.serviceWorker.getRegistration().then((found) => found.update()).then(done, done)",
      );
      await until(driver, async () => `${await states()}` === "active", "the update is given up");
      await driver.get(`${site.url}privacy.html`);
      assert.equal(await run("return document.title"), title);
    });
  });
}
