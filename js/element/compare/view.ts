// The drafts of a chat from which a person may choose. Nothing is shown unless a question is worth it.

import css from "leaning-css/compare/compare.css";
import { readCandidates } from "../../arguments.js";
import type { Leaning } from "../../core.js";
import { flaw, toLeaningError } from "../../error.js";
import english from "../../lang/en-compare-profile.js";
import type { Candidate, Question } from "../../types.js";
import { rememberAsked } from "../asked-about.js";
import { nameId, placeOfDigit } from "../controls/controls.js";
import { gradeActions, gradeButtons, gradedAnswer } from "../controls/grades.js";
import { button, h, liveRegion, paragraph } from "../dom.js";
import { digitOf } from "../key-digits.js";
import type { MessageKey, Messages } from "../messages.js";
import { sizers, tallest } from "../sizers.js";
import type { View, ViewContext } from "../view.js";
import type { Comparison } from "./comparison.js";

export class CompareView implements View {
  readonly css = css;
  readonly #interview: Leaning;
  readonly #messages: Messages;
  readonly #render: ViewContext["render"];
  readonly #appeared: ViewContext["appeared"];
  readonly #setState: ViewContext["setState"];
  readonly #section = h("section", { class: "compare", part: "compare", hidden: true });
  readonly #announcement = liveRegion();
  /** What had the focus when the person was asked, such as the field in which they write. */
  #focusedBefore: Element | null = null;
  /** The comparison that waits for an answer. */
  #pending: (Comparison & { question: Question }) | null = null;

  constructor(
    body: HTMLElement,
    { interview, messages, render, appeared, setState }: ViewContext,
    comparison: Comparison,
  ) {
    this.#interview = interview;
    this.#messages = messages;
    this.#render = render;
    this.#appeared = appeared;
    this.#setState = setState;
    messages.addEnglish(english);
    this.#section.setAttribute("aria-label", this.#ask);
    body.replaceChildren(this.#section, this.#announcement);
    this.consider(comparison);
  }

  /** Asks about a comparison unless it is over or not worth it. */
  consider(comparison: Comparison): void {
    try {
      this.#look(comparison);
      this.#pending = hasQuestion(comparison) && !comparison.isOver ? comparison : null;
      if (this.#pending) {
        this.#draw(this.#pending);
      } else {
        this.#hide();
        comparison.end(null);
      }
    } catch (error) {
      comparison.question = this.#pending = null;
      comparison.fail(toLeaningError(error));
      this.#hide();
      // Whoever waits for a decision is told, and nobody misses the drafts here.
      if (!comparison.isAwaited) this.#sayThatItFailed();
    }
  }

  /** Finds the question about a comparison, if there is one. */
  #look(comparison: Comparison): void {
    if (comparison.interview !== this.#interview && !comparison.isOver) comparison.question = null;
    comparison.interview = this.#interview;
    if (comparison.isOver || comparison.isPaused || comparison.question) return;
    const drafts = readCandidates(comparison.drafts) as Candidate[];
    // Anything without a length is no list, and `compare` says so.
    if (drafts?.length < 2) return;
    comparison.question = this.#interview.compare(drafts);
    checkTexts(drafts);
    comparison.texts = drafts.map(({ text }) => text ?? "");
  }

  async act(action: string): Promise<void> {
    const comparison = this.#pending;
    if (!comparison) return;
    const { question } = comparison;
    // Until the answer is stored there is nothing else to answer.
    this.#pending = null;
    const choice = gradedAnswer(action) ?? (/^\d$/.test(action) ? { chose: Number(action) } : null);
    try {
      if (action !== "dismiss") {
        await this.#interview.observe(question.candidates, choice ?? "tie");
        const drafts = question.candidates.map(({ text }) => text);
        rememberAsked(this.#interview, { message: comparison.message, drafts });
      }
    } catch (error) {
      this.#pending = comparison;
      throw error;
    }
    this.#announcement.textContent = this.#messages.text(
      action === "dismiss" ? "compareDismissed" : "compareThanks",
    );
    this.#hide();
    comparison.end(choice && (question.candidates[choice.chose]?.index ?? null));
  }

  needsReading(): boolean {
    return true;
  }

  failureKey(): MessageKey {
    return "answerNotSaved";
  }

  keyAction(event: KeyboardEvent): string | undefined {
    if (!this.#pending) return undefined;
    const { candidates, kind, offered } = this.#pending.question;
    if (event.key === "Escape") return "dismiss";
    const digit = digitOf(event);
    if (digit === undefined) return undefined;
    const offersTie = offered.includes("tie");
    if (kind === "grades") {
      const actions = gradeActions(offersTie);
      return actions[placeOfDigit(digit, actions.length) ?? -1];
    }
    if (digit === 0) return offersTie ? "tie" : undefined;
    return placeOfDigit(digit, candidates.length)?.toString();
  }

  /** Drafts on the screen stay as they are, whatever is answered elsewhere. */
  draw(): boolean {
    // It may have been undone since it was saved.
    this.#announcement.textContent = "";
    return false;
  }

  focus(): void {}

  free(): void {
    this.#section.remove();
    this.#announcement.remove();
  }

  /** The question, which the deck may hide. */
  get #ask(): string {
    return this.#messages.text("ask") || this.#messages.text("compareAsk");
  }

  /** The button that prefers a draft to all others. */
  #prefer(place: number): HTMLElement {
    const choose = button("choose", place, this.#messages.text("prefer"));
    choose.setAttribute("aria-describedby", nameId(place));
    return choose;
  }

  #sayThatItFailed(): void {
    const text = this.#messages.text("notShown");
    this.#section.replaceChildren(h("p", { class: "error", part: "error", role: "alert" }, text));
    this.#section.hidden = false;
  }

