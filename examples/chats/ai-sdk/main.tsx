import { useChat } from "@ai-sdk/react";
import "leaning/element";
import type { LeaningCompare } from "leaning/element";
import { markdown } from "leaning/markdown";
import type {} from "leaning/react";
import { type FormEvent, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import type { Draft } from "../gateway";
import type { ChatMessage } from "./route";

const DECK = "/decks/assistant-style-en.json";

function Markdown({ text }: { text: string }) {
  return <div className="reply" ref={(node) => node?.replaceChildren(markdown(text))} />;
}

function Chat() {
  const compare = useRef<LeaningCompare>(null);
  const latest = useRef<Draft[]>([]);
  // The drafts that were shown as answers, by the id of the person's message. A list is there once the pick is made.
  const [shown, setShown] = useState<Record<string, Draft[]>>({});
  const { messages, sendMessage, regenerate, status, error } = useChat<ChatMessage>({
    onData: ({ type, data }) => {
      if (type === "data-leaning") latest.current = data;
    },
    onFinish: async ({ messages }) => {
      const { id } = messages.findLast(({ role }) => role === "user")!;
      const before = shown[id] ?? [];
      const drafts = latest.current.filter(({ text }) => before.every((draft) => draft.text !== text));
      latest.current = [];
      // After "Another answer", keeping one of the answers says which is better.
      const preferred = before.length > 0 ? null : await compare.current!.ask(drafts);
      const pick = drafts[preferred ?? compare.current?.interview?.rank(drafts)[0]?.index ?? 0];
      setShown((all) => ({ ...all, [id]: pick ? [...before, pick] : before }));
    },
  });
  const turn = messages.findLast(({ role }) => role === "user")?.id ?? "";

  async function keep(chose: number) {
    const answers = shown[turn] ?? [];
    if (answers.length < 2) return;
    await compare.current!.interview!.observe(answers, { chose });
    setShown((all) => ({ ...all, [turn]: [answers[chose]!] }));
  }

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const text = String(new FormData(form).get("message"));
    form.reset();
    // Going on keeps the answer that came last.
    await keep((shown[turn] ?? []).length - 1);
    await sendMessage({ text });
  }

  return (
    <>
      {messages.map(({ id, role, parts }, place) => {
        const text = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
        if (role === "user") return <h2 key={id}>{text}</h2>;
        const of = messages[place - 1]!.id;
        const answers = shown[of];
        if (!answers) return <p key={id}>…</p>;
        if (answers.length === 0) return <Markdown key={id} text={text} />;
        return answers.map((draft, nth) => (
          <section key={draft.text}>
            <Markdown text={draft.text} />
            {of === turn && answers.length > 1 && (
              <button type="button" onClick={() => keep(nth)}>
                Keep this
              </button>
            )}
          </section>
        ));
      })}
      {shown[turn] && (status === "ready" || status === "error") && (
        <button type="button" id="another" onClick={() => regenerate()}>
          Another answer
        </button>
      )}
      {error && <p role="alert">{error.message}</p>}
      <leaning-compare deck={DECK} ref={compare} renderer={markdown} />
      <form onSubmit={send}>
        <input name="message" aria-label="Message" autoComplete="off" required />
        <button type="submit">Send</button>
      </form>
    </>
  );
}

createRoot(document.getElementById("app")!).render(<Chat />);
