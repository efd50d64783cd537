// Values that a page may hand over by mistake or on purpose, each made anew.

const boom = () => {
  throw new Error("the page's own");
};

const revoked = (target) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};

/** An array whose length is this. */
const ofLength = (length) =>
  new Proxy([], {
    get: (target, key) => (key === "length" ? length() : Reflect.get(target, key)),
  });

const withItself = (value) => Object.assign(value, { self: value });
const nested = (levels) => JSON.parse("[".repeat(levels) + "]".repeat(levels));

/** What runs in every engine. Values by name. */
export const HOSTILE = {
  undefined: () => undefined,
  null: () => null,
  "not a number": () => Number.NaN,
  infinity: () => Number.POSITIVE_INFINITY,
  "a negative number": () => -1,
  "a fraction": () => 0.5,
  "a huge number": () => 1e308,
  "a bigint": () => 1n,
  "an empty text": () => "",
  "a text": () => "x",
  "a text of two lines": () => "x\ny\u2028z\u001b[2J",
  "half a character": () => "\ud800",
  "a number as text": () => "0",
  true: () => true,
  "an empty list": () => [],
  "an empty object": () => ({}),
  "an object in a circle": () => withItself({}),
  "a list in a circle": () => withItself([[]]),
  "a deep list": () => nested(3000),
  "a symbol": () => Symbol("x"),
  "a function": () => () => 1,
  "a date that is none": () => new Date(Number.NaN),
  "a map": () => new Map([[1, 2]]),
  "a set": () => new Set([1]),
  "an empty proxy": () => new Proxy({}, {}),
  "a revoked object": () => revoked({}),
  "a revoked list": () => revoked([]),
  "a revoked function": () => revoked(() => 1),
  "a field __proto__": () => JSON.parse('{"__proto__":{"chose":1},"chose":0}'),
  bytes: () => new Uint8Array(3),
  doubles: () => new Float64Array(6),
  "big integers": () => new BigInt64Array(2),
  "a buffer": () => new ArrayBuffer(8),
  "a view": () => new DataView(new ArrayBuffer(8)),
  "a detached view": () => {
    const view = new Float64Array(4);
    structuredClone(view.buffer, { transfer: [view.buffer] });
    return view;
  },
  "a list with holes": () => Object.assign(new Array(3), { 2: 1 }),
  "a sparse list of four billion": () => new Array(4e9),
  "a long typed list": () => new Uint8Array(2e7),
  "a long text": () => "x".repeat(2e8),
  "lists of lists of lists": () => Array(1000).fill(Array(1000).fill(Array(1000).fill(0))),
  "an object of many fields": () =>
    Object.fromEntries(Array.from({ length: 200_000 }, (_, k) => [`k${k}`, k])),
  "no prototype": () => Object.create(null),
  "a boxed text": () => new String("tie"),
  "a boxed bigint": () => Object(1n),
  "conversions that throw": () => ({ toString: boom, valueOf: boom, [Symbol.toPrimitive]: boom }),
  "toJSON that throws": () => ({ toJSON: boom }),
  "ownKeys that throws": () => new Proxy({}, { ownKeys: boom }),
  "a getter that throws": () => Object.defineProperty({}, "scores", { enumerable: true, get: boom }),
  "a getter under a long name of two lines": () =>
    Object.defineProperty({}, `a\n${"b".repeat(1e6)}`, { enumerable: true, get: boom }),
  "get that throws": () => new Proxy({}, { get: boom }),
  "descriptors that throw": () => new Proxy({}, { getOwnPropertyDescriptor: boom, ownKeys: () => ["a"] }),
  "a prototype that throws": () => new Proxy({}, { getPrototypeOf: boom }),
  "a length that throws": () => ofLength(boom),
  "a length that is an object": () => ofLength(() => ({ valueOf: boom })),
  "a length that is not a number": () => ofLength(() => Number.NaN),
  "an endless length": () => ofLength(() => Number.POSITIVE_INFINITY),
  "a length that is a symbol": () => ofLength(() => Symbol("x")),
  "a length that is a bigint": () => ofLength(() => 1n),
  "an item that throws": () => Object.defineProperty([1, 2], 1, { get: boom }),
  "an iterator that throws": () => Object.assign([1], { [Symbol.iterator]: boom }),
  "an iterator without end": () =>
    Object.assign([], {
      *[Symbol.iterator]() {
        for (;;) yield 1;
      },
    }),
  "a tag that throws": () => Object.defineProperty({}, Symbol.toStringTag, { get: boom }),
  "a tag of a buffer": () => ({ [Symbol.toStringTag]: "ArrayBuffer" }),
  "throwing nothing": () => new Proxy({}, { ownKeys: () => Promise.resolve(1) }),
  "throwing undefined": () =>
    new Proxy(
      {},
      {
        ownKeys() {
          throw undefined;
        },
      },
    ),
  "throwing what throws": () =>
    new Proxy(
      {},
      {
        ownKeys() {
          throw revoked({});
        },
      },
    ),
  "a promise": () => Promise.resolve(1),
  // biome-ignore lint/suspicious/noThenProperty: waiting for it throws
  "a thenable that throws": () => Object.defineProperty({}, "then", { get: boom }),
  "an error": () => new Error("x"),
  arguments: () =>
    (function () {
      // biome-ignore lint/complexity/noArguments: they are a list that is no array
      return arguments;
    })(1, 2),
};

