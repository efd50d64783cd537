// <leaning-compare>: in a chat, which of two drafts is better, where that is worth asking.

import { LeaningElement } from "./base.js";

export class LeaningCompare extends LeaningElement {
  static properties = [...super.properties, "candidates"];
  static view = async () => (await import("./compare-view.js")).CompareView;

  #turn = new Turn([]);
  #view;

  /** The drafts there are now, scored: candidates of one prompt. Setting them asks, if it is worth it. */
  get candidates() {
    return this.#turn.drafts;
  }
  set candidates(candidates) {
    // Some frameworks make a list of the same drafts at each turn.
    if (told(candidates) !== told(this.candidates)) this.ask(candidates);
  }

  /**
   * Asks about drafts if it is worth it. A promise of the place of the draft that the person prefers; of null where it is
   * not worth asking, where they like both as much or dismiss it, and where other drafts come before they choose.
   */
  async ask(candidates) {
    this.#turn.end(null);
    const turn = new Turn(candidates ?? [], this.#turn.question);
    this.#turn = turn;
    this.#view?.consider(turn);
    return turn.decision;
  }

  shown(view) {
    this.#view = view;
    view?.consider(this.#turn);
  }
}

const FIELDS = ["prompt", "id", "name", "text", "scores"];
/** What candidates say, whatever else the host keeps in them. */
const told = (candidates) => JSON.stringify(Array.from(candidates ?? [], (given) => FIELDS.map((field) => given?.[field])));

/** Drafts, and what is asked about them. It outlives the view, which is made anew in another language. */
class Turn {
  /** The question made of the drafts, once there is one. */
  question = null;
  over = false;
  #decide;
  decision = new Promise((resolve) => {
    this.#decide = resolve;
  });

  /** `rests`: the drafts before these were asked about, so these are not, whatever there would be to learn. */
  constructor(drafts, rests) {
    this.drafts = drafts;
    this.rests = rests;
  }

  /** `chosen`: the place of the draft that is preferred, or null. */
  end(chosen) {
    this.over = true;
    this.#decide(chosen);
  }
}
