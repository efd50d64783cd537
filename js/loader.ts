import { isLeaningError, LeaningError, messageOf } from "./error.js";
import { fetchFile } from "./fetch.js";
import { checkNames } from "./known-names.js";
import { isSupported } from "./supported.js";
import type { InitOptions, ModuleSource } from "./types.js";

/** A wasm module, its place, or the response that brings it. */
export type GivenSource = ModuleSource | Promise<Response>;

/**
 * Creates a function that loads a wasm module from a given source, or else from the default. Later calls wait
 * for the first and load nothing. After a failure, the next call tries again.
 */
export function moduleLoader(
  start: (options: { module_or_path: Awaited<GivenSource> }) => Promise<unknown>,
  defaultSource: () => GivenSource | undefined,
): (source?: GivenSource, options?: InitOptions) => Promise<void> {
  let loading: Promise<void> | undefined;

  async function load(given: GivenSource | undefined, options: InitOptions | undefined): Promise<void> {
    const source = given ?? defaultSource();
    if (!source)
      throw new LeaningError("not-ready", "init() needs the module: await init(url) with leaning.wasm");
    if (!isSupported())
      throw new LeaningError(
        "unsupported",
        "this browser lacks WebAssembly, or features of it that are needed",
      );
    try {
      const isPlace = typeof source === "string" || source instanceof URL;
      const module = isPlace ? fetchFile(source, options?.integrity) : source;
      await start({ module_or_path: await module });
    } catch (cause) {
      if (isLeaningError(cause)) throw cause;
      throw new LeaningError("not-ready", `could not load the module: ${messageOf(cause)}`, undefined, {
        cause,
      });
    }
  }

  return async (source, options) => {
    checkNames(options, ["integrity"]);
    loading ??= load(source, options).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
