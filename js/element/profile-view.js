// What was learned, as a picture that the person may correct, and where each part of it comes from.

import css from "leaning-css/profile.css";
import english from "../lang/en-more.js";
import { button, h, part } from "./dom.js";
import { answerList } from "./profile-answers.js";
import { DimensionRow } from "./profile-dimension.js";
import { dimensionTable } from "./profile-table.js";

/** So many of the latest answers are shown before all are asked for. */
const LATEST = 5;

export class ProfileView {
  static css = css;

  #leaning;
  #render;
  #perform;
  /** The language of the deck's texts. */
  #language;
  #rows;
  #most = LATEST;
  #wavering = false;
  /** Where the focus goes when the button that had it is gone. */
  #next = null;

  #stage = part("section", "profile");
  #heading;
  #known = part("div", "known");
  #list = part("ul", "dimensions");
  #answers = part("div", "answers");
  #table = part("div", "table-scroll", { tabindex: "0", role: "region" });
  #actions = part("div", "others");
  /** The live region: it has to stay in place to be heard. */
  #live = part("p", "said", { role: "status" });

  /** Shows the profile in `root`; `perform` does an action and says so where it fails. */
  constructor(root, { leaning, messages, render, perform }) {
    this.#leaning = leaning;
    this.messages = messages;
    this.#render = render;
    this.#perform = perform;
    messages.add(english);
    this.#heading = part("h2", "done", { tabindex: "-1" }, messages.words("done"));
    const { dimensions } = leaning.profile();
    const { language } = leaning.status(true);
    this.#language = language;
    this.#rows = dimensions.map((leaned) => new DimensionRow(leaned, { leaning, messages, language, perform }));
    this.#list.append(...this.#rows.map((row) => row.element));
    this.#table.setAttribute("aria-label", messages.words("done"));
    this.#stage.append(
      this.#heading,
      this.#known,
      part("p", "hint", {}, messages.words("moveDots")),
      this.#list,
      part("details", "table", {}, h("summary", {}, messages.words("table")), this.#table),
      this.#answers,
      this.#actions,
    );
    root.replaceChildren(this.#stage, this.#live);
    this.draw();
  }

  /** Draws what is known now. What the person has opened stays open, and the focus where it is. */
  draw() {
    const profile = this.#leaning.profile();
    const said = standing(this.#leaning);
    const rests = said.length ? this.messages.words("restsOn", { count: profile.answers }) : this.messages.words("nothingYet");
    this.#known.replaceChildren(
      part("p", "count", {}, rests),
      ...profile.diagnosis.slice(0, 1).map(({ kind }) => part("p", "diagnosis", {}, this.messages.words(`odd-${kind}`))),
    );
    const statements = new Map(said.filter(({ kind }) => kind === "statement").map((record) => [record.dimension, record]));
    profile.dimensions.forEach((leaned, place) => this.#rows[place].update(leaned, profile.reach, statements.get(leaned.id)));
    this.#table.replaceChildren(dimensionTable(profile, this.messages));
    this.#drawAnswers(profile, said.length);
    this.#drawActions();
  }

  async act(action, target) {
    this.#next = null;
    switch (action) {
      case "state":
        return this.#state(target);
      case "take-back": {
        const row = this.#rows.find(({ element }) => element.contains(target));
        this.#next = () => row.focus();
        await this.#leaning.retract(target.dataset.id);
        return this.#say("withdrawn");
      }
      case "delete":
        return this.#delete(target);
      case "all":
        this.#most = Infinity;
        this.draw();
        return this.#answers.querySelectorAll("[data-action=delete]")[LATEST]?.focus();
      case "export":
        return this.#export();
      case "copy":
        await navigator.clipboard.writeText(this.#leaning.export());
        return this.#say("copied");
      case "import":
        return this.#import(target);
      case "restart":
      case "stay":
        return this.#waver(action === "restart");
      case "forget":
        this.#wavering = false;
        this.#next = () => this.#actions.querySelector("[data-action=restart]").focus();
        await this.#leaning.forget();
        return this.#say("forgottenAll");
    }
  }

  focus() {
    const next = this.#next;
    this.#next = null;
    next?.();
    if (!this.#stage.getRootNode().activeElement) this.#heading.focus();
  }

  free() {
    for (const row of this.#rows) row.free();
    this.#stage.remove();
    this.#live.remove();
  }

  async #state(target) {
    const row = this.#rows.find(({ slider }) => slider === target);
    await this.#leaning.state(row.id, row.weight);
    const leaned = this.#leaning.profile().dimensions.find(({ id }) => id === row.id);
    this.#say("statedNow", { label: leaned.label, words: this.messages.leaning(leaned) });
  }

  async #delete(button) {
    const place = [...this.#answers.querySelectorAll("[data-action=delete]")].indexOf(button);
    // The next one, or the last where there is none: somebody may want to delete several.
    this.#next = () => {
      const left = [...this.#answers.querySelectorAll("[data-action=delete]")];
      (left[place] ?? left.at(-1) ?? this.#answers.querySelector("h3")).focus();
    };
    await this.#leaning.retract(button.dataset.id);
    const rests = this.messages.words("restsOn", { count: this.#leaning.profile().answers });
    this.#say("deleted", { rests });
  }

  #export() {
    const href = URL.createObjectURL(new Blob([this.#leaning.export()], { type: "application/json" }));
    h("a", { href, download: "leaning-answers.json" }).click();
    // Some browsers begin to read it later than at the click.
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
    this.#say("exported");
  }

  async #import(input) {
    const [file] = input.files;
    // So that the same file, mended, can be chosen again.
    const content = file?.text();
    input.value = "";
    if (!file) return;
    try {
      await this.#leaning.import(await content);
      this.#say("imported", { count: this.#leaning.profile().answers });
    } catch (error) {
      this.#say("notImported", { file: file.name, message: error.message }, "said wrong");
    }
  }

  #waver(wavering) {
    this.#wavering = wavering;
    this.#drawActions();
    this.#actions.querySelector(wavering ? "[data-action=stay]" : "[data-action=restart]").focus();
  }

  #drawAnswers(profile, count) {
    const said = this.#leaning.answers(Math.min(this.#most, count));
    const shown = { profile, count, language: this.#language, messages: this.messages, render: this.#render };
    this.#answers.replaceChildren(
      part("h3", "answers-title", { tabindex: "-1" }, this.messages.words("answersTitle")),
      answerList(said, shown),
      count > said.length
        ? this.#button("all", "allAnswers", { count: count - said.length })
        : "",
    );
  }

  #drawActions() {
    const asks = this.#actions.querySelector("[data-action=stay]") !== null;
    // A change elsewhere does not take the question away from under somebody's finger.
    if (asks && this.#wavering) return;
    if (this.#wavering) {
      this.#actions.replaceChildren(
        part("p", "sure-forget", {}, this.messages.words("restartSure")),
        this.#button("forget", "forgetYes"),
        this.#button("stay", "restartNo"),
      );
      return;
    }
    if (this.#actions.firstChild && !asks) return;
    const input = h("input", { class: "live", type: "file", accept: ".json,application/json" });
    input.addEventListener("change", () => this.#perform("import", input));
    this.#actions.replaceChildren(
      this.#button("export", "export"),
      navigator.clipboard ? this.#button("copy", "copy") : "",
      part("label", "other", {}, this.messages.words("import"), input),
      this.#button("restart", "forget"),
    );
  }

  #say(key, values, name = "said") {
    this.#live.textContent = this.messages.words(key, values);
    this.#live.className = name;
  }

  #button(action, key, values) {
    return button("other", action, this.messages.words(key, values));
  }
}

/** The records of the log that were not taken back, oldest first. */
function standing(leaning) {
  const records = JSON.parse(leaning.export()).answers;
  const gone = new Set(records.filter(({ kind }) => kind === "retract").map(({ of }) => of));
  return records.filter(({ kind, id }) => kind !== "retract" && !gone.has(id));
}
