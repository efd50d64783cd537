// A reply: the draft that the person should like best, the others on request, and what they kept.

import { isTasteKnown } from "../measured.js";
import { element, inWords as reasonsInWords, whyPicked } from "../page.js";
import { markdown } from "../pkg/markdown.js";
import { inWords } from "./growing.js";

const ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"];

/** Drafts without those that say what an earlier one says. */
export function unlike(drafts) {
  const known = new Set();
  return drafts.filter(({ text }) => {
    // A draft that differs in its last mark alone is no other answer.
    const words = text.toLowerCase().replace(/[\s.!?…]+$/u, "");
    const isNew = !known.has(words);
    known.add(words);
    return isNew;
  });
}

/** What is learned from a reply, and the draft that stands in the end. */
export class Reply {
  #view;
  #interview;
  #drafts;
  #say;
  #more;
  /** The places of all drafts, best first. */
  #order = [];
  /** The places of those that were shown, in that order. */
  #shown = [];
  /** The place of the draft that the person chose. */
  #kept = null;
  #note = "";
  #isLeft = false;
  /** The number of entries after the latest choice about this reply. */
  #entries = null;

  /**
   * Shows a reply in `view`. `preferred` is the place of the draft that the person has just preferred, or null; with
   * `isNewChoice` they have just answered a question about the drafts. `say` tells what happened. `more`, if there is one,
   * resolves to another draft. Drafts without scores stay in their order.
   */
  constructor(view, { interview, drafts, preferred, isNewChoice, say, more }) {
    this.#view = view;
    this.#interview = interview;
    this.#drafts = drafts;
    this.#say = say;
    this.#more = more;
    if (isNewChoice) this.#entries = interview.status().entries;
    this.#begin(preferred);
  }

  /** The text that the reply ends with. */
  get text() {
    return this.#drafts[this.#place].text;
  }

  /** The node with that text. */
  get card() {
    return this.#view.querySelector(".now");
  }

  /** The person goes on: who asked for another answer keeps it. Nothing can be changed here any more. */
  async leave() {
    this.#isLeft = true;
    if (this.#kept === null && this.#shown.length > 1) await this.#keep(this.#place);
    for (const one of this.#view.querySelectorAll(".actions")) one.remove();
  }

  get #place() {
    return this.#kept ?? this.#shown.at(-1);
  }

  #begin(preferred) {
    this.#kept = preferred;
    this.#note = preferred === null ? "" : "You preferred this one.";
    // A set keeps the place where something was first.
    this.#order = [...new Set([...this.#ranking().keys(), ...this.#drafts.keys()])];
    this.#shown = [preferred ?? this.#order[0]];
    this.#draw();
  }

  /** The entries of all drafts that have scores by their places, best first. */
  #ranking() {
    const scored = this.#drafts.flatMap(({ scores }, place) => (scores ? place : []));
    const ranked = this.#interview.rank(scored.map((place) => this.#drafts[place]));
    return new Map(ranked.map((one) => [scored[one.index], one]));
  }

  #draw() {
    const ranking = this.#ranking();
    const taste = this.#interview.profile();
    const isOpen = this.#kept === null;
    const shown = isOpen ? this.#shown : [this.#kept];
    const cards = shown.map((place, nth) => {
      const isLast = nth === shown.length - 1;
      const text = element("div", { className: isLast ? "text card now" : "text card" });
      text.append(markdown(this.#drafts[place].text));
      if (!isOpen || shown.length === 1) return text;
      Object.assign(text, { role: "group", ariaLabel: `The ${ORDINALS[nth]} answer` });
      const keep = this.#button(`Keep the ${ORDINALS[nth]}`, () => this.#keep(place));
      return element("div", { className: "answer" }, text, element("p", { className: "actions" }, keep));
    });
    this.#view.replaceChildren(
      ...cards,
      element("p", { className: "why" }, this.#note || this.#reason(ranking, taste)),
      this.#actions(),
      this.#others(ranking, taste),
    );
  }

  #reason(ranking, taste) {
    const ranked = ranking.get(this.#place);
    if (!ranked) return "This answer could not be scored, so we don't know if it is one you like.";
    if (this.#shown.length > 1) return "Keep the one that you like better. If you go on, you keep the last.";
    if (this.#drafts.length === 1) return "";
    if (!isTasteKnown(taste)) return "The first draft: we don't know your taste yet.";
    return whyPicked(ranked, taste);
  }

  #actions() {
    const actions = element("p", { className: "actions" });
    const next = this.#order.find((place) => !this.#shown.includes(place));
    if (this.#kept === null && (next !== undefined || this.#more))
      actions.append(this.#button("Another answer", () => this.#another(next)));
    if (this.#entries !== null) actions.append(this.#button("Undo", () => this.#undo()));
    return actions;
  }

  #others(ranking, taste) {
    const shown = this.#kept === null ? this.#shown : [this.#kept];
    const others = this.#order.filter((place) => !shown.includes(place));
    if (others.length === 0) return "";
    const count = others.length === 1 ? "other" : `other ${inWords(others.length).toLowerCase()}`;
    const items = others.map((place) => {
      const ranked = ranking.get(place);
      const words = ranked ? reasonsInWords(ranked, taste) : "no scores";
      const why = element("p", { className: "why" }, words);
      const text = element("div", { className: "text" }, markdown(this.#drafts[place].text));
      return element("li", {}, why, text);
    });
    return element(
      "details",
      {},
      element("summary", {}, isTasteKnown(taste) ? `The ${count}, by your taste` : `The ${count}`),
      element("ol", {}, ...items),
    );
  }

  #button(text, work) {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", work);
    return made;
  }

  async #another(next) {
    const place = next ?? (await this.#written());
    if (place === null) return;
    this.#shown.push(place);
    this.#draw();
    this.card.tabIndex = -1;
    this.card.focus();
    this.#say("");
  }

  /** The place of a draft that is written now; null if none comes that is unlike the others. */
  async #written() {
    for (const one of this.#view.querySelectorAll(".actions button")) one.disabled = true;
    // The button that had the focus cannot keep it.
    this.#view.focus();
    this.#say("Another answer is being written …");
    const draft = await this.#more(this.#drafts.length).catch((error) => error);
    if (this.#isLeft) return null;
    const isNew = !(draft instanceof Error) && unlike([...this.#drafts, draft]).length > this.#drafts.length;
    if (!isNew) {
      if (!(draft instanceof Error)) this.#more = undefined;
      this.#draw();
      this.#say(draft instanceof Error ? draft.message : "The model says the same again.");
      return null;
    }
    this.#order.push(this.#drafts.push(draft) - 1);
    return this.#drafts.length - 1;
  }

  /** The choice of one of those that were shown, which is learned from if all have scores. */
  async #keep(place) {
    const drafts = this.#shown.map((shown) => this.#drafts[shown]);
    const nth = this.#shown.indexOf(place);
    this.#kept = place;
    this.#note = `You kept the ${ORDINALS[nth]} answer.`;
    if (drafts.every(({ scores }) => scores)) {
      await this.#interview.observe(drafts, { chose: nth });
      this.#entries = this.#interview.status().entries;
      this.#say("Saved on this device.");
    }
    this.#draw();
    this.#view.focus();
  }

  async #undo() {
    // Only the latest answer can be undone here, and any other one in the profile.
    const isLatest = this.#interview.status().entries === this.#entries;
    this.#entries = null;
    if (!isLatest) {
      this.#draw();
      return this.#say("You've answered since. Undo this one under “Your taste”.");
    }
    await this.#interview.undo();
    this.#begin(null);
    this.#say("Undone.");
    this.#view.focus();
  }
}
