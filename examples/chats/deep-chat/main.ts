import "deep-chat";
import "leaning/element";
import { markdown } from "leaning/markdown";
import { askForDrafts, type Message } from "../gateway";

const chat = document.querySelector("deep-chat")!;
/** The question in a message of its own, which deep-chat removes once the next message is there. */
const QUESTION =
  '<leaning-compare class="deep-chat-temporary-message" deck="/decks/assistant-style-en.json"></leaning-compare>';
/** The conversation as it is sent: with the first drafts, whatever was shown. */
const conversation: Message[] = [];

async function answer(message: string): Promise<string> {
  const asked: Message = { role: "user", content: message };
  const { first, drafts } = await askForDrafts(location.origin, [...conversation, asked]);
  chat.addMessage({ html: QUESTION, role: "ai" });
  const compare = chat.shadowRoot!.querySelector("leaning-compare")!;
  compare.renderer = markdown;
  const preferred = await compare.ask(drafts);
  const pick = drafts[preferred ?? compare.interview?.rank(drafts)[0]?.index ?? 0];
  conversation.push(asked, { role: "assistant", content: first });
  return pick?.text ?? first;
}

// A message is as wide as its content, and the question as wide as its message.
chat.messageStyles = { html: { shared: { bubble: { width: "100%" } } } };
chat.errorMessages = { displayServiceErrorMessages: true };
chat.connect = {
  handler: async ({ messages }, { onResponse }) => {
    try {
      // The element renders Markdown.
      await onResponse({ text: await answer(messages.at(-1).text) });
    } catch (error) {
      await onResponse({ error: error instanceof Error ? error.message : "No answer came." });
    }
  },
};
