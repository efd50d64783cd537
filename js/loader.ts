import { LeaningError, messageOf } from "./error.js";
import type { ModuleSource } from "./types.js";

/** A wasm module, its place, or the response that brings it. */
export type GivenSource = ModuleSource | Promise<Response>;

/**
 * Creates a function that loads a wasm module from a given source, or else from the default. Later calls wait
 * for the first and load nothing. After a failure, the next call tries again.
 */
export function moduleLoader(
  start: (options: { module_or_path: Awaited<GivenSource> }) => Promise<unknown>,
  defaultSource: () => GivenSource | undefined,
): (source?: GivenSource) => Promise<void> {
  let loading: Promise<void> | undefined;

  async function load(given: GivenSource | undefined): Promise<void> {
    const source = given ?? defaultSource();
    if (!source)
      throw new LeaningError("not-ready", "init() needs the module: await init(url) with leaning.wasm");
    try {
      await start({ module_or_path: await source });
    } catch (cause) {
      throw new LeaningError("not-ready", `could not load the module: ${messageOf(cause)}`, undefined, {
        cause,
      });
    }
  }

  return (source) => {
    loading ??= load(source).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