/** Candidates, a value at each place. */
const AROUND = {
  "as the list": (value) => value,
  "in the list": (value) => [value],
  "as scores": (value) => [{ scores: value }, { scores: [1, 2, 3, 4, 5, 6] }],
  "as a score": (value) => [{ scores: [value, 0, 0, 0, 0, 0] }, { scores: [1, 2, 3, 4, 5, 6] }],
  "as the id": (value) => [{ id: value, scores: [1, 2, 3, 4, 5, 6] }, { scores: [0, 0, 0, 0, 0, 0] }],
  "as the text": (value) => [{ text: value, scores: [1, 2, 3, 4, 5, 6] }, { scores: [0, 0, 0, 0, 0, 0] }],
};

const OPTIONS = [
  ...[
    "seed",
    "strategy",
    "candidatesPerQuestion",
    "halfLife",
    "repeatWorth",
    "sample",
    "words",
    "stop",
    "per",
  ],
  ...["storage", "storageKey", "startOver", "retention", "base"],
];

/** Every method with every argument, by name: calls with a value on an interview. */
export function callsOf({ Leaning, deck, drafts, style, score, markdown, init }) {
  const calls = {
    open: (_, value) => Leaning.open(value),
    "open: deck": (_, value) => Leaning.open({ deck: value, storage: "memory" }),
    "open: a prompt": (_, value) => Leaning.open({ deck: { ...deck, prompts: [value] }, storage: "memory" }),
    "open: a text": (_, value) => Leaning.open({ deck: { ...deck, title: value }, storage: "memory" }),
    "open: the prior": (_, value) => Leaning.open({ deck: { ...deck, prior: value }, storage: "memory" }),
    words: (interview, value) => interview.words(value),
    answer: (interview, value) => interview.answer(value),
    "answer: chose": (interview, value) => interview.answer({ chose: value }),
    "answer: grade": (interview, value) => interview.answer({ chose: 0, grade: value }),
    "answer: rating": (interview, value) => interview.answer({ rating: value, of: value }),
    "answer: best": (interview, value) => interview.answer({ best: value, worst: value }),
    "answer: order": (interview, value) => interview.answer({ order: value }),
    "answer: a place": (interview, value) => interview.answer({ order: [value, [value]] }),
    retract: (interview, value) => interview.retract(value),
    "setWeight: dimension": (interview, value) => interview.setWeight(value, 1),
    "setWeight: weight": (interview, value) => interview.setWeight("brevity", value),
    entries: (interview, value) => interview.entries(value),
    "whatIf: dimension": (interview, value) => interview.whatIf(value),
    "whatIf: weight": (interview, value) => interview.whatIf("brevity", value),
    "rank: options": (interview, value) => interview.rank(drafts(), value),
    "rank: temperature": (interview, value) => interview.rank(drafts(), { temperature: value }),
    "rank: atLeast": (interview, value) => interview.rank(drafts(), { atLeast: value }),
    "observe: answer": (interview, value) => interview.observe(drafts().slice(0, 2), value),
    summary: (interview, value) => interview.summary(value),
    "summary: language": (interview, value) => interview.summary({ language: value }),
    instructions: (interview, value) => interview.instructions(value),
    "instructions: language": (interview, value) => interview.instructions({ language: value }),
    importLog: (interview, value) => interview.importLog(value),
    "importLog: answers": (interview, value) =>
      interview.importLog({ ...JSON.parse(interview.exportLog()), answers: value }),
    "importLog: an answer": (interview, value) =>
      interview.importLog({ ...JSON.parse(interview.exportLog()), answers: [value] }),
    configure: (interview, value) => interview.configure(value),
  };
  for (const option of OPTIONS) {
    calls[`open: ${option}`] = (_, value) => Leaning.open({ deck, storage: "memory", [option]: value });
    calls[`configure: ${option}`] = (interview, value) => interview.configure({ [option]: value });
  }
  for (const [place, around] of Object.entries(AROUND)) {
    calls[`rank: ${place}`] = (interview, value) => interview.rank(around(value));
    calls[`compare: ${place}`] = (interview, value) => interview.compare(around(value));
    calls[`observe: ${place}`] = (interview, value) => interview.observe(around(value), { chose: 0 });
  }
  // Node.js has no nodes to show a text with.
  if (markdown)
    calls.markdown = (_, value) =>
      typeof value === "string" && value.length < 1_000_000 ? null : markdown(value);
  if (init) {
    calls.init = (_, value) => init(value);
    calls["init: options"] = (_, value) => init(undefined, value);
  }
  if (score) {
    const basis = { features: ["x"], mean: [0], scale: [1], head: [[1]] };
    calls["score: basis"] = (_, value) => score(value, []);
    calls["score: a field of the basis"] = (_, value) =>
      score({ ...basis, head: [value], scale: value }, [[1]]);
    calls["score: responses"] = (_, value) => score(basis, value);
    calls["score: a response"] = (_, value) => score(basis, [value]);
    calls["score: a feature"] = (_, value) => score(basis, [{ x: value }]);
  }
  if (style) {
    calls.scoreStyle = (_, value) => style.scoreStyle(value);
    calls["scoreStyle: a text"] = (_, value) => style.scoreStyle([value]);
    calls["scoreStyle: basis"] = (_, value) => style.scoreStyle(["a"], value);
    calls["scoreStyle: features"] = (_, value) =>
      style.scoreStyle(["a"], { features: [value], mean: [0], scale: [1], head: [[1]] });
    calls["scoreStyle: head"] = (_, value) =>
      style.scoreStyle(["a"], { features: ["style:words"], mean: [value], scale: [value], head: [value] });
  }
  return calls;
}

