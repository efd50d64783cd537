// The dimensions and prompts of the deck as fields to type in. The worker has the deck; a few of its prompts are shown.

import { element } from "../page.js";
import { counted } from "./counted.js";

/** The number of prompts that are shown at a time. */
const SHOWN = 10;

const byId = (id) => document.getElementById(id);

export class Editor {
  #ask;
  #changed;
  #attempt;
  #say;
  #from = 0;
  #summary;
  /** The ids of the prompts that are unfolded. */
  #open = new Set();
  /** The number of fields made so far, for their ids. */
  #fields = 0;

  /** `ask` calls the worker, `changed` shows the summary that comes back, `attempt` tells what fails, and `say` what was done. */
  constructor(ask, changed, attempt, say) {
    this.#ask = ask;
    this.#changed = changed;
    this.#attempt = attempt;
    this.#say = say;
    byId("earlier").addEventListener("click", () => this.#turn(-SHOWN));
    byId("later").addEventListener("click", () => this.#turn(SHOWN));
  }

  /** Shows the deck with this summary. */
  async show(summary) {
    const { deck, isStyled } = summary;
    this.#summary = summary;
    byId("dimensions").replaceChildren(
      ...deck.dimensions.map((dimension, j) => this.#dimension(dimension, j)),
    );
    byId("styled").hidden = isStyled;
    byId("typed").hidden = !isStyled;
    byId("scores-about").textContent = isStyled
      ? "The scores are measured in the texts, and change as you write."
      : "A score is a number on a dimension: below 0 towards its low end, above 0 towards its high end. Only differences within a prompt count.";
    await this.#showPrompts();
  }

  /** Shows the last prompt, which is new. */
  async showLast() {
    const summary = await this.#ask("summary");
    this.#from = Math.floor((summary.deck.prompts - 1) / SHOWN) * SHOWN;
    await this.show(summary);
    this.#focusIn(byId("prompts").lastElementChild);
  }

  /** Goes to the field at a path in words, such as `prompts[0].candidates[1].scores[2]`, as far as it has one. */
  async goTo(path) {
    const [, list, place] = path.match(/^(dimensions|prompts)\[(\d+)\]/) ?? [];
    if (list === "dimensions") return this.#focusIn(byId("dimensions").children[place]);
    if (list !== "prompts") return byId(path.split(/[.[]/, 1)[0])?.focus();
    this.#from = Math.floor(place / SHOWN) * SHOWN;
    await this.#showPrompts();
    const prompt = byId("prompts").children[place - this.#from];
    const [, candidate] = path.match(/candidates\[(\d+)\]/) ?? [];
    const [, score] = path.match(/scores\[(\d+)\]/) ?? [];
    const item =
      candidate === undefined ? undefined : prompt.querySelector(".candidates").children[candidate];
    this.#focusIn(prompt, score === undefined ? item : item?.querySelectorAll(".scores input")[score]);
  }

  /** Unfolds a prompt, and puts the focus on a field or into the first one of an item. */
  #focusIn(item, inner = item) {
    const details = item?.querySelector("details");
    if (details) details.open = true;
    const field = inner?.matches("input") ? inner : inner?.querySelector("input, textarea");
    field?.focus();
  }

  async #turn(by) {
    this.#from += by;
    await this.#attempt(() => this.#showPrompts());
    byId("prompts-title").scrollIntoView({ block: "start" });
    byId("prompts").querySelector("summary")?.focus({ preventScroll: true });
  }

  async #showPrompts() {
    const { prompts: all } = this.#summary.deck;
    this.#from = Math.max(0, Math.min(this.#from, Math.floor((all - 1) / SHOWN) * SHOWN));
    const prompts = await this.#ask("prompts", this.#from, SHOWN);
    byId("prompts").replaceChildren(...prompts.map((prompt, k) => this.#prompt(prompt, this.#from + k)));
    byId("earlier").hidden = this.#from === 0;
    byId("later").hidden = this.#from + SHOWN >= all;
    const last = this.#from + prompts.length;
    byId("prompts-title").textContent =
      all > SHOWN ? `Prompts ${this.#from + 1} to ${last} of ${all}` : "Prompts";
  }

  #dimension(dimension, j) {
    const field = (name, label) => this.#text(label, dimension[name], ["dimensions", j, name]);
    return element(
      "li",
      { className: "card" },
      element(
        "div",
        { className: "fields" },
        field("id", "Id"),
        field("label", "Label"),
        field("low", "Low end"),
        field("high", "High end"),
        this.#summary.deck.dimensions.length > 1
          ? this.#button("Delete", `dimension ${dimension.id}`, "deleteDimension", j)
          : "",
      ),
    );
  }

  #prompt({ id, text, candidates }, i) {
    const heading = element("span", { dir: "auto" }, text || id);
    const count = counted(candidates.length, "candidate");
    const details = element(
      "details",
      { open: this.#open.has(id) || this.#summary.deck.prompts === 1 },
      element("summary", {}, heading, element("span", { className: "quiet" }, ` ${count}`)),
      this.#area("Question", text, ["prompts", i, "text"], () => {}, heading),
      element("ol", { className: "candidates" }, ...candidates.map((one, k) => this.#candidate(one, i, k))),
      element(
        "p",
        { className: "actions" },
        this.#button("Add a candidate", `to ${id}`, "addCandidate", i),
        this.#button("Delete this prompt", id, "deletePrompt", i),
      ),
    );
    details.addEventListener("toggle", () => this.#open[details.open ? "add" : "delete"](id));
    return element("li", { className: "card" }, details);
  }

  #candidate({ id, text, scores, image }, i, k) {
    const path = ["prompts", i, "candidates", k];
    const inputs = scores.map((score, j) => this.#score(score, j, [...path, "scores", j]));
    const show = ({ scores }) => {
      for (const [j, score] of (scores ?? []).entries()) inputs[j].value = rounded(score);
    };
    return element(
      "li",
      {},
      this.#area(
        image ? `Candidate ${id}, with the picture ${image.src}` : `Candidate ${id}`,
        text,
        [...path, "text"],
        show,
      ),
      element(
        "div",
        { className: "scores" },
        ...inputs.map((input, j) => element("label", {}, this.#nameOf(j), input)),
      ),
      this.#button("Delete", `candidate ${id}`, "deleteCandidate", i, k),
    );
  }

  #score(score, j, path) {
    const { isStyled, deck } = this.#summary;
    const { low, high } = deck.dimensions[j];
    const input = element("input", {
      type: "number",
      step: "any",
      value: rounded(score),
      readOnly: isStyled,
    });
    if (low && high) input.title = `from ${low} to ${high}`;
    // The check names the place of a field without a number.
    input.addEventListener("input", () => {
      const { valueAsNumber } = input;
      this.#attempt(() => this.#ask("set", path, Number.isNaN(valueAsNumber) ? null : valueAsNumber));
    });
    return input;
  }

  #nameOf(j) {
    const { label, id } = this.#summary.deck.dimensions[j];
    return label || id;
  }

  #text(label, value, path) {
    return this.#field("input", label, value, path);
  }

  #area(label, value, path, show, heading) {
    return this.#field("textarea", label, value, path, show, heading);
  }

  /** A field for the text at a path. `show` gets what the worker says of the change, and `heading` the text itself. */
  #field(tag, label, value, path, show = () => {}, heading) {
    const field = element(tag, {
      id: `field-${this.#fields++}`,
      value: value ?? "",
      dir: "auto",
      autocomplete: "off",
    });
    field.addEventListener("input", () => {
      this.#attempt(async () => show(await this.#ask("set", path, field.value)));
      if (heading) heading.textContent = field.value || "…";
    });
    return element("div", {}, element("label", { htmlFor: field.id }, label), field);
  }

  /** A button whose name says what it is about. */
  #button(text, about, act, ...places) {
    const made = element(
      "button",
      { type: "button" },
      text,
      element("span", { className: "unseen" }, ` ${about}`),
    );
    made.addEventListener("click", () =>
      this.#attempt(async () => {
        // Its place among the buttons is where the focus stays.
        const place = [...document.querySelectorAll("#deck button")].indexOf(made);
        await this.#changed(await this.#ask("change", act, ...places));
        [...document.querySelectorAll("#deck button")][place]?.focus();
        if (act.startsWith("delete")) this.#say(`Deleted. “${byId("undo").textContent}” undoes it.`);
      }),
    );
    return made;
  }
}

/** A score with as many digits as people type. The deck has all of them. */
function rounded(score) {
  return score === null ? "" : `${Number(score.toPrecision(6))}`;
}
