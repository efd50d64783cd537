// Tests of the package as built: however long it is used, the module's memory stays as large as it is. It never shrinks,
// so that what is lost would show.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { makePerson } from "../../bench/page/decks.js";
import { DECK, drafts, init, Leaning, open } from "./package.mjs";

const { instantiate } = WebAssembly;
let memory;
const size = () => memory.buffer.byteLength;
/** A few pages of 64 kB for what happens to come late: a log that is summed up, a table that grows. */
const SLACK = 10 * 65_536;

before(async () => {
  WebAssembly.instantiate = async (...given) => {
    const result = await instantiate(...given);
    memory ??= result.instance?.exports.memory;
    return result;
  };
  await init();
});

/** Asks and answers as often as `count`, of other prompts once all were asked, and ranks and tells the profile now and then. */
async function use(interview, count) {
  const person = makePerson(DECK.dimensions.length);
  for (let place = 0; place < count; place++) {
    const shown = interview.next()?.candidates ?? DECK.prompts[place % 30].candidates.slice(0, 2);
    await interview.observe(shown, person({ candidates: shown }));
    if (place % 50 === 0) {
      interview.rank(drafts());
      interview.profile();
    }
  }
}

test("the module's memory stays as it is over a thousand questions", async () => {
  const interview = await open({ stop: { questions: 1_000_000 } });
  // By then the log has been summed up for the first time.
  await use(interview, 800);
  const early = size();
  await use(interview, process.env.LEANING_THOROUGH === "1" ? 9200 : 400);
  assert.ok(size() <= early + SLACK, `${early} bytes became ${size()}`);
  interview.free();
});

test("the module's memory stays as it is over hundreds of interviews", async () => {
  const once = async () => {
    const interview = await open();
    await use(interview, 2);
    interview.free();
  };
  for (let place = 0; place < 20; place++) await once();
  const early = size();
  for (let place = 0; place < 300; place++) await once();
  assert.ok(size() <= early + SLACK, `${early} bytes became ${size()}`);
});

test("a refused deck leaves nothing behind", async () => {
  const broken = structuredClone(DECK);
  broken.prompts.at(-1).candidates[0].scores[0] = 1e200;
  const once = () => assert.rejects(Leaning.open({ deck: broken, storage: "memory" }), { code: "deck" });
  for (let place = 0; place < 20; place++) await once();
  const early = size();
  for (let place = 0; place < 1000; place++) await once();
  assert.equal(size(), early);
});
