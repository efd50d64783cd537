// Drafts of `leaning gateway`, for chats that wait until the drafts are whole.

/** A message as the gateway takes it. */
export interface Message {
  role: "user" | "assistant" | "system";
  content: string;
}

export interface Draft {
  text: string;
  /** A number for each dimension of the deck. */
  scores: number[];
}

export interface Answer {
  /** The first draft. As context of the next request it tells the server nothing about the pick. */
  first: string;
  /** The drafts that have scores. */
  drafts: Draft[];
}

interface Choice {
  index: number;
  message: { content: string };
}

/** Asks the gateway at a URL for four drafts of the next message. */
export async function askForDrafts(
  gateway: string,
  messages: readonly Message[],
  signal?: AbortSignal,
): Promise<Answer> {
  const response = await fetch(new URL("/v1/chat/completions", gateway), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "any", messages, n: 4 }),
    signal: signal ?? null,
  });
  const { choices, leaning, error } = await response.json();
  if (error) throw new Error(error.message);
  const drafts = choices.flatMap(({ index, message }: Choice) => {
    const scores = leaning?.scores?.[index];
    return scores ? { text: message.content, scores } : [];
  });
  return { first: choices[0].message.content, drafts };
}
