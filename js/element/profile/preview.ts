// A pick as an example. While the person moves a dot it shows what would be picked instead.

import type { Leaning } from "../../core.js";
import type { DeckText, Profile, WhatIf } from "../../types.js";
import { h } from "../dom.js";
import type { MessageKey, Messages } from "../messages.js";
import type { ViewContext } from "../view.js";
import { thumbnail } from "./thumbnail.js";

export interface PreviewContext extends Pick<ViewContext, "interview" | "messages" | "pictures" | "render"> {
  /** The language of the deck's texts. */
  language: string | null;
}

export class Preview {
  readonly element = h("div", { class: "preview", part: "preview", hidden: true });
  readonly #interview: Leaning;
  readonly #messages: Messages;
  readonly #pictures: PreviewContext["pictures"];
  readonly #render: PreviewContext["render"];
  readonly #language: string | null;
  /** What is picked while no dot is moved; null while nothing is known. */
  #current: { prompt: DeckText; pick: DeckText } | null = null;

  constructor({ interview, messages, pictures, render, language }: PreviewContext) {
    this.#interview = interview;
    this.#messages = messages;
    this.#pictures = pictures;
    this.#render = render;
    this.#language = language;
  }

  /** Shows a pick by the profile as it is: one that depends on what matters most to the person. */
  rest({ dimensions }: Profile): void {
    const effect = ({ mean, rmsDifference }: Profile["dimensions"][number]) => Math.abs(mean * rmsDifference);
    const [most] = [...dimensions].sort((one, other) => effect(other) - effect(one));
    const example = most && this.#interview.whatIf(most.id).example;
    this.#current = example ? { prompt: example.prompt, pick: example.current } : null;
    this.element.classList.remove("is-moving");
    this.element.hidden = !this.#current;
    if (this.#current)
      this.#draw(
        this.#current.prompt,
        [this.#pick("whatIfCurrent", this.#current.pick)],
        this.#messages.text("exampleHint"),
      );
  }

  /** Shows what would be picked if the weight of a dimension were another. Nothing is recorded. */
  move(dimension: string, weight: number): void {
    const whatIf = this.#interview.whatIf(dimension, weight);
    const { example } = whatIf;
    const prompt = example?.prompt ?? this.#current?.prompt;
    const current = example?.current ?? this.#current?.pick;
    this.element.hidden = !prompt;
    if (!prompt || !current) return;
    this.element.classList.add("is-moving");
    const picks = [this.#pick("whatIfCurrent", current)];
    if (example) picks.push(this.#pick("whatIfAlternative", example.alternative));
    this.#draw(prompt, picks, this.#count(whatIf));
  }

  #count({ changed, prompts }: WhatIf): string {
    if (changed === 0) return this.#messages.text("whatIfUnchanged");
    return this.#messages.text("whatIfChanged", { count: changed, prompts });
  }

  #draw(prompt: DeckText, picks: HTMLElement[], count: string): void {
    this.element.replaceChildren(
      h(
        "p",
        { class: "example-title" },
        h("span", { class: "label" }, this.#messages.text("example")),
        h("span", { class: "changed" }, count),
      ),
      this.#deckText("example-prompt", prompt.text),
      h("dl", { class: "example" }, picks),
    );
  }

  #pick(name: MessageKey, { text, image }: DeckText): HTMLElement {
    return h(
      "div",
      { class: "pick" },
      h("dt", {}, this.#messages.text(name)),
      h("dd", {}, thumbnail(image, this.#pictures), this.#deckText("excerpt", text)),
    );
  }

  #deckText(className: string, text: string): HTMLElement {
    return this.#render(h("div", { class: className, lang: this.#language, dir: "auto" }), text);
  }
}
