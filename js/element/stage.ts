// An element's shadow root: the view in it, and the clicks and keys that reach it.

import baseCss from "leaning-css/base.css";
import type { Leaning } from "../core.js";
import { DeckTexts, type Renderer } from "./deck-texts.js";
import { button, h, painted, styleSheet } from "./dom.js";
import { emitError } from "./events.js";
import { drawKeepingFocus } from "./focus.js";
import type { Messages } from "./messages.js";
import type { CreateView, View } from "./view.js";

/** Errors that only starting over resolves: the stored answers cannot be read. */
const UNREADABLE = ["log", "deck-mismatch"];

/**
 * The second click of a double click counts for these actions. Elsewhere it would answer the next question.
 */
const REPEATABLE = ["fold", "undo"];

export class Stage {
  readonly #host: HTMLElement;
  readonly #root: ShadowRoot;
  readonly #body = h("div", { class: "stage" }, h("slot"));
  readonly #texts = new DeckTexts();
  readonly #startOver: () => void;
  #interview: Leaning | undefined;
  #messages: Messages | undefined;
  #view: View | undefined;
  #errorMessage: Element | undefined;
  /** Whether an action of the person is under way in this element. */
  #isActing = false;
  #isDrawPending = false;

  /** `startOver` deletes answers that cannot be read. */
  constructor(host: HTMLElement, startOver: () => void) {
    this.#host = host;
    this.#startOver = startOver;
    this.#root = host.attachShadow({ mode: "closed" });
    this.#root.adoptedStyleSheets = [styleSheet(baseCss)];
    this.#root.append(this.#body);
    this.#root.addEventListener("click", (event) => this.#onClick(event as MouseEvent));
    this.#root.addEventListener("keydown", (event) => this.#onKey(event as KeyboardEvent));
  }

  get view(): View | undefined {
    return this.#view;
  }

  get renderer(): Renderer | undefined {
    return this.#texts.renderer;
  }
  set renderer(renderer: Renderer | undefined) {
    // A framework may create a new function on every render. Only the texts may change.
    if (renderer === this.#texts.renderer) return;
    this.#texts.renderer = renderer;
    this.#texts.renderAgain(this.#body);
    this.#view?.fit?.();
  }

  /** Shows an interview in place of what was there. */
  show(interview: Leaning, messages: Messages, createView: CreateView): void {
    this.clear();
    this.#interview = interview;
    this.#messages = messages;
    this.#body.lang = messages.language;
    // An element with a language of its own has that language's direction, any other the page's.
    if (this.#host.lang && !this.#host.dir) this.#body.dir = messages.direction;
    else this.#body.removeAttribute("dir");
    this.#view = createView(this.#body, {
      interview,
      messages,
      host: this.#host,
      render: (into, text) => this.#texts.render(into, text),
      perform: (action, control) => this.#act(action, control),
    });
    this.#root.adoptedStyleSheets = [styleSheet(baseCss), styleSheet(this.#view.css)];
  }

  /** Shows why there is nothing else to show. */
  showError(error: unknown, messages: Messages): void {
    const { code, message } = error as { code?: string; message: string };
    // Without WebAssembly the page's own content is better than an apology.
    const hasContent = [...this.#host.childNodes].some(
      (node) => !(node as Element).slot && node.textContent?.trim(),
    );
    const alert = errorMessage(messages.text("failed", { message }));
    this.#body.replaceChildren(
      code === "not-ready" && hasContent ? h("slot") : h("slot", { name: "error" }, alert),
    );
    if (code && UNREADABLE.includes(code)) {
      this.#body.append(button("secondary-button", "start-over", messages.text("startOver")));
    }
  }

  /**
   * Draws the interview after a change. An action of the person is drawn at once. Any other change waits for
   * the next paint, so as not to hold up the element in use.
   */
  update(): void {
    if (this.#isActing) this.#draw();
    else if (!this.#isDrawPending) this.#drawLater();
  }

  async #drawLater(): Promise<void> {
    this.#isDrawPending = true;
    await painted();
    this.#isDrawPending = false;
    this.#draw();
  }

  /** Removes the view, and leaves its nodes to whatever is shown next. */
  clear(): void {
    this.#view?.free();
    this.#view = this.#interview = this.#errorMessage = undefined;
  }

  #draw(): void {
    const view = this.#view;
    const interview = this.#interview;
    if (!view || !interview) return;
    drawKeepingFocus(
      this.#root,
      () => view.draw(interview.status()),
      () => view === this.#view && view.focus(),
    );
  }

  #onClick({ target, detail }: MouseEvent): void {
    const control = (target as Element).closest<HTMLElement>("[data-action]");
    const action = control?.dataset.action;
    if (!control || !action) return;
    if (detail > 1 && !REPEATABLE.includes(action)) return;
    if (action === "start-over") this.#startOver();
    else this.#act(action, control);
  }

  /** Keys count only while the focus is inside (WCAG 2.1.4), and a held key acts once. */
  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const isOnControl = (event.target as Element).closest("[data-action]") !== null;
    // The browser would click the button again and again.
    if (event.repeat && event.key === "Enter" && isOnControl) event.preventDefault();
    const action = this.#view?.keyAction?.(event, this.#root.activeElement);
    if (action === undefined) return;
    event.preventDefault();
    if (action !== null && !event.repeat) this.#act(action);
  }

  async #act(action: string, control?: HTMLElement): Promise<void> {
    const view = this.#view;
    if (!view) return;
    this.#errorMessage?.remove();
    this.#isActing = true;
    try {
      await view.act(action, control);
    } catch (error) {
      if (view === this.#view) this.#reportFailure(view, action, error);
    } finally {
      this.#isActing = false;
    }
  }

  /** The view stays as it is, so that the person can try again. */
  #reportFailure(view: View, action: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#errorMessage = errorMessage(this.#messages?.text(view.failureKey(action), { message }) ?? message);
    this.#body.prepend(this.#errorMessage);
    emitError(this.#host, error);
  }
}

/** A message that a screen reader announces at once. */
function errorMessage(text: string): HTMLElement {
  return h("p", { class: "error", part: "error", role: "alert" }, text);
}
