// Rollup finds no packages by itself; everything else is as it comes.

import { nodeResolve } from "@rollup/plugin-node-resolve";

export default { input: "page/main.js", plugins: [nodeResolve()] };
