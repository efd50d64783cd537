// The official clients of npm and PyPI, pointed at `leaning gateway`. Neither knows anything of it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import OpenAI from "openai";
import { missing, PROGRAM, startGateway } from "../program.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const run = promisify(execFile);
const PYTHON = process.env.LEANING_PYTHON || "python3";

/** Drafts are scored by their style, which needs no model. */
const DECK = path("../../www/decks/assistant-style-en.json");
const SCORED = ["--deck", DECK, "--basis", path("../../www/decks/style-basis.json")];

const messages = [{ role: "user", content: "Why is my homemade bread so dense?" }];

/** Starts a gateway with a client. */
async function start(...options) {
  const { url, end } = await startGateway(...options);
  const baseURL = `${url}/v1`;
  return { baseURL, client: new OpenAI({ baseURL, apiKey: "own", maxRetries: 0 }), end };
}

/** Fails unless so many drafts were scored on all dimensions of the deck. */
function assertScored({ deck, dimensions, scores }, count) {
  const expected = JSON.parse(readFileSync(DECK, "utf8"));
  assert.equal(deck.id, expected.id);
  assert.deepEqual(
    dimensions,
    expected.dimensions.map(({ id }) => id),
  );
  assert.equal(new Set(scores.map(String)).size, count, "unlike drafts have unlike scores");
  for (const row of scores) assert.ok(row.length === dimensions.length && row.every(Number.isFinite), row);
}

describe("the openai client of npm", { skip: missing }, () => {
  let gateway;
  before(async () => {
    gateway = await start("--stand-in", "--drafts", "3", ...SCORED);
  });
  after(() => gateway.end());

  test("gets drafts as choices, with their scores", async () => {
    const completion = await gateway.client.chat.completions.create({ model: "any", messages });
    assert.deepEqual(
      completion.choices.map(({ index, finish_reason }) => [index, finish_reason]),
      [0, 1, 2].map((index) => [index, "stop"]),
    );
    assert.equal(new Set(completion.choices.map(({ message }) => message.content)).size, 3);
    assert.ok(completion.usage.total_tokens > 0);
    assertScored(completion.leaning, 3);
  });

  test("gets the same drafts as a stream, and the numbers of tokens if it asks for them", async () => {
    const whole = await gateway.client.chat.completions.create({ model: "any", messages, n: 2 });
    for (const include_usage of [false, true]) {
      const stream = await gateway.client.chat.completions.create({
        model: "any",
        messages,
        n: 2,
        stream: true,
        stream_options: { include_usage },
      });
      const texts = ["", ""];
      const order = [];
      let usage;
      let leaning;
      for await (const chunk of stream) {
        for (const { index, delta } of chunk.choices) {
          texts[index] += delta.content ?? "";
          order.push(index);
        }
        usage ??= chunk.usage;
        leaning ??= chunk.leaning;
      }
      assert.deepEqual(
        texts,
        whole.choices.map(({ message }) => message.content),
      );
      assert.ok(order.lastIndexOf(0) > order.indexOf(1), "the drafts grow side by side");
      assert.deepEqual(usage ?? null, include_usage ? whole.usage : null);
      assert.deepEqual(leaning, whole.leaning);
    }
  });

  test("accumulates a stream with its own helper", async () => {
    const whole = await gateway.client.chat.completions.create({ model: "any", messages, n: 2 });
    const stream = gateway.client.chat.completions.stream({ model: "any", messages, n: 2 });
    const { choices } = await stream.finalChatCompletion();
    assert.deepEqual(
      choices.map(({ message }) => message.content),
      whole.choices.map(({ message }) => message.content),
    );
  });

  test("lists models", async () => {
    const { data } = await gateway.client.models.list();
    assert.deepEqual(
      data.map(({ id }) => id),
      ["stand-in"],
    );
    assert.equal((await gateway.client.models.retrieve("stand-in")).id, "stand-in");
  });

  test("throws its own errors, with the place", async () => {
    const wrong = gateway.client.chat.completions.create({ model: "any", messages, n: 99 });
    await assert.rejects(wrong, (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.deepEqual([error.status, error.code, error.param], [400, "invalid_field", "n"]);
      return true;
    });
  });
});

