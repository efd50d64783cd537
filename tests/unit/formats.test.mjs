// Files of each version of each format, in tests/fixtures/formats, are read by the package as built; and there is one for each
// format that the sources name.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { before, test } from "node:test";
import { importSource } from "../../js/import-source.mjs";
import { init, Leaning } from "./package.mjs";

const url = (path) => new URL(`../../${path}`, import.meta.url);
const FOLDER = "tests/fixtures/formats/";
const fixture = (name) => readFileSync(url(`${FOLDER}${name}.json`), "utf8");
const expected = JSON.parse(fixture("expected"));

before(() => init());

/** The sources of a folder, as texts. */
function sources(folder, extension) {
  return readdirSync(url(folder), { recursive: true })
    .filter((name) => name.endsWith(extension))
    .map((name) => readFileSync(url(`${folder}/${name}`), "utf8"));
}

/** Each format that the sources name, with the highest version. */
function formats() {
  const texts = [
    ...["src", "cli/src", "population", "simulate", "style"].flatMap((folder) => sources(folder, ".rs")),
    ...sources("js", ".ts"),
  ];
  const found = new Map();
  for (const [, name, version] of texts.join("\n").matchAll(/"(leaning-[a-z]+)\/(\d+)"/g)) {
    found.set(name, Math.max(found.get(name) ?? 0, Number(version)));
  }
  return found;
}

test("there is a fixture of each version of each format, and it is of that version", () => {
  const found = formats();
  assert.deepEqual(
    [...found.keys()].sort(),
    ["leaning-answers", "leaning-deck", "leaning-frame", "leaning-scores", "leaning-shared"],
    "a format of another name needs a fixture, and a test that reads it",
  );
  const files = readdirSync(url(FOLDER));
  for (const [name, newest] of found) {
    for (let version = 1; version <= newest; version++) {
      const file = `${name}-${version}`;
      assert.ok(files.includes(`${file}.json`), `${FOLDER}${file}.json is missing`);
      assert.equal(JSON.parse(fixture(file)).format, `${name}/${version}`);
    }
    assert.ok(!files.includes(`${name}-${newest + 1}.json`), "the test finds the newest version");
  }
});

test("the newest logs have an entry of each kind that the sources know", () => {
  const source = readFileSync(url("src/format/log.rs"), "utf8");
  const [, list] = source.match(/const KINDS: [^=]*= \[([^\]]*)\]/);
  // Some are constants.
  const kinds = [...list.matchAll(/"([a-z-]+)"|([A-Z]+)/g)].map(
    ([, kind, name]) => kind ?? source.match(new RegExp(`const ${name}: &str = "([a-z-]+)"`))[1],
  );
  assert.ok(kinds.length >= 7);
  const newest = `leaning-answers-${formats().get("leaning-answers")}`;
  const logs = Object.keys(expected).filter((name) => name === newest || name.startsWith(`${newest}-`));
  const used = logs.flatMap((name) => JSON.parse(fixture(name)).answers.map(({ kind = "answer" }) => kind));
  assert.deepEqual(
    kinds.filter((kind) => !used.includes(kind)),
    [],
  );
});

const hex = (number) => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
};

for (const [log, { deck, mean, variances, ranked }] of Object.entries(expected)) {
  test(`${log} and ${deck} give the recorded bits in the package, and are written back whole`, async () => {
    const interview = await Leaning.open({ deck: fixture(deck), storage: "memory" });
    await interview.importLog(fixture(log));
    const laplace = interview.laplaceApproximation();
    assert.deepEqual(laplace.mean.map(hex), mean);
    assert.deepEqual(
      laplace.covariance.map((row, place) => hex(row[place])),
      variances,
    );
    const order = interview.rank(JSON.parse(fixture("candidates"))).map(({ index }) => index);
    assert.deepEqual(order, ranked);
    const written = JSON.parse(interview.exportLog());
    const given = JSON.parse(fixture(log));
    assert.equal(written["x-device"], given["x-device"]);
    for (const entry of given.answers.filter(({ id }) => id)) {
      const found = written.answers.find(({ id }) => id === entry.id);
      assert.deepEqual({ ...found, ...entry }, found, entry.id);
    }
    assert.equal(written.answers.length, given.answers.length);
    interview.free();
  });
}

test("the message of leaning-frame/1 is read whole", async () => {
  const { readOpening } = await importSource("frame-opening.ts");
  const text = fixture("leaning-frame-1");
  assert.deepEqual(readOpening(text), JSON.parse(text));
});

test("the looks of the deck are read, too", async () => {
  const interview = await Leaning.open({ deck: fixture("leaning-deck-1"), storage: "memory" });
  assert.equal(interview.status().language, "en");
  assert.equal(interview.images.length, 2);
  assert.equal(interview.words("de").ask, "Was?");
  interview.free();
});
