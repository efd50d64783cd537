// The result: in a sentence first, then dimension by dimension, then in numbers, and what a person may take along.

import type { Leaning } from "../../core.js";
import englishCompareProfile from "../../lang/en-compare-profile.js";
import english from "../../lang/en-end.js";
import type { Profile, Status } from "../../types.js";
import { Chart } from "../chart.js";
import { button, h, paragraph } from "../dom.js";
import type { Messages } from "../messages.js";
import { dimensionTable } from "../profile/dimension-table.js";
import { TakeAlong } from "../take-along.js";
import type { ViewContext } from "../view.js";
import { byStrength } from "./where.js";

export class EndView {
  readonly element = h("div", { class: "end" });
  readonly #interview: Leaning;
  readonly #messages: Messages;
  readonly #showsPicture: boolean;
  readonly #takeAlong: TakeAlong;
  readonly #attempt: ViewContext["attempt"];
  #summary = "";

  /** `announce` tells screen readers what has happened. */
  constructor(
    { interview, messages, attempt }: ViewContext,
    showsPicture: boolean,
    announce: (text: string) => void,
  ) {
    messages.addEnglish({ ...englishCompareProfile, ...english });
    this.#takeAlong = new TakeAlong(interview, messages, announce);
    this.#interview = interview;
    this.#attempt = attempt;
    this.#messages = messages;
    this.#showsPicture = showsPicture;
  }

  /** Loads what the words of the result need, so that nothing has to load at the end. */
  async prepare(): Promise<void> {
    await this.#interview.summary({ language: this.#messages.language });
  }

  /** Draws the result. `more` is the number of questions that the person can go on with. */
  draw({ answered, reason, language }: Status, more: number): void {
    const messages = this.#messages;
    const profile = this.#interview.profile();
    const summary = h("p", { class: "summary", part: "summary" }, this.#summary);
    this.element.replaceChildren(
      summary,
      this.#archetype(language),
      h("slot", { name: "pick" }),
      h(
        "p",
        { class: "basis" },
        h("span", { class: "reason" }, reason ? messages.text(`reason-${reason}`) : ""),
        " ",
        h("span", { class: "count" }, messages.text("basedOn", { count: answered })),
      ),
      this.#doubt(profile),
      ...(this.#showsPicture ? this.#picture(profile) : []),
      this.#open(profile, more),
      h(
        "details",
        { class: "numbers-in-full" },
        h("summary", {}, messages.text("details")),
        this.#table(profile),
      ),
      this.#takeAlong.element,
    );
    this.#attempt(() => this.#fillIn(summary));
  }

  act(action: string, control?: HTMLElement): Promise<void> {
    return this.#takeAlong.act(action, control);
  }

  async #fillIn(into: HTMLElement): Promise<void> {
    this.#summary = await this.#interview.summary({ language: this.#messages.language });
    into.textContent = this.#summary;
    into.hidden = this.#summary === "";
    this.#takeAlong.draw(this.#summary);
  }

  /** What speaks against the result, if the answers do not look as if they came from a taste. */
  #doubt({ personFit: [finding] }: Profile): HTMLElement | "" {
    return finding ? paragraph("person-fit", this.#messages.text(`person-fit-${finding.kind}`)) : "";
  }

  #archetype(language: string | null): HTMLElement | "" {
    const found = this.#interview.archetype();
    if (!found) return "";
    const { name, text } = found;
    return h(
      "div",
      { class: "archetype", part: "archetype" },
      paragraph("archetype-is", this.#messages.text("archetypeIs")),
      h("h3", { class: "archetype-name", dir: "auto", lang: language }, name),
      text ? h("p", { dir: "auto", lang: language }, text) : "",
    );
  }

  /** The dimensions of which there is something to say, by how much they matter. */
  #picture({ dimensions, axisLimit }: Profile): HTMLElement[] {
    const known = byStrength(dimensions).filter(({ standing }) => standing !== "open");
    if (known.length === 0) return [];
    const chart = new Chart(this.#messages, this.#messages.text("done"));
    chart.show(known, axisLimit);
    return [chart.element];
  }

  #open({ dimensions }: Profile, more: number): HTMLElement {
    const messages = this.#messages;
    const open = byStrength(dimensions).filter(({ standing }) => standing === "open");
    const labels = messages.list(open.map(({ label }) => label));
    return h(
      "div",
      { class: "still-open" },
      // If all are open, the sentence has said so.
      open.length > 0 &&
        open.length < dimensions.length &&
        paragraph("open", messages.text("stillOpen", { labels })),
      more > 0 && button("secondary-button", "more", messages.text("more", { count: more }), "more"),
    );
  }

  #table(profile: Profile): HTMLElement {
    const label = this.#messages.text("details");
    const table = dimensionTable(profile, this.#messages);
    return h("div", { class: "table-scroll", tabindex: 0, role: "region", "aria-label": label }, table);
  }
}
