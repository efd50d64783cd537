// The package outside a browser, as a server, a test runner or a script uses it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { init, Leaning, LeaningError } from "../../pkg/index.js";
import { init as initSlim, Leaning as SlimLeaning } from "../../pkg/slim.js";

const file = (path) => readFileSync(new URL(path, import.meta.url));
const deck = file("../../www/decks/assistant-style-en.json").toString();

test("every file that package.json names is in the package", () => {
  const manifest = JSON.parse(file("../../pkg/package.json"));
  const targets = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === "string" ? entry : Object.values(entry),
  );
  for (const target of [...targets, manifest.customElements].filter((target) => !target.includes("*"))) {
    assert.ok(file(`../../pkg/${target}`).length > 0, target);
  }
});

test("the notices name every crate whose sources the module mentions, and every bundled package", () => {
  const notices = file("../../pkg/THIRD-PARTY-NOTICES").toString();
  const components = JSON.parse(file("../../pkg/sbom.cdx.json")).components;
  // Messages of panics have the place in the source.
  const places = file("../../pkg/leaning.wasm")
    .toString("latin1")
    .matchAll(/(?:cargo|rust\/deps)\/([\w-]+)-(\d+\.\d+\.\d+)\/src\//g);
  const crates = new Map([...places].map(([, name, version]) => [`${name} ${version}`, { name, version }]));
  assert.ok(crates.size >= 3, [...crates.keys()].join());
  const { version } = JSON.parse(file("../../node_modules/marked/package.json"));
  for (const part of [...crates.values(), { name: "marked", version }, { name: "libm" }]) {
    assert.ok(notices.includes(`\n${part.name} ${part.version ?? ""}`), part.name);
    const listed = components.find(({ name }) => name === part.name);
    assert.equal(listed?.version, part.version ?? listed?.version ?? "none", part.name);
  }
  // Their licences ask for the copyright lines.
  for (const line of ["Christopher Jeffrey", "nalgebra", "Copyright"])
    assert.ok(notices.includes(line), line);
});

test("opening before init says what to do", async () => {
  await assert.rejects(Leaning.open({ deck }), (error) => {
    assert.ok(error instanceof LeaningError && error instanceof Error);
    assert.equal(error.code, "not-ready");
    assert.match(error.message, /init\(\)/);
    return true;
  });
});

test("the inlined module needs no configuration, and all entries share it", async () => {
  await Promise.all([init(), init()]);
  await initSlim();
  const leaning = await SlimLeaning.open({ deck, storage: "memory" });
  assert.ok(leaning instanceof Leaning);
});

test("errors are LeaningErrors with a code and a path", async () => {
  await init();
  const broken = JSON.parse(deck);
  broken.prompts[3].candidates[1].scores.pop();
  await assert.rejects(Leaning.open({ deck: broken }), (error) => {
    assert.ok(error instanceof LeaningError);
    assert.equal(error.code, "deck");
    assert.equal(error.path, "prompts[3].candidates[1].scores");
    assert.match(error.message, /expected 6 numbers, found 5/);
    return true;
  });
  const leaning = await Leaning.open({ deck });
  assert.throws(() => leaning.rank([{ scores: [1] }]), { code: "candidates", path: "[0].scores" });
  await assert.rejects(leaning.importLog("nonsense"), { code: "log" });
  await assert.rejects(Leaning.open({}), { code: "options", path: "deck" });
  await assert.rejects(Leaning.open(), { code: "options" });
});

test("a deck may be an object, a text or bytes, and only browsers have storage", async () => {
  await init();
  const bytes = file("../../www/decks/assistant-style-en.json");
  for (const form of [deck, JSON.parse(deck), bytes, new TextEncoder().encode(deck).buffer]) {
    const leaning = await Leaning.open({ deck: form });
    assert.equal(leaning.status().stored, false);
    assert.ok(leaning.next());
    leaning.free();
  }
  for (const broken of [new Uint8Array([34, 255, 34]), new ArrayBuffer(3), new Uint8Array()]) {
    await assert.rejects(Leaning.open({ deck: broken }), { code: "json" });
  }
});

/** An object that is revoked, as a draft of Immer is after use. */
function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function throwing(name) {
  return Object.defineProperty({}, name, {
    enumerable: true,
    get() {
      throw new Error("thrown by the caller");
    },
  });
}

const knot = {};
knot.self = knot;
const WILD = [
  ...[
    undefined,
    null,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -0,
    1e308,
    1n,
    "",
    "x",
    "\ud800",
    "tie",
    true,
    [],
    {},
    knot,
  ],
  ...[
    Symbol("s"),
    () => 1,
    new Date(),
    /x/,
    new Map([[1, 2]]),
    new Proxy({}, {}),
    Object.create(null),
    new String("tie"),
  ],
  ...[
    new Float64Array(6),
    new ArrayBuffer(8),
    new DataView(new ArrayBuffer(8)),
    { chose: 1e9 },
    { chose: 0.5 },
    [[[]]],
  ],
  ...[
    revoked(),
    [revoked()],
    throwing("scores"),
    throwing("chose"),
    [throwing("scores")],
    [{ scores: revoked() }],
  ],
  new Proxy([], {
    get() {
      throw new Error("thrown by the caller");
    },
  }),
];

test("no argument, whatever it is or throws, breaks the interview", async () => {
  await init();
  const leaning = await Leaning.open({ deck, storage: "memory" });
  const sound = [{ scores: [0, 0, 0, 0, 0, 0] }, { scores: [1, 0, 0, 0, 0, 0] }];
  const methods = {
    answer: (wild) => leaning.answer(wild),
    retract: (wild) => leaning.retract(wild),
    setWeight: (wild) => leaning.setWeight(wild, wild),
    entries: (wild) => leaning.entries(wild),
    whatIf: (wild) => leaning.whatIf(wild),
    rank: (wild) => leaning.rank(wild),
    temperature: (wild) => leaning.rank(sound, wild),
    compare: (wild) => leaning.compare(wild),
    observe: (wild) => leaning.observe(wild, "skip"),
    observed: (wild) => leaning.observe(sound, wild),
    importLog: (wild) => leaning.importLog(wild),
    configure: (wild) => leaning.configure(wild),
    sample: (wild) => leaning.configure({ sample: wild }),
    open: (wild) => Leaning.open({ deck: wild }),
    options: (wild) => Leaning.open(wild),
  };
  for (const [name, call] of Object.entries(methods)) {
    for (const [place, wild] of WILD.entries()) {
      try {
        await call(wild);
      } catch (error) {
        assert.ok(error instanceof LeaningError, `${name}, ${place}: ${error}`);
        assert.notEqual(error.code, "internal", `${name}, ${place}: ${error.message}`);
      }
    }
  }
  await leaning.forget();
  await leaning.configure({ stop: { questions: 5 } });
  for (let asked = 0; leaning.next(); asked++) {
    assert.ok(asked < 5);
    await leaning.answer({ chose: 0 });
  }
  assert.equal(leaning.status().answered, 5);
  leaning.free();
});

test("errors leave nothing behind in the module", async () => {
  await init();
  const leaning = await Leaning.open({ deck, storage: "memory" });
  for (let times = 0; times < 100_000; times++) assert.throws(() => leaning.rank(WILD.at(-1)), LeaningError);
  for (let times = 0; times < 10_000; times++)
    assert.throws(() => leaning.rank([{ scores: [1] }]), LeaningError);
  assert.ok(leaning.next());
  leaning.free();
});

test("interviews that were freed leave no memory behind", async () => {
  await init();
  const round = async () => {
    const leaning = await Leaning.open({ deck, storage: "memory" });
    leaning.next();
    await leaning.answer("tie");
    leaning.free();
    leaning.free();
    assert.throws(() => leaning.next(), { code: "not-ready" });
  };
  for (let warm = 0; warm < 20; warm++) await round();
  // The memory of the module counts as external. One interview takes some 170 kB of it.
  const before = process.memoryUsage().external;
  for (let times = 0; times < 100; times++) await round();
  assert.ok(process.memoryUsage().external - before < 2_000_000);
});