  #hide(): void {
    const { activeElement } = this.#section.getRootNode() as ShadowRoot;
    const hadFocus = this.#section.contains(activeElement ?? null) && this.#focusedBefore?.isConnected;
    this.#section.hidden = true;
    this.#setState("asking", false);
    this.#section.replaceChildren();
    if (hadFocus) (this.#focusedBefore as HTMLElement).focus?.({ preventScroll: true });
    this.#focusedBefore = null;
  }

  #draw({ question, texts }: Comparison & { question: Question }): void {
    const { candidates, kind, offered } = question;
    const messages = this.#messages;
    const { language } = this.#interview.status();
    const draft = (className: string, text: string) =>
      this.#render(h("div", { class: className, dir: "auto", lang: language }), text);
    // The choice of the drafts that are asked about depends on the answers. Their height must not.
    const unseen = sizers(tallest(texts, false).map((text) => draft("text-sizer", text)));
    const isHidden = messages.text("ask") === "";
    const cards = candidates.map(({ text }, place) => {
      const number = messages.text("answer", { place: place + 1 });
      const name = h("span", { class: "visually-hidden", id: nameId(place) }, number);
      return h(
        "article",
        { class: "candidate", part: "candidate", "aria-label": number },
        h("div", { class: "place" }, draft("text", text), place === 0 && unseen),
        name,
        kind === "grades" ? h("div", { class: "foot" }, gradeButtons(place, messages)) : this.#prefer(place),
      );
    });
    this.#section.replaceChildren(
      h("h2", { class: isHidden ? "visually-hidden" : "instruction", tabindex: -1 }, this.#ask),
      h("div", { class: "candidates" }, cards),
      h(
        "div",
        { class: "secondary-buttons" },
        offered.includes("tie") && button("secondary-button", "tie", messages.text("tie"), "tie"),
        button("secondary-button", "dismiss", messages.text("dismiss"), "dismiss"),
      ),
      paragraph("privacy-note", messages.text("compareStays")),
    );
    this.#focusedBefore = this.#section.ownerDocument.activeElement;
    this.#section.hidden = false;
    // Not every browser lets the keyboard scroll a place that nothing in it can be focused in.
    for (const place of this.#section.querySelectorAll<HTMLElement>(".place"))
      if (place.scrollHeight > place.clientHeight) place.tabIndex = 0;
    // The focus stays where the person is, so the question has to be heard.
    this.#announcement.textContent = this.#ask;
    this.#setState("asking", true);
    this.#appeared();
  }
}

/** Throws for a draft without a text: nobody can choose between what they do not see. */
function checkTexts(drafts: Candidate[]): void {
  const blank = drafts.findIndex(({ text }) => !text?.trim());
  if (blank >= 0) throw flaw("candidates", `[${blank}].text`, "expected a text to show");
}

function hasQuestion(comparison: Comparison): comparison is Comparison & { question: Question } {
  return comparison.question !== null;
}
