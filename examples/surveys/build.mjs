// Checks the types of the examples in this folder and builds them into target/examples/surveys.
// `npm ci` here and `cargo xtask package` come before.

import { fileURLToPath } from "node:url";
import { linkPackage, run } from "../tools.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));

linkPackage(HERE);
run(HERE, "typescript/bin/tsc", "-p", "tsconfig.json");
run(HERE, "vite/bin/vite.js", "build", "--logLevel", "warn");
console.log("The examples of surveys are in target/examples/surveys.");
