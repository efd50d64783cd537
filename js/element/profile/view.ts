// The profile as a person sees it: a picture that they may correct, and the answers that it is based on.

import css from "leaning-css/profile/profile.css";
import type { Leaning } from "../../core.js";
import { indexed } from "../../indexed.js";
import english from "../../lang/en-compare-profile.js";
import englishEnd from "../../lang/en-end.js";
import type { Profile } from "../../types.js";
import { button, h, liveRegion, paragraph, windowOf } from "../dom.js";
import { languageOf, type MessageKey, type Messages } from "../messages.js";
import { TakeAlong } from "../take-along.js";
import type { View, ViewContext } from "../view.js";
import { answerList } from "./answer-list.js";
import { DimensionRow } from "./dimension-row.js";
import { dimensionTable } from "./dimension-table.js";
import { Preview } from "./preview.js";

/** The number of answers that are shown before the person asks for all. */
const FIRST_SHOWN = 5;

export class ProfileView implements View {
  readonly css = css;
  readonly #interview: Leaning;
  readonly #messages: Messages;
  readonly #render: ViewContext["render"];
  readonly #perform: ViewContext["perform"];
  readonly #appeared: ViewContext["appeared"];
  readonly #pictures: ViewContext["pictures"];
  /** The language of the deck's texts. */
  readonly #language: string | null;
  readonly #rows: DimensionRow[];
  readonly #preview: Preview;
  readonly #heading: HTMLElement;
  readonly #archetype = h("div", { class: "archetype", part: "archetype", hidden: true });
  readonly #summary = h("p", { class: "summary", part: "summary", hidden: true });
  readonly #takeAlong: TakeAlong;
  readonly #basis = h("div", { class: "basis" });
  readonly #table = h("div", { class: "table-scroll", tabindex: 0, role: "region" });
  readonly #answers = h("div", { class: "answers" });
  readonly #actions = h("form", { class: "secondary-buttons" });
  readonly #section: HTMLElement;
  readonly #announcement = liveRegion("announcement");
  /** The announcement beside the control that it is about, for those who see: the live region may be far below. */
  #besideControl: HTMLElement | null = null;
  #mostShown = FIRST_SHOWN;
  /** Whether the log is empty, without even answers that were taken back: there is nothing to save or delete. */
  #isEmpty = true;
  /** Whether the person is being asked if they want to delete their answers. */
  #isConfirming = false;
  /** Moves the focus if the control that has it disappears. */
  #focusNext: (() => void) | null = null;

