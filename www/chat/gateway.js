// Drafts from `leaning gateway`, which serves this page and its API at the same address.

import { withinDeck } from "../measured.js";
import { eventsOf } from "./events.js";

const COMPLETIONS = "v1/chat/completions";
const DONE = "[DONE]";
/** Sentences for the codes of docs/gateway.md that a person can do something about. */
const WORDS = {
  body_too_large: "This conversation has become too long.",
  overloaded: "The chat has too much to do at the moment.",
  upstream_rate_limited: "The model has too much to do at the moment.",
  upstream_timeout: "The model took too long.",
  upstream_unreachable: "The model's server cannot be reached.",
};

/**
 * The gateway behind this page, or null if there is none, as on a server of files. Whoever serves the page sees the same
 * request from everybody.
 */
export async function findGateway() {
  const response = await fetch("v1/models").catch(() => null);
  const models = response?.ok ? await response.json().catch(() => null) : null;
  const [first] = Array.isArray(models?.data) ? models.data : [];
  if (typeof first?.id !== "string") return null;
  return {
    model: first.id,
    isStandIn: first.owned_by === "leaning",
    /** The body of a request. */
    request: ({ messages, count, first: seed }) => ({
      model: first.id,
      messages,
      n: count,
      ...(seed ? { seed } : {}),
      stream: true,
    }),
    write,
  };
}

/**
 * Asks for drafts. `grow(index, text)` is called as they come. Resolves to `{ text, scores }` of each that came whole, in
 * their order; `scores` is null for one that was not scored.
 */
async function write(request, { signal, grow }) {
  const response = await fetch(COMPLETIONS, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
    signal,
  }).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Error("The chat's server cannot be reached.", { cause: error });
  });
  if (!response.ok) {
    const body = await response.json().catch(() => null);
    throw failure(body?.error, response.headers.get("retry-after"));
  }
  const texts = new Map();
  let leaning = {};
  let isDone = false;
  for await (const data of eventsOf(response.body)) {
    if (data === DONE) {
      isDone = true;
      break;
    }
    const chunk = JSON.parse(data);
    if (chunk.error) throw failure(chunk.error);
    leaning = chunk.leaning ?? leaning;
    for (const { index, delta } of chunk.choices) {
      texts.set(index, (texts.get(index) ?? "") + (delta.content ?? ""));
      grow(index, texts.get(index));
    }
  }
  if (!isDone) throw new Error("The connection broke off.");
  const left = new Set((leaning.leftOut ?? []).map(({ index }) => index));
  return [...texts]
    .filter(([index, text]) => text !== "" && !left.has(index))
    .toSorted(([one], [other]) => one - other)
    .map(([index, text]) => {
      const scores = leaning.scores?.[index];
      return { text, scores: scores ? withinDeck(scores) : null };
    });
}

/** An error of the server, in words for the person. The details are for the console. */
function failure(error, retryAfter) {
  const words = WORDS[error?.code] ?? "The model's server could not answer.";
  const seconds = /^\d+$/.test(retryAfter ?? "") ? ` Try again in ${retryAfter} seconds.` : "";
  return new Error(words + seconds, { cause: error });
}