/**
 * Makes every call with every value. Returns a line for each that neither works nor is refused as it should, and
 * for each after which the interview does not work.
 */
export async function tryAll({ calls, open, works, LeaningError }) {
  const complaints = [];
  // Some are large.
  const values = Object.entries(HOSTILE).map(([kind, make]) => [kind, make()]);
  for (const [name, call] of Object.entries(calls)) {
    const interview = await open();
    for (const [kind, value] of values) {
      interview.next();
      const about = `${name}, ${kind}`;
      try {
        const result = await call(interview, value);
        result?.free?.();
      } catch (error) {
        if (!(error instanceof LeaningError)) complaints.push(`${about}: ${messageOf(error)}`);
        else if (
          error.code === "internal" ||
          !isShortLine(error.message, 600) ||
          !isShortLine(error.path ?? "", 200)
        )
          complaints.push(`${about}: ${error.code}: ${error.message.slice(0, 200)}`);
      }
    }
    await interview.configure({ stop: { questions: 10_000 } });
    if (!(await works(interview))) complaints.push(`${name}: the interview does not work afterwards`);
    interview.free();
  }
  return complaints;
}

const isShortLine = (text, longest) => text.length <= longest && !/[\p{Cc}\u2028\u2029]/u.test(text);

function messageOf(error) {
  try {
    return String(error?.message);
  } catch {
    return "an error that cannot be read";
  }
}
