// A worker of the lab. It interviews the people that the page names, a few at a time.

import { check, prepare } from "./interviews.js";

/** The package's class, once its module has loaded. */
const loading = import("../pkg/slim.js").then(async ({ init, Leaning }) => {
  await init(new URL("../pkg/leaning.wasm", import.meta.url));
  return Leaning;
});
// The first task reports it.
loading.catch(() => {});
let interview;

const TASKS = {
  check: ({ Leaning, deck }) => check(Leaning, deck),
  prepare: async ({ Leaning, deck, settings }) => {
    interview = await prepare(Leaning, deck, settings);
  },
  people: async ({ from, to }) => {
    const results = [];
    for (let index = from; index < to; index++) results.push(await interview(index));
    return results;
  },
};

addEventListener("message", async ({ data: { task, ...given } }) => {
  let Leaning;
  try {
    Leaning = await loading;
  } catch {
    postMessage({ error: "The engine could not be loaded. Check your connection, and run it again." });
    return;
  }
  try {
    postMessage({ result: await TASKS[task]({ ...given, Leaning }) });
  } catch (error) {
    postMessage({ error: error.message });
  }
});
