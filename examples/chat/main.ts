import "leaning/element";
import type { Basis } from "leaning";
import { markdown } from "leaning/markdown";
import { init, scoreStyle } from "leaning/style";
import { stream, VARIANTS } from "./model";

const compare = document.querySelector("leaning-compare")!;
const turns = document.getElementById("turns")!;
const input = document.querySelector("input")!;
compare.renderer = markdown;
document.querySelector("leaning-profile")!.renderer = markdown;

/** The scores of a text on the deck's dimensions come from this. */
const basis: Promise<Basis> = fetch("/decks/style-basis.json")
  .then((response) => response.json())
  .then((file) => file.basis);

async function whole(words: AsyncGenerator<string>): Promise<string> {
  let text = "";
  for await (const word of words) text += word;
  return text;
}

async function answer(message: string): Promise<void> {
  const question = Object.assign(document.createElement("h2"), { textContent: message });
  const reply = Object.assign(document.createElement("div"), { className: "reply", textContent: "…" });
  turns.append(question, reply);
  await init();
  const texts = await Promise.all(
    Array.from({ length: VARIANTS }, (_, variant) => whole(stream(message, variant))),
  );
  const drafts = scoreStyle(texts, await basis).map((scores, i) => ({ scores, text: texts[i] }));
  // The index of the preferred draft, or null if it was not worth asking.
  const preferred = await compare.ask(drafts, { message });
  const [best] = compare.interview?.rank(drafts) ?? [];
  reply.replaceChildren(markdown(texts[preferred ?? best?.index ?? 0]!));
}

document.getElementById("form")!.addEventListener("submit", (event) => {
  event.preventDefault();
  const message = input.value;
  input.value = "";
  answer(message).catch(console.error);
});
