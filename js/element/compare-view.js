// Two drafts of a chat, one of which a person may prefer: there only where it is worth asking.

import css from "leaning-css/compare.css";
import english from "../lang/en-more.js";
import { h, part } from "./dom.js";

export class CompareView {
  static css = css;

  #leaning;
  #render;
  #stage = part("section", "compare", { hidden: true });
  /** The live region: it has to stay in place to be heard. */
  #live = part("p", "live", { role: "status" });
  /** The drafts that are asked about, and the question made of them. */
  #drafts = [];
  #question = null;
  /** The last list of drafts was asked about: the next one is not, whatever there would be to learn. */
  #rests = false;
  /** Tells the host the place of the draft that is preferred, or null. */
  #decide = () => {};

  /** Shows in `root` what there is to ask. */
  constructor(root, { leaning, messages, render }) {
    this.#leaning = leaning;
    this.messages = messages;
    messages.add(english);
    this.#render = render;
    this.#stage.setAttribute("aria-label", messages.words("compareAsk"));
    root.replaceChildren(this.#stage, this.#live);
  }

  /** "0", "1", … prefers a draft; "tie" likes both as much; "dismiss" does not want to be asked. */
  async act(action) {
    const question = this.#question;
    if (!question) return;
    const verdict = action === "tie" || action === "dismiss";
    const shown = question.candidates.map(({ index }) => this.#drafts[index]);
    // Until it is stored there is nothing to answer: a double click is one answer.
    this.#question = null;
    try {
      if (action !== "dismiss") await this.#leaning.observe(shown, verdict ? action : { chose: Number(action) });
    } catch (error) {
      this.#question = question;
      throw error;
    }
    this.#live.textContent = this.messages.words(action === "dismiss" ? "compareDismissed" : "compareThanks");
    this.#hide();
    const chosen = verdict ? null : question.candidates[Number(action)].index;
    this.#decide(chosen);
  }

  key({ key }) {
    if (!this.#question) return undefined;
    if (key === "Escape") return "dismiss";
    if (key === "0") return this.#question.offered.includes("tie") ? "tie" : undefined;
    return /^[1-9]$/.test(key) && key <= this.#question.candidates.length ? String(key - 1) : undefined;
  }

  /** What was said elsewhere changes nothing about drafts that are already shown. */
  draw() {}

  focus() {}

  free() {
    this.#stage.remove();
    this.#live.remove();
  }

  /** Asks about drafts if that is worth it, and tells `decide` what came of it. */
  consider(drafts, decide) {
    const rests = this.#rests;
    this.#drafts = drafts;
    this.#decide = decide;
    this.#question = drafts.length < 2 || rests ? null : this.#leaning.compare(drafts);
    this.#rests = this.#question !== null;
    if (this.#question) return this.#draw();
    this.#hide();
    decide(null);
  }

  #hide() {
    this.#stage.hidden = true;
    this.#stage.replaceChildren();
  }

  #draw() {
    const { candidates, offered } = this.#question;
    const { language } = this.#leaning.status();
    const button = (name, action, key, values) =>
      part("button", name, { type: "button", "data-action": action }, this.messages.words(key, values));
    this.#stage.replaceChildren(
      part("h2", "ask", { tabindex: "-1" }, this.messages.words("compareAsk")),
      part(
        "div",
        "candidates",
        {},
        candidates.map((candidate, place) =>
          part(
            "article",
            "candidate",
            { "aria-label": this.messages.words("answer", { place: place + 1 }) },
            part("div", "text", { dir: "auto", lang: language }, this.#render(candidate.text)),
            h(
              "button",
              { class: "choose", part: "choose", type: "button", "data-action": place, "aria-describedby": `draft-${place}` },
              this.messages.words("prefer"),
            ),
            h("span", { id: `draft-${place}`, class: "live" }, this.messages.words("answer", { place: place + 1 })),
          ),
        ),
      ),
      part(
        "div",
        "others",
        {},
        offered.includes("tie") && button("other", "tie", "tie"),
        button("other", "dismiss", "dismiss"),
      ),
      part("p", "stays", {}, this.messages.words("compareStays")),
    );
    this.#stage.hidden = false;
  }
}
