// How Rolldown bundles what browsers get.

import { rolldown } from "rolldown";

/** The glue of wasm-bindgen comments on the server's configuration. */
const MINIFY = { compress: { dropConsole: true } };

/** Bundles with these options of Rolldown for input and for output, and returns the paths of the files that are inside. */
export async function bundle(input, output) {
  const build = await rolldown({
    platform: "browser",
    // js/ has one, which maps the wasm modules to their typings.
    tsconfig: false,
    transform: { target: "es2022" },
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
    ...input,
  });
  const written = await build.write({ minify: MINIFY, ...output });
  await build.close();
  return written.output.flatMap(({ modules }) => Object.keys(modules ?? {}));
}
