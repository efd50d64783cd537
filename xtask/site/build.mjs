// Makes the site as a folder that any server of files can serve, at any path: `node xtask/site/build.mjs FOLDER`. Run by
// `cargo xtask site`, after the package is built.

import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { build } from "esbuild";
import MiniSearch from "minisearch";
import { apiReference } from "./api.mjs";
import { documents, ROOT } from "./documents.mjs";
import { render } from "./markdown.mjs";
import { serviceWorker } from "./offline.mjs";
import { describe, pageOf } from "./page.mjs";

const site = resolve(process.argv[2] ?? `${ROOT}target/site`);
const write = (path, content) => {
  mkdirSync(dirname(join(site, path)), { recursive: true });
  writeFileSync(join(site, path), content);
};
const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => path.replaceAll("\\", "/"));

rmSync(site, { recursive: true, force: true });
cpSync(`${ROOT}www`, site, { recursive: true, filter: (path) => !path.endsWith(".mjs") });
cpSync(`${ROOT}pkg`, `${site}/pkg`, { recursive: true, filter: (path) => !/[\\/]\.gitignore$/.test(path) });

const all = documents({ "docs/api.md": apiReference(`${ROOT}pkg`) });
const sections = [];
const about = new Map();
for (const document of all) {
  const rendered = render(document, all);
  write(`docs/${document.page}`, pageOf(document, rendered, all));
  about.set(document, describe(rendered.parts));
  for (const file of rendered.files) write(file, readFileSync(ROOT + file));
  const address = document.page === "index.html" ? "" : document.page;
  for (const { id, title, text } of rendered.parts)
    sections.push({ page: document.title, title, href: `${address}#${id}`, text });
}

// The search leads to the site's own pages as well.
for (const page of readdirSync(site).filter((name) => name.endsWith(".html"))) {
  const html = readFileSync(join(site, page), "utf8");
  const texts = [...html.matchAll(/<(h1|h2|p)\b[^>]*>(.*?)<\/\1>/gs)].map(([, , text]) => text);
  const [, title] = html.match(/<title>(?:Leaning: )?(.*?)<\/title>/);
  const [, description] = html.match(/<meta name="description" content="([^"]*)"/);
  const text = [description, ...texts]
    .join(" ")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/\s+/g, " ");
  sections.push({ page: "Leaning", title, href: `../${page === "index.html" ? "" : page}`, text });
}

// Made here, since a phone would be busy with it for seconds.
const options = {
  idField: "href",
  fields: ["title", "page", "text"],
  storeFields: ["title", "page", "text"],
};
const index = new MiniSearch(options);
index.addAll(sections);
write("docs/search.json", JSON.stringify({ options, index }));
await build({
  stdin: { contents: 'export { default } from "minisearch";', resolveDir: ROOT },
  outfile: `${site}/docs/minisearch.js`,
  bundle: true,
  format: "esm",
  minify: true,
  logLevel: "warning",
});

// For programs that read: the documents as they are, and a list of them.
const llms = all.map((document) => {
  const { source, page, title, markdown } = document;
  const path = source.startsWith("docs/") ? source : `docs/${page.replace(/\.html$/, ".md")}`;
  write(path, markdown);
  return `- [${title}](${path}): ${about.get(document)}`;
});
write("llms.txt", `# Leaning\n\n> ${about.get(all[0])}\n\n## Documents\n${llms.join("\n")}\n`);
write("llms-full.txt", all.map(({ markdown }) => markdown.trimEnd()).join("\n\n"));

const offline = readFileSync(new URL("offline.js", import.meta.url), "utf8");
write("offline.js", offline);
for (const file of filesBelow(site)) {
  if (!file.endsWith(".html") || file.startsWith("pkg/")) continue;
  const root = "../".repeat(file.split("/").length - 1);
  const html = readFileSync(join(site, file), "utf8");
  // Under an address of its own, since Firefox may take a style sheet from memory without asking the service worker.
  const versioned = html.replace(/(<link rel="stylesheet" href=")([^"]+)"/g, (_, start, href) => {
    const hash = createHash("sha256").update(readFileSync(join(site, dirname(file), href)));
    return `${start}${href}?${hash.digest("hex").slice(0, 8)}"`;
  });
  write(
    file,
    versioned.replace("</head>", `<script type="module" src="${root}offline.js"></script>\n</head>`),
  );
}
const worker = await serviceWorker(site, filesBelow(site));
write("service-worker.js", worker.text);
console.log(
  `${relative(process.cwd(), site)}: ${all.length} documents; ${worker.count} files for visits without a network, ${Math.round(worker.size / 1000)} kB.`,
);
