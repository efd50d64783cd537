// The quiz, and below it what the author gets of it: the person sees it as it would be sent, and without their tick in the
// box nothing about their answers is in it.

import "leaning/element";
import type { DeckSource } from "leaning";
import { collect, type Share, type Shared } from "./collect";

export interface SharedQuizOptions {
  deck: DeckSource;
  maxQuestions: number;
  shares: readonly Share[];
  /** With `memory`, nothing stays on the device. */
  storage?: "memory";
}

const KEPT = "Your answers stay on this device unless you tick the box below.";
const NOTES = {
  nothing: "Nothing of this quiz goes into the result.",
  done: "Only the word “done” goes into the result, once you have finished.",
  unfinished: "When you have finished, you see here what would go into the result, and decide.",
  unclear: "Nothing is clear enough to put into words, so nothing of your answers goes into the result.",
  decide: "This goes into the result if you tick the box. Otherwise nothing of your answers does.",
};

/** Calls `changed` with what the author gets, and whether the quiz is finished, whenever either changes. */
export function sharedQuiz(
  { deck, maxQuestions, shares, storage }: SharedQuizOptions,
  changed: (shared: Shared, isFinished: boolean) => void,
): HTMLElement {
  const quiz = Object.assign(document.createElement("leaning-quiz"), { deck, maxQuestions });
  if (storage) quiz.storage = storage;
  const note = document.createElement("p");
  const preview = document.createElement("pre");
  preview.style.cssText =
    "white-space: pre-wrap; overflow: auto; max-block-size: 12rem; text-align: start; font: inherit";
  preview.tabIndex = 0;
  const box = Object.assign(document.createElement("input"), { type: "checkbox" });
  const label = document.createElement("label");
  label.append(box, " Put this into the result");
  const decision = document.createElement("div");
  decision.append(preview, label);
  const panel = document.createElement("div");
  panel.append(quiz, note, decision);

  const needsConsent = shares.some((share) => share !== "done");
  if (needsConsent) quiz.messages = { private: "stays here until you decide", kept: KEPT, notKept: KEPT };
  let collected: Shared | undefined;
  let asked: number | undefined;
  /** Counts the changes: what is still being collected for an earlier one is dropped. */
  let changes = 0;

  function update(shared?: Shared): void {
    // A tick is for the text that was shown beside it.
    if (JSON.stringify(shared) !== JSON.stringify(collected)) box.checked = false;
    collected = shared;
    const { done: _, ...told } = shared ?? {};
    const texts = Object.values(told).map((value) =>
      typeof value === "string" ? value : JSON.stringify(value, null, 1),
    );
    preview.textContent = texts.join("\n\n");
    box.disabled = decision.hidden = preview.textContent === "";
    const decides = !shared ? "unfinished" : decision.hidden ? "unclear" : "decide";
    note.textContent = NOTES[needsConsent ? decides : shares.length > 0 ? "done" : "nothing"];
    send();
  }

  function send(): void {
    const withoutConsent: Shared = collected?.done ? { done: true } : {};
    changed(box.checked && collected ? collected : withoutConsent, collected !== undefined);
  }

  /** The element comes back to a page with as many questions asked as before. */
  function moved({ detail }: CustomEvent<{ asked: number }>): void {
    if (detail.asked === asked) return;
    asked = detail.asked;
    changes++;
    update();
  }

  quiz.addEventListener("leaning-ready", moved);
  quiz.addEventListener("leaning-answer", moved);
  quiz.addEventListener("leaning-done", async ({ detail }) => {
    asked = detail.asked;
    const change = ++changes;
    const shared = await collect(quiz.interview!, shares);
    if (change === changes) update(shared);
  });
  box.addEventListener("change", send);
  update();
  return panel;
}
