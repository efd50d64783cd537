// Checks the types of the chats and builds them into target/examples/chats. `npm ci` here and `cargo xtask package` come
// before.

import { fileURLToPath } from "node:url";
import { linkPackage, run } from "../tools.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));

linkPackage(HERE);
run(HERE, "typescript/bin/tsc", "-p", "tsconfig.json");
run(HERE, "vite/bin/vite.js", "build", "--logLevel", "warn");
// The server's side of the example of the AI SDK.
run(
  HERE,
  "vite/bin/vite.js",
  "build",
  "--logLevel",
  "warn",
  "--ssr",
  "ai-sdk/route.ts",
  "--outDir",
  "../../target/examples/chats/server",
);
console.log("The chats are in target/examples/chats.");
