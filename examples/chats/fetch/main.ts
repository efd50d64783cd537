import { EventSourceParserStream } from "eventsource-parser/stream";
import "leaning/element";
import { markdown } from "leaning/markdown";

const compare = document.querySelector("leaning-compare")!;
compare.renderer = markdown;
const form = document.querySelector("form")!;
const conversation: { role: string; content: string }[] = [];

/** Asks for drafts, and calls `grow` with the number of letters that there are. Resolves to texts and scores. */
async function write(messages: typeof conversation, grow: (letters: number) => void) {
  const response = await fetch("/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "any", messages, n: 4, stream: true }),
  });
  if (!response.ok) throw new Error((await response.json()).error.message);
  const events = response
    .body!.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  const texts: string[] = [];
  let scores: (number[] | null)[] = [];
  for (;;) {
    const { value, done } = await events.read();
    if (done) throw new Error("The answer broke off.");
    if (value.data === "[DONE]") return texts.flatMap((text, index) => ({ text, scores: scores[index] }));
    const { choices, leaning, error } = JSON.parse(value.data);
    if (error) throw new Error(error.message);
    scores = leaning?.scores ?? scores;
    for (const { index, delta } of choices) texts[index] = (texts[index] ?? "") + (delta.content ?? "");
    grow(texts.join("").length);
  }
}

async function answer(message: string, reply: HTMLElement) {
  const asked = { role: "user", content: message };
  const grow = (letters: number) => (reply.textContent = `Drafts of ${letters} letters so far …`);
  const all = await write([...conversation, asked], grow);
  const drafts = all.flatMap(({ text, scores }) => (scores ? { text, scores } : []));
  const preferred = await compare.ask(drafts);
  const pick = drafts[preferred ?? compare.interview?.rank(drafts)[0]?.index ?? 0] ?? all[0]!;
  reply.replaceChildren(markdown(pick.text));
  reply.ariaBusy = "false";
  // Whatever was shown, the server reads its first draft again, and learns nothing about the pick.
  conversation.push(asked, { role: "assistant", content: (drafts[0] ?? all[0]!).text });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const message = String(new FormData(form).get("message"));
  form.reset();
  const reply = Object.assign(document.createElement("div"), { className: "reply", ariaBusy: "true" });
  document
    .querySelector("#turns")!
    .append(Object.assign(document.createElement("h2"), { textContent: message }), reply);
  answer(message, reply).catch((error) => (reply.textContent = `No answer came: ${error.message}`));
});
