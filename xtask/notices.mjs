// Names everything of others that the npm package holds: THIRD-PARTY-NOTICES with the licences' texts, and
// sbom.cdx.json, a software bill of materials (CycloneDX 1.6). `node xtask/notices.mjs FOLDER BUNDLED` writes
// both, where BUNDLED lists the files that were bundled. With CRATE… they are about another module.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The crates that are compiled into the package. */
const PACKAGED = ["leaning", "leaning-style"];
const TARGET = "wasm32-unknown-unknown";
/** Licences that ask for nothing but their text; deny.toml has the list for all crates. */
const ACCEPTED = ["Apache-2.0", "MIT", "Unicode-3.0", "Zlib"];
/** Crates of the standard library, whose sources are not here. */
const IN_STANDARD_LIBRARY = {
  dlmalloc: { license: "MIT OR Apache-2.0", homepage: "https://github.com/alexcrichton/dlmalloc-rs" },
  hashbrown: { license: "MIT OR Apache-2.0", homepage: "https://github.com/rust-lang/hashbrown" },
};
const LICENCE_FILE = /^(licen[cs]e|copying|notice|unlicense)([.-]|$)/i;

const [folder, bundled, ...others] = process.argv.slice(2);
const CRATES = others.length > 0 ? others : PACKAGED;
const parts = [...crates(), ...standardLibrary(), ...bundledPackages(bundled)];
for (const { name, license } of parts) {
  if (!isAccepted(license)) {
    throw new Error(
      `${name}: the licence ${license} is not among those that are accepted (xtask/notices.mjs)`,
    );
  }
}
writeFileSync(join(folder, "THIRD-PARTY-NOTICES"), notices(parts));
writeFileSync(join(folder, "sbom.cdx.json"), `${JSON.stringify(billOfMaterials(parts), null, 1)}\n`);

/** The crates of others in the two wasm modules, without those that run at build time only. */
function crates() {
  const packages = CRATES.flatMap((name) => ["--package", name]);
  const tree = cargo(
    "tree",
    "--locked",
    ...packages,
    "--edges",
    "normal,no-proc-macro",
    "--target",
    TARGET,
    "--prefix",
    "none",
    "--format",
    "{p}",
  );
  const linked = new Set(tree.split("\n").map((line) => line.split(" ").slice(0, 2).join(" ")));
  const metadata = JSON.parse(
    cargo("metadata", "--locked", "--format-version", "1", "--filter-platform", TARGET),
  );
  const isLinked = ({ name, version, source }) => source !== null && linked.has(`${name} v${version}`);
  return metadata.packages.filter(isLinked).map(({ name, version, license, repository, manifest_path }) => ({
    name,
    version,
    license: license.replaceAll(" / ", " OR ").replaceAll("/", " OR "),
    homepage: repository,
    purl: `pkg:cargo/${name}@${version}`,
    texts: licenceTexts(dirname(manifest_path)),
  }));
}

/** Rust's standard library, which is compiled into each module, and the crates in it, which messages of panics name. */
function standardLibrary() {
  const version = execFileSync("rustc", ["--version"], { encoding: "utf8" }).split(" ")[1];
  const modules = readdirSync(folder)
    .filter((name) => name.endsWith(".wasm"))
    .map((name) => readFileSync(join(folder, name), "latin1"));
  const inside = new Set(
    [...modules.join().matchAll(/\/rust\/deps\/([\w-]+-\d+\.\d+\.\d+)\//g)].map(([, crate]) => crate),
  );
  return [
    {
      name: "rust-std",
      version,
      license: "MIT OR Apache-2.0",
      homepage: "https://github.com/rust-lang/rust",
      purl: `pkg:generic/rust-std@${version}`,
      texts: ["Copyright (c) The Rust Project Contributors"],
    },
    ...[...inside].sort().map((crate) => {
      const [, name, own] = crate.match(/^(.+)-(.+)$/);
      const known = IN_STANDARD_LIBRARY[name];
      if (!known) throw new Error(`${crate} is in Rust's standard library: add it to xtask/notices.mjs`);
      return { name, version: own, ...known, purl: `pkg:cargo/${name}@${own}`, texts: [] };
    }),
  ];
}

/** The npm packages of which a file is bundled. */
function bundledPackages(bundled) {
  const folders = JSON.parse(readFileSync(bundled, "utf8")).map(
    (path) => path.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0],
  );
  return [...new Set(folders.filter(Boolean))].sort().map((path) => {
    const { name, version, license, homepage } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
    return {
      name,
      version,
      license,
      homepage,
      purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
      texts: licenceTexts(path),
    };
  });
}

function licenceTexts(folder) {
  const names = readdirSync(folder)
    .filter((name) => LICENCE_FILE.test(name))
    .sort();
  const files = names.map((name) => join(folder, name)).filter(existsSync);
  return files.map((file) => readFileSync(file, "utf8").replaceAll("\r\n", "\n").trim());
}

/** Whether one alternative of every part of an SPDX expression is accepted. */
function isAccepted(license) {
  const parts = license.replaceAll(/[()]/g, "").split(" AND ");
  return parts.every((part) => part.split(" OR ").some((name) => ACCEPTED.includes(name)));
}

/** All notices. A text that several packages share, but for its line breaks, stands once, after their names. */
function notices(parts) {
  const sections = new Map();
  for (const part of parts) {
    const texts = part.texts.length > 0 ? part.texts : [`${part.license}, without a text of its own`];
    for (const text of texts) {
      const key = text.replaceAll(/\s+/g, " ");
      const section = sections.get(key) ?? { text, sharing: [] };
      section.sharing.push(part);
      sections.set(key, section);
    }
  }
  const named = ({ name, version, license, homepage }) =>
    `${name} ${version} (${license}) ${homepage ?? ""}`.trim();
  const written = [...sections.values()].map(
    ({ text, sharing }) => `${sharing.map(named).join("\n")}\n\n${text}\n`,
  );
  const rule = `\n${"-".repeat(80)}\n\n`;
  return `This package holds code of the following projects.\n${rule}${written.join(rule)}`;
}

/** https://cyclonedx.org/docs/1.6/json/. It has no time and no serial number, so that two builds agree. */
function billOfMaterials(parts) {
  const { name, version } = JSON.parse(readFileSync("js/package.json", "utf8"));
  const component = ({ name, version, license, purl }) => ({
    type: "library",
    "bom-ref": purl,
    name,
    version,
    licenses: [{ expression: license }],
    purl,
  });
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { type: "library", "bom-ref": `pkg:npm/${name}@${version}`, name, version } },
    components: parts.map(component),
  };
}

function cargo(...args) {
  return execFileSync("cargo", args, { encoding: "utf8", maxBuffer: 1 << 28 });
}
