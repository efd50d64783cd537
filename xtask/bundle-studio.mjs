// Bundles what the site's deck studio loads with a file: `node xtask/bundle-studio.mjs GLUE OUT BUNDLED`. GLUE is that of its
// module; BUNDLED gets the list of the files that are inside.

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./rolldown.mjs";

const [glue, out, list] = process.argv.slice(2).map((path) => resolve(path));
const parquet = fileURLToPath(new URL("parquet.mjs", import.meta.url));
const bundled = await bundle({ input: { studio: glue, parquet } }, { dir: out, format: "esm" });
writeFileSync(list, JSON.stringify(bundled));
