// <leaning-compare>: in a chat, which of two drafts is better, where that is worth asking.

import { LeaningElement } from "./base.js";

export class LeaningCompare extends LeaningElement {
  static properties = [...super.properties, "candidates"];
  static view = async () => (await import("./compare-view.js")).CompareView;

  #candidates = [];
  #view;
  #resolve = () => {};

  /** The drafts there are now, scored: candidates of one prompt. Setting them asks, if it is worth it. */
  get candidates() {
    return this.#candidates;
  }
  set candidates(candidates) {
    if (candidates !== this.#candidates) this.ask(candidates);
  }

  /**
   * Asks about drafts if it is worth it. A promise of the place of the draft that the person prefers; of null where it is
   * not worth asking, where they like both as much or dismiss it, and where other drafts come before they choose.
   */
  ask(candidates) {
    this.#resolve(null);
    this.#candidates = candidates ?? [];
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#view?.consider(this.#candidates, resolve);
    });
  }

  shown(view) {
    this.#view = view;
    view?.consider(this.#candidates, this.#resolve);
  }
}
