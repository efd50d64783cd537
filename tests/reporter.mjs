// A reporter for `node --test` that writes one line of JSON for each test, for tests/claims.mjs.

import { relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const { file, name, skip, details } = data;
    if (details?.type === "suite" || !file) continue;
    const path = relative(ROOT, file.startsWith("file:") ? fileURLToPath(file) : file).replaceAll("\\", "/");
    const state = type === "test:fail" ? "failed" : skip === undefined ? "passed" : "skipped";
    const result = { file: path, name, state, ...(typeof skip === "string" && { reason: skip }) };
    yield `${JSON.stringify(result)}\n`;
  }
}
