// The things that a person may take along from their result: a text for their assistant, and a card to share.

import type { Leaning } from "../core.js";
import { button, h, paragraph, windowOf } from "./dom.js";
import type { Messages } from "./messages.js";

export class TakeAlong {
  readonly element = h("div", { class: "take-along" });
  readonly #interview: Leaning;
  readonly #messages: Messages;
  readonly #announce: (text: string) => void;
  /** It draws the card. Loaded with the result, so that no request tells when somebody shares theirs. */
  readonly #card = import("./share-card.js").catch(() => undefined);
  #summary = "";

  /** `announce` tells screen readers what has happened. */
  constructor(interview: Leaning, messages: Messages, announce: (text: string) => void) {
    this.#interview = interview;
    this.#messages = messages;
    this.#announce = announce;
  }

  /** Offers what there is to take along, for a result in a sentence; nothing while nothing is clear. */
  draw(summary: string): void {
    this.#summary = summary;
    // The person may be changing the text.
    const { activeElement } = this.element.getRootNode() as ShadowRoot;
    if (activeElement && this.element.contains(activeElement)) return;
    const messages = this.#messages;
    const copy = button(
      "secondary-button",
      "instructions",
      messages.text("copyForAssistant"),
      "instructions",
    );
    const share = this.#shareButton();
    const offered = this.#window.navigator.clipboard ? [copy, share] : [share];
    const isClear = this.#interview.profile().dimensions.some(({ standing }) => standing !== "open");
    this.element.replaceChildren(...(summary && isClear ? offered : []));
  }

  /** Does an action of one of its buttons, and nothing for any other. */
  async act(action: string, control?: HTMLElement): Promise<void> {
    if (action === "instructions") return this.#showInstructions();
    if (action === "copy-instructions") return this.#copy(control);
    if (action === "share") return this.#share(control);
  }

  /** The window that the person sees: only a window with the focus may write to the clipboard. */
  get #window(): Window & typeof globalThis {
    return windowOf(this.element);
  }

  /** Shows the text before it is copied, so that the person knows it and may change it. */
  async #showInstructions(): Promise<void> {
    const messages = this.#messages;
    const value = await this.#interview.instructions({ language: messages.language });
    const field = h("textarea", { class: "instructions", id: "instructions", rows: 5, dir: "auto" }, value);
    this.element.replaceChildren(
      h("label", { class: "label", for: "instructions" }, messages.text("instructionsLabel")),
      field,
      paragraph("note", messages.text("instructionsNote")),
      button("secondary-button", "copy-instructions", messages.text("copyInstructions")),
      this.#shareButton(),
    );
    field.focus();
  }

  #shareButton(): HTMLElement {
    return button("secondary-button", "share", this.#messages.text("share"), "share");
  }

  async #copy(control?: HTMLElement): Promise<void> {
    await this.#window.navigator.clipboard.writeText(this.element.querySelector("textarea")?.value ?? "");
    this.#tell(this.#messages.text("instructionsCopied"), control);
  }

  /** Tells screen readers what has happened, and everybody else on the button that did it. */
  #tell(words: string, control?: HTMLElement): void {
    if (control) control.textContent = words;
    this.#announce(words);
  }

  /** Shares a picture of the result by the system's sheet, or the sentence alone, or else saves the picture. */
  async #share(control?: HTMLElement): Promise<void> {
    const { navigator } = this.#window;
    const text = this.#summary;
    const module = await this.#card;
    const card = await module?.drawCard({
      title: this.#interview.title,
      profile: this.#interview.profile(),
      archetype: this.#interview.archetype()?.name ?? null,
      summary: text,
      messages: this.#messages,
      style: this.#window.getComputedStyle(this.element),
    });
    if (typeof navigator.share === "function") {
      const files = card ? [new File([card], "leaning.png", { type: card.type })] : [];
      const takesFiles = files.length > 0 && navigator.canShare?.({ files });
      // To close the sheet is no failure.
      await navigator.share(takesFiles ? { text, files } : { text }).catch((error: Error) => {
        if (error.name !== "AbortError") throw error;
      });
    } else {
      if (!card) throw new Error("the card cannot be drawn");
      const href = URL.createObjectURL(card);
      h("a", { href, download: "leaning.png" }).click();
      // Some browsers start to read it after the click.
      setTimeout(() => URL.revokeObjectURL(href), 10_000);
      this.#tell(this.#messages.text("exported"), control);
    }
    control?.focus();
  }
}