  constructor(body: HTMLElement, context: ViewContext) {
    const { interview, messages, render, perform, attempt, appeared, pictures } = context;
    messages.addEnglish({ ...englishEnd, ...english });
    // The deck's name for the result of its quiz is its name for the profile, too.
    const words = interview.words(languageOf(context.host));
    if (words.done) messages.addDeckWords({ ...words, taste: words.done });
    this.#interview = interview;
    this.#messages = messages;
    this.#appeared = appeared;
    this.#render = render;
    this.#perform = perform;
    this.#pictures = pictures;
    const { language } = interview.status();
    this.#language = language;
    this.#takeAlong = new TakeAlong(interview, messages, (text) => this.#say(text));
    this.#preview = new Preview({ ...context, language });
    const onMove = (row: DimensionRow, weight: number | null) => this.#onMove(row, weight);
    const rowContext = { interview, messages, language, perform, attempt, onMove };
    this.#rows = interview.profile().dimensions.map((dimension) => new DimensionRow(dimension, rowContext));
    this.#heading = h("h2", { class: "done", part: "done", tabindex: -1 }, messages.text("taste"));
    this.#table.setAttribute("aria-label", messages.text("details"));
    this.#section = h(
      "section",
      { class: "profile" },
      this.#heading,
      this.#archetype,
      this.#summary,
      this.#basis,
      paragraph("hint", messages.text("moveDots")),
      h(
        "ul",
        { class: "dimensions", part: "profile" },
        this.#rows.map((row) => row.element),
      ),
      this.#preview.element,
      h("details", { class: "table" }, h("summary", {}, messages.text("details")), this.#table),
      this.#takeAlong.element,
      this.#answers,
      this.#actions,
    );
    body.replaceChildren(this.#section, this.#announcement);
    this.draw();
  }

  /** Disclosures that are open stay open, and the focus stays where it is. */
  draw(): boolean {
    // An announcement is about the change before. Whoever makes one has drawn by then.
    this.#say("");
    const profile = this.#interview.profile();
    for (const [place, dimension] of indexed(profile.dimensions)) {
      this.#rows[place]?.update(dimension, profile.axisLimit);
    }
    const count =
      this.#interview.status().asked + profile.dimensions.filter(({ statement }) => statement).length;
    this.#drawResult(count);
    this.#drawBasis(profile, count);
    this.#preview.rest(profile);
    this.#table.replaceChildren(dimensionTable(profile, this.#messages));
    this.#drawAnswers(profile, count);
    this.#isEmpty = count === 0 && JSON.parse(this.#interview.exportLog()).answers.length === 0;
    this.#drawActions();
    return false;
  }

  async act(action: string, control?: HTMLElement): Promise<void> {
    this.#focusNext = null;
    switch (action) {
      case "set-weight":
        return this.#setWeight(control);
      case "undo-statement":
        return this.#undoStatement(control);
      case "delete":
        return this.#delete(control);
      case "all":
        this.#mostShown = Number.POSITIVE_INFINITY;
        this.draw();
        return this.#deleteButtons[FIRST_SHOWN]?.focus();
      case "export":
        return this.#export();
      case "copy":
        await windowOf(this.#section).navigator.clipboard.writeText(this.#interview.exportLog());
        return this.#announce("copied");
      case "import":
        return this.#import(control as HTMLInputElement);
      case "restart":
      case "stay":
        return this.#confirm(action === "restart");
      case "forget":
        this.#isConfirming = false;
        this.#focusNext = () => this.#actions.querySelector<HTMLElement>("[data-action=restart]")?.focus();
        await this.#interview.forget();
        return this.#announce("forgottenAll");
    }
    return this.#takeAlong.act(action, control);
  }

  needsReading(action: string): boolean {
    return action === "forget";
  }

  failureKey(): MessageKey {
    return "didNotWork";
  }

  focus(): void {
    const focusNext = this.#focusNext;
    this.#focusNext = null;
    focusNext?.();
    if (!(this.#section.getRootNode() as ShadowRoot).activeElement) this.#heading.focus();
  }

  leave(): void {
    for (const row of this.#rows) row.finishStatement();
  }

  free(): void {
    for (const row of this.#rows) row.free();
    this.#section.remove();
    this.#announcement.remove();
  }

  get #deleteButtons(): HTMLElement[] {
    return [...this.#answers.querySelectorAll<HTMLElement>("[data-action=delete]")];
  }

  #onMove(row: DimensionRow, weight: number | null): void {
    if (weight === null) this.#preview.rest(this.#interview.profile());
    else this.#preview.move(row.id, weight);
  }

  async #setWeight(slider: HTMLElement | undefined): Promise<void> {
    const row = this.#rows.find((candidate) => candidate.slider === slider);
    if (!row) return;
    await this.#interview.setWeight(row.id, row.weight);
    const dimension = this.#interview.profile().dimensions.find(({ id }) => id === row.id);
    if (!dimension) return;
    this.#announce("statementSaved", { label: dimension.label, words: this.#messages.describe(dimension) });
    this.#repeatIn(row.element);
  }

  async #undoStatement(control: HTMLElement | undefined): Promise<void> {
    const row = this.#rows.find(({ element }) => element.contains(control ?? null));
    this.#focusNext = () => row?.focus();
    await this.#interview.retract(control?.dataset.id ?? "");
    this.#announce("statementUndone");
    if (row) this.#repeatIn(row.element);
  }

  async #delete(control: HTMLElement | undefined): Promise<void> {
    const place = this.#deleteButtons.findIndex((deleteButton) => deleteButton === control);
    // The next answer, or the last: the person may want to delete several.
    this.#focusNext = () => {
      const left = this.#deleteButtons;
      (left[place] ?? left.at(-1) ?? this.#answers.querySelector("h3"))?.focus();
    };
    await this.#interview.retract(control?.dataset.id ?? "");
    const basis = this.#messages.text("basedOn", { count: this.#interview.profile().answers });
    this.#announce("deleted", { basis });
    // Where the answer was, above the next.
    const list = this.#answers.querySelector("ol");
    if (list) this.#repeatIn(list, "li", list.children[place]);
    else this.#repeatIn(this.#answers);
  }

  #export(): void {
    const href = URL.createObjectURL(new Blob([this.#interview.exportLog()], { type: "application/json" }));
    h("a", { href, download: "leaning-answers.json" }).click();
    // Some browsers start to read it after the click.
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
    this.#announce("exported");
  }

  async #import(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (!file) return;
    const content = file.text();
    // The same file may be chosen again once it is corrected.
    this.#actions.reset();
    try {
      await this.#interview.importLog(await content);
      this.#announce("imported", { count: this.#interview.profile().answers });
    } catch (error) {
      // Not plain `console`, which the bundler drops.
      globalThis.console.error(error);
      // A name may be of the other direction, or hold a character that turns the sentence around.
      const name = file.name.replaceAll(/[\p{Bidi_C}\p{Cc}]/gu, "");
      this.#announce("notImported", { file: `\u2068${name}\u2069` }, "announcement failure");
    }
  }

  /** Asks whether all answers should be deleted, or stops asking. */
  #confirm(isConfirming: boolean): void {
    this.#isConfirming = isConfirming;
    this.#drawActions();
    this.#appeared();
    this.#actions.querySelector<HTMLElement>(`[data-action=${isConfirming ? "stay" : "restart"}]`)?.focus();
  }

  /** The result in a sentence, as at the end of the quiz. */
  #drawResult(count: number): void {
    const archetype = this.#interview.archetype();
    this.#archetype.hidden = !archetype;
    if (archetype) {
      const { name, text } = archetype;
      const attributes = { dir: "auto", lang: this.#language };
      this.#archetype.replaceChildren(
        paragraph("archetype-is", this.#messages.text("archetypeIs")),
        h("h3", { class: "archetype-name", ...attributes }, name),
        text ? h("p", attributes, text) : "",
      );
    }
    this.#summary.hidden = count === 0;
    // Its sentences load once. Without them the rest stands for itself.
    this.#interview
      .summary({ language: this.#messages.language })
      .catch(() => "")
      .then((words) => {
        this.#summary.textContent = words;
        this.#takeAlong.draw(count > 0 ? words : "");
      });
  }

  #drawBasis({ answers, personFit }: Profile, count: number): void {
    const messages = this.#messages;
    if (answers > 0)
      this.#basis.replaceChildren(paragraph("count", messages.text("basedOn", { count: answers })));
    // Dots that were set say so themselves.
    else this.#basis.replaceChildren(count > 0 ? "" : paragraph("count", messages.text("nothingYet")));
    const [finding] = personFit;
    if (finding) this.#basis.append(paragraph("person-fit", messages.text(`person-fit-${finding.kind}`)));
  }

  #drawAnswers(profile: Profile, count: number): void {
    const messages = this.#messages;
    const entries = this.#interview.entries(Math.min(this.#mostShown, count));
    const options = {
      interview: this.#interview,
      profile,
      count,
      language: this.#language,
      messages,
      render: this.#render,
      pictures: this.#pictures,
    };
    this.#answers.replaceChildren(
      h("h3", { class: "answers-title", tabindex: -1 }, messages.text("answersTitle")),
      answerList(entries, options),
    );
    const hidden = count - entries.length;
    if (hidden > 0)
      this.#answers.append(button("secondary-button", "all", messages.text("allAnswers", { count: hidden })));
  }

  #drawActions(): void {
    const messages = this.#messages;
    const other = (action: string, key: MessageKey) => button("secondary-button", action, messages.text(key));
    if (this.#isEmpty) this.#isConfirming = false;
    const isAsking = this.#actions.querySelector("[data-action=stay]") !== null;
    // The buttons stay as they are unless they have to change, since one of them may have the focus.
    if (!this.#actions.firstChild || isAsking !== this.#isConfirming) {
      if (this.#isConfirming) {
        const question = paragraph("confirm-question", messages.text("restartSure"));
        this.#actions.replaceChildren(question, other("forget", "restartYes"), other("stay", "restartNo"));
        return;
      }
      const input = h("input", { class: "visually-hidden", type: "file", accept: ".json,application/json" });
      input.addEventListener("change", () => this.#perform("import", input));
      this.#actions.replaceChildren(
        other("export", "export"),
        windowOf(this.#section).navigator.clipboard ? other("copy", "copy") : "",
        h("label", { class: "secondary-button", part: "secondary-button" }, messages.text("import"), input),
        other("restart", "restart"),
      );
    }
    for (const action of this.#actions.querySelectorAll("button")) action.hidden = this.#isEmpty;
  }

  #announce(key: MessageKey, values?: Record<string, string | number>, className = "announcement"): void {
    this.#say(this.#messages.text(key, values), className);
  }

  #say(text: string, className = "announcement"): void {
    this.#besideControl?.remove();
    this.#announcement.textContent = text;
    this.#announcement.className = className;
  }

  /** Shows what was announced beside a control instead of below the profile. */
  #repeatIn(parent: HTMLElement, tag: "p" | "li" = "p", before: Element | null = null): void {
    const notice = h(tag, { class: "beside-control", "aria-hidden": "true" }, this.#announcement.textContent);
    parent.insertBefore(notice, before);
    this.#besideControl = notice;
    this.#announcement.classList.add("unseen");
  }
}
