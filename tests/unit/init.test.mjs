// `init` with whatever a page hands over, before the module is loaded. The file has a process of its own: a module is loaded once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HOSTILE } from "./hostile.mjs";

const { init, LeaningError } = await import("../../pkg/slim.js");
const style = await import("../../pkg/style.js");

/** A promise that is rejected with something that throws when it is looked at. */
const rejected = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return Promise.reject(proxy);
};

const refused = (error) =>
  error instanceof LeaningError &&
  // An object may have options of other names than there are.
  ["not-ready", "fetch", "options"].includes(error.code) &&
  !/[\n\r]/.test(error.message) &&
  error.message.length < 700;

const values = { ...HOSTILE, "a promise that fails badly": rejected };

for (const [kind, make] of Object.entries(values)) {
  test(`init refuses ${kind} as the module`, async () => {
    await assert.rejects(async () => init(make()), refused);
  });
}

test("init refuses any options of a module that cannot be fetched", async () => {
  for (const [kind, make] of Object.entries(HOSTILE)) {
    // The large ones take long, and are no different here.
    if (/long|many|lists of lists|billion/.test(kind)) continue;
    for (const options of [make(), { integrity: make() }]) {
      await assert.rejects(async () => init("http://127.0.0.1:1/leaning.wasm", options), refused, kind);
    }
  }
});

test("the style scores refuse the same, and load with nothing but what is inside", async () => {
  for (const [kind, make] of Object.entries(values)) {
    const value = make();
    // Nothing is given, so what is inside is loaded.
    if (value === undefined || value === null) continue;
    await assert.rejects(async () => style.init(value), refused, kind);
  }
  await style.init();
  assert.equal(style.scoreStyle(["A text."]).length, 1);
});

test("after all that, init loads the module", async () => {
  const { readFile } = await import("node:fs/promises");
  await init(await readFile(new URL("../../pkg/leaning.wasm", import.meta.url)));
});
