// The drafts of a chat from which a person may choose. Nothing is shown unless a question is worth it.

import css from "leaning-css/compare/compare.css";
import type { Leaning } from "../../core.js";
import english from "../../lang/en-compare-profile.js";
import type { Question } from "../../types.js";
import { button, h, liveRegion, paragraph } from "../dom.js";
import { answerOfKey } from "../keys.js";
import type { MessageKey, Messages } from "../messages.js";
import type { View, ViewContext } from "../view.js";
import type { Comparison } from "./comparison.js";

export class CompareView implements View {
  readonly css = css;
  readonly #interview: Leaning;
  readonly #messages: Messages;
  readonly #render: ViewContext["render"];
  readonly #section = h("section", { class: "compare", hidden: true });
  readonly #announcement = liveRegion();
  /** The comparison that waits for an answer. */
  #pending: (Comparison & { question: Question }) | null = null;

  constructor(body: HTMLElement, { interview, messages, render }: ViewContext, comparison: Comparison) {
    this.#interview = interview;
    this.#messages = messages;
    this.#render = render;
    messages.addEnglish(english);
    this.#section.setAttribute("aria-label", messages.text("compareAsk"));
    body.replaceChildren(this.#section, this.#announcement);
    this.consider(comparison);
  }

  /** Asks about a comparison unless it is over or not worth it. */
  consider(comparison: Comparison): void {
    // Anything without a length is no list, and `compare` says so.
    const isTooFew = comparison.drafts.length < 2;
    if (!comparison.isOver && !comparison.isPaused && !isTooFew) {
      comparison.question ??= this.#interview.compare(comparison.drafts);
    }
    this.#pending = hasQuestion(comparison) && !comparison.isOver ? comparison : null;
    if (this.#pending) {
      this.#draw(this.#pending.question);
    } else {
      this.#hide();
      comparison.end(null);
    }
  }

  async act(action: string): Promise<void> {
    const comparison = this.#pending;
    if (!comparison) return;
    const { question } = comparison;
    // Until the answer is stored there is nothing else to answer.
    this.#pending = null;
    const chosen = /^\d$/.test(action) ? Number(action) : null;
    try {
      if (action !== "dismiss") {
        await this.#interview.observe(question.candidates, chosen === null ? "tie" : { chose: chosen });
      }
    } catch (error) {
      this.#pending = comparison;
      throw error;
    }
    this.#announcement.textContent = this.#messages.text(
      action === "dismiss" ? "compareDismissed" : "compareThanks",
    );
    this.#hide();
    comparison.end(chosen === null ? null : (question.candidates[chosen]?.index ?? null));
  }

  failureKey(): MessageKey {
    return "notSaved";
  }

  keyAction({ key }: KeyboardEvent): string | undefined {
    if (!this.#pending) return undefined;
    const { candidates, offered } = this.#pending.question;
    if (key === "Escape") return "dismiss";
    const action = answerOfKey(key);
    if (action === "tie") return offered.includes("tie") ? action : undefined;
    return Number(action) < candidates.length ? action : undefined;
  }

  /** Drafts on the screen stay as they are, whatever is answered elsewhere. */
  draw(): boolean {
    return false;
  }

  focus(): void {}

  free(): void {
    this.#section.remove();
    this.#announcement.remove();
  }

  #hide(): void {
    this.#section.hidden = true;
    this.#section.replaceChildren();
  }

  #draw({ candidates, offered }: Question): void {
    const messages = this.#messages;
    const { language } = this.#interview.status();
    const cards = candidates.map(({ text }, place) => {
      const number = messages.text("answer", { place: place + 1 });
      const choose = button("choose", place, messages.text("prefer"));
      choose.setAttribute("aria-describedby", `draft-${place}`);
      return h(
        "article",
        { class: "candidate", part: "candidate", "aria-label": number },
        this.#render(h("div", { class: "text", dir: "auto", lang: language }), text),
        choose,
        h("span", { class: "visually-hidden", id: `draft-${place}` }, number),
      );
    });
    this.#section.replaceChildren(
      h("h2", { class: "instruction", tabindex: -1 }, messages.text("compareAsk")),
      h("div", { class: "candidates" }, cards),
      h(
        "div",
        { class: "secondary-buttons" },
        offered.includes("tie") && button("secondary-button", "tie", messages.text("tie")),
        button("secondary-button", "dismiss", messages.text("dismiss")),
      ),
      paragraph("privacy-note", messages.text("compareStays")),
    );
    this.#section.hidden = false;
  }
}

function hasQuestion(comparison: Comparison): comparison is Comparison & { question: Question } {
  return comparison.question !== null;
}
