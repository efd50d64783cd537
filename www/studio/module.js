// The module that reads and checks: `leaning build` and `leaning check`, compiled for browsers. It is loaded with the
// first file or the first check.

let loading;

/** Calls `work` with the module. Its messages are those of the command line. */
export async function withModule(work) {
  loading ??= load();
  const made = await loading.catch((cause) => {
    loading = undefined;
    throw new Error("The part of this page that checks decks could not be loaded. Check your connection.", {
      cause,
    });
  });
  try {
    return work(made);
  } catch (error) {
    // It throws its messages as plain strings.
    if (typeof error === "string") throw new Error(error);
    // After a crash the memory may be in any state.
    made.__wbg_reset_state();
    throw new Error("This is more than the page can read. The command line may have the memory for it.", {
      cause: error,
    });
  }
}

async function load() {
  const made = await import("./made/studio.js");
  await made.default({ module_or_path: new URL("./made/studio.wasm", import.meta.url) });
  return made;
}
