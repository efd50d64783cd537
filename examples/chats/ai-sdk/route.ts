// The server's side: turns the gateway's answer into the stream that `useChat` reads. In Next.js this is app/api/chat/route.ts.

import { createUIMessageStream, createUIMessageStreamResponse, type UIMessage } from "ai";
import { askForDrafts, type Draft } from "../gateway";

export type ChatMessage = UIMessage<never, { leaning: Draft[] }>;

const textOf = ({ parts }: ChatMessage) =>
  parts.map((part) => (part.type === "text" ? part.text : "")).join("");

export async function POST(request: Request): Promise<Response> {
  const { messages }: { messages: ChatMessage[] } = await request.json();
  const conversation = messages.map((message) => ({ role: message.role, content: textOf(message) }));
  const stream = createUIMessageStream<ChatMessage>({
    execute: async ({ writer }) => {
      const gateway = process.env.LEANING_GATEWAY ?? "http://127.0.0.1:8787";
      const { first, drafts } = await askForDrafts(gateway, conversation, request.signal);
      // A transient part is not kept in the message, so no later request carries it back.
      writer.write({ type: "data-leaning", data: drafts, transient: true });
      writer.write({ type: "text-start", id: "first" });
      writer.write({ type: "text-delta", id: "first", delta: first });
      writer.write({ type: "text-end", id: "first" });
    },
    onError: (error) => (error instanceof Error ? error.message : "No answer came."),
  });
  return createUIMessageStreamResponse({ stream });
}
