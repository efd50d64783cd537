// <leaning-compare>: in a chat, which of two drafts is better, if the question is worth the person's time.

import { readCandidates } from "../../arguments.js";
import { checkNames } from "../../known-names.js";
import { expectText, isObject, plainFields } from "../../plain.js";
import type { Candidate } from "../../types.js";
import { LeaningElement } from "../base.js";
import { emitError } from "../events.js";
import type { CreateView } from "../view.js";
import { type AskOptions, Comparison } from "./comparison.js";
import type { CompareView } from "./view.js";

/** The longest that `ask` waits for an element that is still loading, in milliseconds: a chat stands still meanwhile. */
const LONGEST_WAIT = 10_000;

/**
 * In a chat, which of two drafts is better, if the question is worth the person's time.
 *
 * @tag leaning-compare
 * @csspart compare - The question with its drafts and buttons. It is there only while it is asked.
 * @csspart candidate - One of the candidates to choose from.
 * @csspart choose - The button that chooses a candidate, or says that it is much better.
 * @csspart tie - The button for about the same.
 * @csspart dismiss - The button that puts the question off.
 * @csspart option - One of several buttons of a candidate: a grade, a rating, best, worst or a place.
 */
export class LeaningCompare extends LeaningElement {
  #comparison = new Comparison([]);

  /** @internal */
  protected override async loadView(): Promise<CreateView> {
    const { CompareView } = await import("./view.js");
    return (body, context) => new CompareView(body, context, this.#comparison);
  }

  /** The scored drafts, candidates of one prompt. Setting them asks about them if it is worth it. */
  get candidates(): Candidate[] {
    return this.#comparison.drafts;
  }
  set candidates(candidates: Candidate[] | null | undefined) {
    // A framework may create an equal list on every render.
    const name = identity(candidates);
    if (name !== undefined && name === identity(this.candidates)) return;
    this.#ask(candidates).decision.catch((error) => emitError(this, error));
  }

  /**
   * Asks about drafts if it is worth it. Resolves to the index of the draft that the person prefers; to null
   * if they are not asked, like both the same, dismiss the question, or are shown other drafts before they
   * choose, and if the element is not in the page or needs more than ten seconds to load. Rejects if it cannot show
   * the interview, and for drafts without a text or that the deck has no use for. The profile shows the beginning of
   * the `message` that they are about, until the page is left.
   */
  async ask(candidates: Candidate[], options?: AskOptions): Promise<number | null> {
    checkNames(options, ["message"]);
    const given = plainFields(options, ["message"], "options");
    const message = isObject(given) ? given.message : undefined;
    expectText(message, "options", "message");
    const comparison = this.#ask(candidates, (message as string | null | undefined) ?? "", true);
    if (this.failure !== undefined) comparison.fail(this.failure);
    else if (!this.currentView) this.#wait(comparison);
    return comparison.decision;
  }

  /** @internal */
  protected override failed(error: unknown): void {
    if (this.#comparison.isAwaited) this.#comparison.fail(error);
  }

  /** @internal */
  protected override left(): void {
    if (this.#comparison.isAwaited) this.#comparison.end(null);
  }

  #ask(candidates: Candidate[] | null | undefined, message?: string, isAwaited = false): Comparison {
    this.#comparison.end(null);
    const isPaused = this.#comparison.question !== null;
    const comparison = new Comparison(candidates ?? [], message, isPaused, isAwaited);
    this.#comparison = comparison;
    (this.currentView as CompareView | undefined)?.consider(comparison);
    return comparison;
  }

  /** Waits a while for the view, which looks at the comparison when it comes. */
  #wait(comparison: Comparison): void {
    const giveUp = () => {
      if (!comparison.interview) comparison.end(null);
    };
    // The caller may be about to put the element into the page.
    queueMicrotask(() => {
      if (!this.isConnected || !this.deck) giveUp();
    });
    setTimeout(giveUp, LONGEST_WAIT);
  }
}

/** The fields that tell candidates apart, as JSON. A host may keep more in them. Undefined for what is no list. */
function identity(candidates: Candidate[] | null | undefined): string | undefined {
  try {
    return JSON.stringify(readCandidates(candidates ?? []));
  } catch {
    return undefined;
  }
}