test("the openai client of npm throws when a stream breaks off, and when its key is refused", {
  skip: missing,
}, async () => {
  const upstream = createServer((request, response) => {
    if (request.headers.authorization !== "Bearer own") {
      response.writeHead(401).end("{}");
      return;
    }
    const chunk = { id: "c", choices: [{ index: 0, delta: { content: "Well" }, finish_reason: null }] };
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(`data: ${JSON.stringify(chunk)}\n\n`);
  });
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const gateway = await start("--upstream", `http://127.0.0.1:${upstream.address().port}`);
  try {
    const asked = { model: "any", messages, stream: true };
    const stream = await gateway.client.chat.completions.create(asked);
    const texts = [];
    const read = async () => {
      for await (const chunk of stream) texts.push(chunk.choices[0].delta.content);
    };
    await assert.rejects(read, (error) => {
      assert.ok(error instanceof OpenAI.APIError);
      assert.equal(error.code, "upstream_broke_off");
      return true;
    });
    assert.deepEqual(texts, ["Well"]);
    const other = new OpenAI({ baseURL: gateway.baseURL, apiKey: "wrong", maxRetries: 0 });
    await assert.rejects(other.chat.completions.create(asked), OpenAI.AuthenticationError);
  } finally {
    await gateway.end();
    upstream.close();
  }
});

test("the guide's script makes a table of drafts for leaning build", { skip: missing }, async () => {
  const gateway = await start("--stand-in", "--unlike", path("../../docs/gateway/unlike.json"));
  try {
    const deck = path("../../www/decks/assistant-style-en.json");
    const drafts = await run(process.execPath, [
      path("../../docs/gateway/drafts.mjs"),
      gateway.baseURL,
      deck,
      "2",
    ]);
    const build = run(PROGRAM, ["build", "--responses", "-", "--style"]);
    build.child.stdin.end(drafts.stdout);
    const { prompts } = JSON.parse((await build).stdout);
    assert.deepEqual(
      prompts.map(({ candidates }) => candidates.length),
      [4, 4],
    );
  } finally {
    await gateway.end();
  }
});

const IN_PYTHON = `
import json, sys, openai
client = openai.OpenAI(base_url=sys.argv[1], api_key="own", max_retries=0)
asked = dict(model="any", messages=json.loads(sys.argv[2]), n=2)
whole = client.chat.completions.create(**asked)
texts = ["", ""]
usage = leaning = None
for chunk in client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True}):
    for choice in chunk.choices:
        texts[choice.index] += choice.delta.content or ""
    usage = usage or chunk.usage
    leaning = getattr(chunk, "leaning", leaning)
assert texts == [choice.message.content for choice in whole.choices], texts
assert usage.total_tokens == whole.usage.total_tokens
assert leaning == whole.leaning, leaning
assert all(len(scores) == len(leaning["dimensions"]) for scores in leaning["scores"]), leaning
assert [model.id for model in client.models.list()] == ["stand-in"]
try:
    client.chat.completions.create(**{**asked, "n": 99})
except openai.BadRequestError as error:
    assert (error.code, error.param) == ("invalid_field", "n"), error
else:
    raise AssertionError("no error")
print("fine")
`;

test("the openai client of PyPI works through it, streaming and not", { skip: missing }, async (context) => {
  try {
    await run(PYTHON, ["-c", "import openai"]);
  } catch {
    context.skip("Python has no package openai");
    return;
  }
  const gateway = await start("--stand-in", ...SCORED);
  try {
    const { stdout } = await run(PYTHON, ["-c", IN_PYTHON, gateway.baseURL, JSON.stringify(messages)]);
    assert.equal(stdout.trim(), "fine");
  } finally {
    await gateway.end();
  }
});
