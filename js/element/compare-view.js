// Two drafts of a chat, one of which a person may prefer: there only where it is worth asking.

import css from "leaning-css/compare.css";
import english from "../lang/en-more.js";
import { button, h, part } from "./dom.js";

export class CompareView {
  static css = css;

  #leaning;
  #render;
  #stage = part("section", "compare", { hidden: true });
  /** The live region: it has to stay in place to be heard. */
  #live = part("p", "live", { role: "status" });
  /** What there is to ask, if anything. */
  #turn = null;

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
    const turn = this.#turn;
    if (!turn) return;
    const { question, drafts } = turn;
    const verdict = action === "tie" || action === "dismiss";
    const shown = question.candidates.map(({ index }) => drafts[index]);
    // Until it is stored there is nothing to answer: a double click is one answer.
    this.#turn = null;
    try {
      if (action !== "dismiss") await this.#leaning.observe(shown, verdict ? action : { chose: Number(action) });
    } catch (error) {
      this.#turn = turn;
      throw error;
    }
    this.#live.textContent = this.messages.words(action === "dismiss" ? "compareDismissed" : "compareThanks");
    this.#hide();
    turn.end(verdict ? null : question.candidates[Number(action)].index);
  }

  key({ key }) {
    if (!this.#turn) return undefined;
    const { candidates, offered } = this.#turn.question;
    if (key === "Escape") return "dismiss";
    if (key === "0") return offered.includes("tie") ? "tie" : undefined;
    return /^[1-9]$/.test(key) && key <= candidates.length ? String(key - 1) : undefined;
  }

  /** What was said elsewhere changes nothing about drafts that are already shown. */
  draw() {}

  focus() {}

  free() {
    this.#stage.remove();
    this.#live.remove();
  }

  /** Asks what a turn has to ask, unless that is over or not worth it. */
  consider(turn) {
    // What has no length is no list: who compares it says so.
    const few = turn.drafts.length < 2;
    if (!turn.over && !turn.rests && !few) turn.question ??= this.#leaning.compare(turn.drafts);
    this.#turn = turn.question && !turn.over ? turn : null;
    if (this.#turn) return this.#draw();
    this.#hide();
    turn.end(null);
  }

  #hide() {
    this.#stage.hidden = true;
    this.#stage.replaceChildren();
  }

  #draw() {
    const { candidates, offered } = this.#turn.question;
    const { language } = this.#leaning.status(true);
    const other = (action) => button("other", action, this.messages.words(action));
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
            this.#render(part("div", "text", { dir: "auto", lang: language }), candidate.text),
            part(
              "button",
              "choose",
              { type: "button", "data-action": place, "aria-describedby": `draft-${place}` },
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
        offered.includes("tie") && other("tie"),
        other("dismiss"),
      ),
      part("p", "stays", {}, this.messages.words("compareStays")),
    );
    this.#stage.hidden = false;
  }
}
