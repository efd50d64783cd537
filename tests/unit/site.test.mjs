// The whole site as `cargo xtask site` makes it: links, navigation, and what it keeps for visits without a network.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { JSDOM } from "jsdom";
import MiniSearch from "minisearch";
import { navigation } from "../../xtask/site/navigation.mjs";

const SITE = fileURLToPath(new URL("../../target/site/", import.meta.url));
const skip = existsSync(SITE) ? false : "there is no site; `cargo xtask site` builds it";
const files = skip
  ? []
  : readdirSync(SITE, { recursive: true })
      .map((path) => path.replaceAll("\\", "/"))
      .filter((path) => statSync(SITE + path).isFile());
const pages = files.filter((file) => file.endsWith(".html") && !file.startsWith("pkg/"));
const read = (path) => readFileSync(SITE + path, "utf8");
const documents = new Map(pages.map((page) => [page, new JSDOM(read(page)).window.document]));

/** The file that a link of a page leads to, and the place in it; undefined for a link to another site. */
function target(page, link) {
  if (/^[a-z]+:/i.test(link)) return undefined;
  const [path, place] = link.replace(/\?[^#]*/, "").split("#");
  if (path === "") return { file: page, place };
  const file = posix.join(posix.dirname(page), path);
  return { file: file.endsWith("/") || file === "." ? posix.join(file, "index.html") : file, place };
}

test("every link within the site leads to a page and a place that exist", { skip }, () => {
  const broken = [];
  for (const [page, document] of documents) {
    for (const node of document.querySelectorAll("[href], [src], [deck]")) {
      const link = node.getAttribute("href") ?? node.getAttribute("src") ?? node.getAttribute("deck");
      const led = target(page, link);
      if (!led) continue;
      if (!files.includes(led.file)) broken.push(`${page}: ${link}`);
      else if (led.place && !documents.get(led.file)?.getElementById(decodeURIComponent(led.place)))
        broken.push(`${page}: ${link} has no such place`);
    }
  }
  assert.deepEqual(broken, []);
});

test("every page has the site's navigation, a title, a language and one heading of the first level", {
  skip,
}, () => {
  const titles = new Set();
  for (const [page, document] of documents) {
    assert.ok(read(page).includes(navigation(page)), page);
    assert.equal(document.documentElement.lang, "en", page);
    assert.equal(document.querySelectorAll("h1").length, 1, page);
    assert.ok(document.querySelector("meta[name=description]")?.content, page);
    titles.add(document.title);
  }
  assert.equal(titles.size, pages.length);
});

test("no page has a script or a style of its own inside, which its policy would refuse", { skip }, () => {
  for (const [page, document] of documents) {
    assert.equal(document.querySelectorAll("style, script:not([src]), [style], [onclick]").length, 0, page);
    const policy = document.querySelector("meta[http-equiv=Content-Security-Policy]").content;
    assert.match(policy, /default-src 'none'.*script-src 'self'/, page);
    assert.doesNotMatch(policy, /'unsafe-/, page);
  }
});

test("the list for programs names every document, and each is there as Markdown", { skip }, () => {
  const listed = Array.from(read("llms.txt").matchAll(/\]\(([^)]+)\)/g), ([, path]) => path);
  assert.equal(listed.length, pages.filter((page) => page.startsWith("docs/")).length);
  for (const path of listed) assert.match(read(path), /^# /m, path);
});

test("the search knows every heading, each under the address of its place, and the site's own pages", {
  skip,
}, () => {
  const found = Object.values(JSON.parse(read("docs/search.json")).index.documentIds);
  const own = found.filter((href) => href.startsWith("../")).map((href) => href.slice(3) || "index.html");
  assert.deepEqual(own.sort(), pages.filter((page) => !page.includes("/")).sort());
  const parts = found.filter((href) => !href.startsWith("../"));
  for (const href of parts) {
    const { file, place } = target("docs/index.html", href.startsWith("#") ? `./${href}` : href);
    assert.ok(documents.get(file)?.getElementById(place), href);
  }
  const headings = [...documents].flatMap(([page, document]) =>
    page.startsWith("docs/") ? [...document.querySelectorAll("main :is(h1, h2, h3, h4)")] : [],
  );
  assert.equal(parts.length, headings.length);
});

test("the search finds things by what people call them", { skip }, () => {
  const { options, index } = JSON.parse(read("docs/search.json"));
  const search = MiniSearch.loadJS(index, options);
  const words = ["onboarding", "quiz", "survey", "personalise", "personalize", "personalization"];
  for (const word of [...words, "RLHF", "preference learning", "A/B test", "recommendation", "GDPR"]) {
    const hits = search.search(word, { boost: { title: 4, page: 2 }, fuzzy: 0.15, combineWith: "AND" });
    assert.ok(hits.length > 0, word);
  }
});

/** The files of a service worker, with their hashes. */
const keptBy = (worker) => JSON.parse(/^const FILES = (\{.*?\n\});/s.exec(worker)[1]);

test("the service worker keeps every page and every file that a page names, by its hash", { skip }, () => {
  const kept = keptBy(read("service-worker.js"));
  for (const [path, hash] of Object.entries(kept)) {
    const digest = createHash("sha256")
      .update(readFileSync(SITE + path))
      .digest("base64");
    assert.equal(hash, `sha256-${digest}`, path);
  }
  for (const [page, document] of documents) {
    assert.ok(kept[page], page);
    for (const node of document.querySelectorAll("link[href], [src], [deck]")) {
      const { file } = target(
        page,
        node.getAttribute("src") ?? node.getAttribute("deck") ?? node.getAttribute("href"),
      );
      assert.ok(kept[file], `${page}: ${file}`);
    }
  }
});

test("only the site has a service worker, and the package knows of none", { skip }, () => {
  const scripts = files.filter((file) => /\.(js|html)$/.test(file));
  const naming = scripts.filter((file) => /serviceWorker|service-worker/.test(read(file)));
  assert.deepEqual(naming, ["offline.js"]);
});
