// Checks tests/claims.toml: `node tests/claims.mjs FOLDER RESULTS…`, where FOLDER is that of the tests that ran, such as
// tests/e2e, and RESULTS are files of tests/reporter.mjs. Each claim about these tests needs a test that passed, and one with a
// planted leak. Of the tests elsewhere only their existence is checked: if they fail, their own step does.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FIELDS = ["claim", "threat", "file", "test", "planted"];

/** The claims of a text: tables `[[claim]]` of strings on one line each, which is all of TOML that is needed. */
export function readClaims(text) {
  const claims = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    if (line.trim() === "[[claim]]") {
      claims.push({});
      continue;
    }
    const [, field, value] = line.match(/^(\w+) = (".*")$/) ?? [];
    const claim = claims.at(-1);
    if (!FIELDS.includes(field) || !claim || field in claim)
      throw new Error(`line ${index + 1}: expected [[claim]] or one of ${FIELDS.join(", ")}, found ${line}`);
    claim[field] = JSON.parse(value);
  }
  return claims;
}

/**
 * The flaws of claims, a sentence each. `results` are of the tests in `folder`; `read` returns the text of a file, or null.
 * A test may be skipped in some browsers, for a reason, if it passes in another.
 */
export function flaws(claims, folder, results, read) {
  const found = [];
  for (const claim of claims) {
    const missing = FIELDS.filter((field) => !claim[field]);
    const tell = (flaw) => found.push(`"${claim.claim ?? claim.test}": ${flaw}`);
    if (missing.length > 0) {
      tell(`lacks ${missing.join(", ")}`);
      continue;
    }
    const text = read(claim.file);
    if (text === null) tell(`there is no ${claim.file}`);
    else if (claim.planted === claim.test) tell("its planted leak needs a test of its own");
    else if (claim.file.endsWith(".rs")) {
      for (const name of [claim.test, claim.planted]) {
        const [, attributes] =
          text.match(new RegExp(`((?:^\\s*#\\[.*\\]\\n)*)^\\s*(?:async )?fn ${name}\\(`, "m")) ?? [];
        if (attributes === undefined || !attributes.includes("test]"))
          tell(`${claim.file} has no test ${name}`);
        else if (attributes.includes("ignore")) tell(`${name} is ignored`);
      }
    } else if (claim.file.startsWith(`${folder}/`)) {
      for (const name of [claim.test, claim.planted]) {
        const runs = results.filter((result) => result.file === claim.file && isNamed(result.name, name));
        if (runs.some(({ state }) => state === "failed")) tell(`"${name}" failed`);
        else if (!runs.some(({ state }) => state === "passed"))
          tell(`"${name}" did not pass in ${claim.file}`);
        else if (runs.some(({ state, reason }) => state === "skipped" && !reason))
          tell(`"${name}" was skipped without a reason`);
      }
    }
  }
  return found;
}

/** Whether a test has a name. One that ends in an asterisk stands for all that begin like it. */
function isNamed(name, wanted) {
  return wanted.endsWith("*") ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , folder, ...files] = process.argv;
  const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
  const lines = files.flatMap((file) => readFileSync(file, "utf8").split("\n").filter(Boolean));
  const claims = readClaims(readFileSync(path("tests/claims.toml"), "utf8"));
  const read = (name) => (existsSync(path(name)) ? readFileSync(path(name), "utf8") : null);
  const found = flaws(
    claims,
    folder,
    lines.map((line) => JSON.parse(line)),
    read,
  );
  for (const flaw of found) console.error(`tests/claims.toml: ${flaw}`);
  if (found.length > 0) process.exitCode = 1;
  else console.log(`Each of the ${claims.length} claims in tests/claims.toml has its test.`);
}
