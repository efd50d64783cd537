// The service worker of the site, with the files that it keeps.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { compressed } from "../compressed.mjs";
import { modulesOf } from "../modules.mjs";

/** Kinds of files that pages use. Others, such as Markdown for programs, are fetched when somebody asks for them. */
const KEPT = /\.(html|css|js|json|svg|png|webp|wasm|csv)$/;
/** Files that are kept once somebody needs them: most visitors do not, and they are larger than all the rest of a page. */
const KEPT_LATER = /^studio\/made\//;

/**
 * The source of the service worker, and the number and size of the files that it keeps. `files` are the paths of all files
 * in the folder `site`. Of the package it keeps what the pages reach.
 */
export async function serviceWorker(site, files) {
  // Workers are among them, which no page names.
  const isOwnScript = (file) => file.endsWith(".js") && !file.startsWith("pkg/") && !KEPT_LATER.test(file);
  const reached = await modulesOf(files.filter(isOwnScript), site);
  const isKept = (file) =>
    KEPT.test(file) &&
    file !== "service-worker.js" &&
    (!file.startsWith("pkg/") || Object.hasOwn(reached, file) || file === "pkg/leaning.wasm");
  const kept = files.filter(isKept).sort();
  const bytes = kept.map((file) => readFileSync(`${site}/${file}`));
  const hash = (content) => `sha256-${createHash("sha256").update(content).digest("base64")}`;
  const entries = Object.fromEntries(kept.map((file, i) => [file, hash(bytes[i])]));
  const later = kept.filter((file) => KEPT_LATER.test(file));
  const atOnce = kept.flatMap((file, i) => (later.includes(file) ? [] : [bytes[i]]));
  const source = readFileSync(new URL("service-worker.js", import.meta.url), "utf8");
  return {
    text: `const FILES = ${JSON.stringify(entries, null, 1)};\nconst LATER = ${JSON.stringify(later)};\n${source}`,
    count: atOnce.length,
    size: atOnce.reduce((sum, content) => sum + compressed(content), 0),
  };
}
