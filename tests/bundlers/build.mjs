// Builds one page by many bundlers, each as it comes, into target/bundlers: from the packed package, as somebody gets it
// who installs it. `npm ci` here and `cargo xtask package` come before. With LEANING_THOROUGH=1 also by those of thorough/, and
// in the frameworks of rendered/, where `npm ci` comes before, too.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as rendered from "./rendered/frameworks.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const OUT = at("../../target/bundlers");
const INSTALLED = at("node_modules/leaning");
const isThorough = Boolean(process.env.LEANING_THOROUGH);

/** For each bundler its program and options. */
const BUNDLERS = {
  esbuild: (out) => ["esbuild/bin/esbuild", "page/main.js", "--bundle", `--outfile=${out}/main.js`],
  vite: (out) => ["vite/bin/vite.js", "build", "page", "--base=./", `--outDir=${out}`, "--logLevel=error"],
  webpack: (out) => [
    "webpack/bin/webpack.js",
    ...["--entry=./page/main.js", "--mode=production", `--output-path=${out}`],
  ],
  ...(isThorough && {
    parcel: (out) => [
      "parcel/lib/bin.js",
      ...[
        "build",
        "page/index.html",
        "--public-url=./",
        `--dist-dir=${out}`,
        "--no-cache",
        `--cache-dir=${out}-cache`,
      ],
    ],
    rollup: (out) => ["rollup/dist/bin/rollup", "--config=thorough/rollup.config.mjs", `--dir=${out}`],
    rspack: (out) => [
      "@rspack/cli/bin/rspack.js",
      ...["build", "--entry=./page/main.js", "--mode=production", `--output-path=${out}`],
    ],
  }),
};
const IN_THOROUGH = ["parcel", "rollup", "rspack"];
/** These make a page of a page. The others make a script, and leave the page as it is. */
const TAKES_PAGE = ["vite", "parcel"];
/** For TypeScript, each way of finding modules, with the modules that it allows. */
const RESOLUTIONS = [
  ["esnext", "node10"],
  ["node16", "node16"],
  ["nodenext", "nodenext"],
  ["esnext", "bundler"],
];

const POLICY = /<meta http-equiv.*>\n/;

function run(program, given, folder = at(".")) {
  const options = { cwd: folder, encoding: "utf8", shell: process.platform === "win32" };
  const { status, stdout, stderr, error } = spawnSync(program, given, options);
  if (status === 0) return stdout;
  console.error(`${program} ${given.join(" ")}\n${error ?? ""}${stdout}${stderr}`);
  process.exit(1);
}

/** A page without a bundler: the package as a folder beside it. */
function unbundled(name, change) {
  const out = `${OUT}/${name}`;
  cpSync(at("page"), out, { recursive: true });
  cpSync(INSTALLED, `${out}/leaning`, { recursive: true });
  for (const file of ["index.html", "main.js"])
    writeFileSync(`${out}/${file}`, change(readFileSync(`${out}/${file}`, "utf8")));
}

if (isThorough && !rendered.isInstalled()) {
  console.error(
    "LEANING_THOROUGH takes frameworks; to get them: `npm ci --ignore-scripts` in tests/bundlers/rendered",
  );
  process.exit(1);
}

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const [{ filename }] = JSON.parse(
  run("npm", ["pack", "--json", `--pack-destination=${OUT}`], at("../../pkg")),
);
rmSync(INSTALLED, { recursive: true, force: true });
mkdirSync(INSTALLED, { recursive: true });
// What a bundler, a type checker or Node.js would stumble on. The package has no CommonJS, and these two files no types.
run(process.execPath, [at("node_modules/publint/src/cli.js"), "--strict", at("../../pkg")]);
run(process.execPath, [
  at("node_modules/@arethetypeswrong/cli/dist/index.js"),
  ...[`${OUT}/${filename}`, "--profile=esm-only"],
  ...["--exclude-entrypoints", "leaning.wasm", "frame.html"],
]);
run("tar", ["-xzf", `${OUT}/${filename}`, "--strip-components=1", "-C", INSTALLED]);
// The last TypeScript that still finds modules as Node.js 10 did, which knew no `exports`.
for (const [module, resolution] of RESOLUTIONS)
  run(process.execPath, [
    at("node_modules/typescript/bin/tsc"),
    ...["--project", at("types/tsconfig.json"), "--module", module, "--moduleResolution", resolution],
  ]);

for (const [name, command] of Object.entries(BUNDLERS)) {
  const out = `${OUT}/${name}`;
  if (!TAKES_PAGE.includes(name)) cpSync(at("page/index.html"), `${out}/index.html`);
  const [program, ...given] = command(out);
  const modules = at(IN_THOROUGH.includes(name) ? "thorough/node_modules" : "node_modules");
  run(process.execPath, [`${modules}/${program}`, ...given]);
  // Parcel makes the folder of its cache even without one.
  rmSync(`${out}-cache`, { recursive: true, force: true });
}
const beside = (text) =>
  text.replace('"leaning/element"', '"./leaning/element.js"').replace('"leaning"', '"./leaning/index.js"');
unbundled("folder", beside);
// For a server that bundles as it goes.
unbundled("vite-dev", (text) => text);
mkdirSync(`${OUT}/vite-dev/node_modules`);
renameSync(`${OUT}/vite-dev/leaning`, `${OUT}/vite-dev/node_modules/leaning`);
// The page of an extension, which has its policy from the manifest.
unbundled("extension", (text) => beside(text).replace(POLICY, ""));
writeFileSync(
  `${OUT}/extension/manifest.json`,
  JSON.stringify({
    manifest_version: 3,
    name: "Leaning in an extension",
    version: "1.0",
    content_security_policy: { extension_pages: "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'" },
  }),
);
// The page's policy allows the map, which has to be inline, by its hash.
const MAP = JSON.stringify({
  imports: { leaning: "./leaning/index.js", "leaning/element": "./leaning/element.js" },
});
const mapHash = createHash("sha256").update(MAP).digest("base64");
unbundled("import-map", (text) =>
  text
    .replace("script-src 'self'", `$& 'sha256-${mapHash}'`)
    .replace("<script", `<script type="importmap">${MAP}</script>\n<script`),
);
const DECK = at("../../www/decks/weekend.json");
for (const name of [...Object.keys(BUNDLERS), "folder", "vite-dev", "extension", "import-map"])
  cpSync(DECK, `${OUT}/${name}/deck.json`);
if (isThorough) {
  for (const name of rendered.NAMES) {
    const complaint = rendered.build(name, DECK);
    if (complaint === undefined) continue;
    console.error(complaint);
    process.exit(1);
  }
  // They are served from where they are built.
  writeFileSync(`${OUT}/rendered.json`, JSON.stringify(rendered.NAMES));
}
console.log("The bundles are in target/bundlers.");
