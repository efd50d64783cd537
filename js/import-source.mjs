// Lets scripts and tests in Node use the sources of the package, which are TypeScript.

import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/** Imports a module of js/ by its path there, together with everything that it imports. */
export function importSource(path) {
  const entry = fileURLToPath(new URL(path, import.meta.url));
  const options = { bundle: true, format: "esm", target: "es2022", write: false, logLevel: "warning" };
  const [{ contents }] = buildSync({ entryPoints: [entry], ...options }).outputFiles;
  return import(`data:text/javascript;base64,${Buffer.from(contents).toString("base64")}`);
}
