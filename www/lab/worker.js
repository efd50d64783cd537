// A worker of the lab. It interviews the people that the page names, a few at a time.

import { init, Leaning } from "../pkg/slim.js";
import { check, prepare } from "./interviews.js";

const loaded = init(new URL("../pkg/leaning.wasm", import.meta.url));
let interview;

const TASKS = {
  check: ({ deck }) => check(Leaning, deck),
  prepare: async ({ deck, settings }) => {
    interview = await prepare(Leaning, deck, settings);
  },
  people: async ({ from, to }) => {
    const results = [];
    for (let index = from; index < to; index++) results.push(await interview(index));
    return results;
  },
};

addEventListener("message", async ({ data: { task, ...given } }) => {
  try {
    await loaded;
    postMessage({ result: await TASKS[task](given) });
  } catch (error) {
    postMessage({ error: error.message });
  }
});
