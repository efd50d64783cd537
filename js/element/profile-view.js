// What was learned, as a picture and in words.

import css from "leaning-css/profile.css";
import { part } from "./dom.js";
import { picture } from "./picture.js";

export class ProfileView {
  static css = css;
  #leaning;
  #stage = part("section", "profile", { tabindex: "-1" });

  /** Shows the profile in `root`. */
  constructor(root, { leaning, messages }) {
    this.#leaning = leaning;
    this.messages = messages;
    root.replaceChildren(this.#stage);
    this.draw();
  }

  async act() {}

  /** Draws what is known now. */
  draw() {
    const profile = this.#leaning.profile();
    this.#stage.replaceChildren(
      part("p", "count", {}, this.messages.words("restsOn", { count: profile.answers })),
      picture(profile, this.messages),
    );
  }

  focus() {
    this.#stage.focus();
  }

  free() {
    this.#stage.remove();
  }
}
