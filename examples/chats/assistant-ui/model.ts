// The two adapters of assistant-ui: one gets drafts and learns from branches, the other learns from thumbs.

import type { ChatModelAdapter, FeedbackAdapter, ThreadMessage } from "@assistant-ui/react";
import type { LeaningCompare } from "leaning/element";
import { askForDrafts, type Draft } from "../gateway";

/** The data of a part of each reply. It stays in the page. */
export interface Reply {
  draft: Draft;
  /** The context of the next request, whatever was shown. */
  first: string;
  why: string;
}

/** The drafts for one message of the person: those that became branches, and those that are left. */
interface Turn {
  first: string;
  shown: Draft[];
  left: Draft[];
}

function replyOf({ content }: ThreadMessage): Reply | undefined {
  for (const part of content) if (part.type === "data" && part.name === "leaning") return part.data;
  return undefined;
}

const textOf = ({ content }: ThreadMessage) =>
  content.map((part) => (part.type === "text" ? part.text : "")).join("");

export function adapters(compare: LeaningCompare): { model: ChatModelAdapter; feedback: FeedbackAdapter } {
  const turns = new Map<string, Turn>();

  /** Whoever goes on below a branch prefers it to the others of that message. */
  async function learn(message: ThreadMessage | undefined, answer: ThreadMessage | undefined) {
    const turn = turns.get(message?.id ?? "");
    const kept = answer && replyOf(answer)?.draft.text;
    const chose = turn?.shown.findIndex(({ text }) => text === kept) ?? -1;
    if (!turn || turn.shown.length < 2 || chose < 0) return;
    const shown = turn.shown.splice(0, turn.shown.length, turn.shown[chose]!);
    await compare.interview?.observe(shown, { chose });
  }

  const model: ChatModelAdapter = {
    async run({ messages, abortSignal }) {
      await learn(messages.at(-3), messages.at(-2));
      const { id } = messages.at(-1)!;
      const turn = turns.get(id) ?? { first: "", shown: [], left: [] };
      if (turn.left.length === 0) {
        const conversation = messages.map((message) => ({
          role: message.role,
          content: replyOf(message)?.first ?? textOf(message),
        }));
        const { first, drafts } = await askForDrafts(location.origin, conversation, abortSignal);
        turn.first ||= first;
        turn.left = drafts;
        turns.set(id, turn);
      }
      // "Another answer" shows the next draft, and asks nothing.
      const preferred = turn.shown.length === 0 ? await compare.ask(turn.left) : null;
      const best = compare.interview?.rank(turn.left)[0];
      const [draft] = turn.left.splice(preferred ?? best?.index ?? 0, 1);
      if (!draft) return { content: [{ type: "text", text: turn.first }] };
      turn.shown.push(draft);
      const liked = best?.reasons.filter(({ contribution }) => contribution > 0).map(({ end }) => end);
      const why = preferred === null ? liked?.slice(0, 2).join(", ") || "The default" : "Your choice";
      const data: Reply = { draft, first: turn.first, why };
      return {
        content: [
          { type: "data", name: "leaning", data },
          { type: "text", text: draft.text },
        ],
      };
    },
  };

  const feedback: FeedbackAdapter = {
    submit({ message, type }) {
      const draft = replyOf(message)?.draft;
      if (draft) compare.interview?.observe([draft], { rating: type === "positive" ? 2 : 1, of: 2 });
    },
  };
  return { model, feedback };
}
