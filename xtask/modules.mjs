// The modules that scripts import.

import { build } from "esbuild";

/** All modules that these scripts in a folder import, by path, each with its `imports` as esbuild lists them. */
export async function modulesOf(entryPoints, folder, plugins = []) {
  const { metafile } = await build({
    entryPoints,
    absWorkingDir: folder,
    plugins,
    bundle: true,
    format: "esm",
    splitting: true,
    outdir: "unused",
    write: false,
    metafile: true,
    logLevel: "error",
  });
  return metafile.inputs;
}
