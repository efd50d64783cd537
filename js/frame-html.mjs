// Writes the page of the sealed frame with its script inside: `node js/frame-html.mjs SCRIPT OUT`. The page's policy names
// the script by its hash, which holds in a sandbox too: there no URL counts as the page's own.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const [source, out] = process.argv.slice(2);
const script = readFileSync(source, "utf8").trim();
if (/<\/script|<!--/i.test(script)) throw new Error(`${source} would end its own <script>`);
const hash = createHash("sha256").update(script).digest("base64");
const page = readFileSync(new URL("frame.html", import.meta.url), "utf8");
// By functions: a script may hold "$&".
writeFileSync(
  out,
  page.replace("{hash}", () => `sha256-${hash}`).replace("{script}", () => script),
);
