// The service worker of the site, with the files that it keeps.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { build } from "esbuild";
import { compressed } from "../compressed.mjs";

/** Kinds of files that pages use. Others, such as Markdown for programs, are fetched when somebody asks for them. */
const KEPT = /\.(html|css|js|json|svg|png|webp|wasm|csv)$/;
const SCRIPT = /<script\b[^>]*\bsrc="([^"]+)"/g;

/**
 * The source of the service worker, and the number and size of the files that it keeps. `files` are the paths of all files
 * in the folder `site`. Of the package it keeps what the pages reach.
 */
export async function serviceWorker(site, files) {
  const pages = files.filter((file) => file.endsWith(".html") && !file.startsWith("pkg/"));
  const reached = await modulesOf(site, pages);
  const isKept = (file) =>
    KEPT.test(file) &&
    file !== "service-worker.js" &&
    (!file.startsWith("pkg/") || reached.has(file) || file === "pkg/leaning.wasm");
  const kept = files.filter(isKept).sort();
  const bytes = kept.map((file) => readFileSync(`${site}/${file}`));
  const hash = (content) => `sha256-${createHash("sha256").update(content).digest("base64")}`;
  const entries = Object.fromEntries(kept.map((file, i) => [file, hash(bytes[i])]));
  const source = readFileSync(new URL("service-worker.js", import.meta.url), "utf8");
  return {
    text: `const FILES = ${JSON.stringify(entries, null, 1)};\n${source}`,
    count: kept.length,
    size: bytes.reduce((sum, content) => sum + compressed(content), 0),
  };
}

/** All modules that the scripts of these pages import, at once or later. */
async function modulesOf(site, pages) {
  const scripts = pages.flatMap((page) =>
    Array.from(readFileSync(`${site}/${page}`, "utf8").matchAll(SCRIPT), ([, source]) =>
      posix.join(posix.dirname(page), source),
    ),
  );
  const { metafile } = await build({
    entryPoints: [...new Set(scripts)],
    absWorkingDir: site,
    bundle: true,
    format: "esm",
    splitting: true,
    outdir: "unused",
    write: false,
    metafile: true,
    logLevel: "error",
  });
  return new Set(Object.keys(metafile.inputs));
}
