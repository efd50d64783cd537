// An element's shadow root: the view in it, and the clicks and keys that reach it.

import baseCss from "leaning-css/base.css";
import printCss from "leaning-css/print.css";
import type { Leaning } from "../core.js";
import type { Status } from "../types.js";
import { DeckTexts, type Renderer } from "./deck-texts.js";
import { button, h, painted, styleSheet, windowOf } from "./dom.js";
import { emitError } from "./events.js";
import { drawKeepingFocus } from "./focus.js";
import { HasteGuard } from "./haste-guard.js";
import type { MessageKey, Messages } from "./messages.js";
import type { Pictures } from "./pictures.js";
import type { CreateView, View } from "./view.js";

/** Errors that only starting over resolves: the stored answers cannot be read. */
const UNREADABLE = ["log", "deck-mismatch"];
/** Errors behind which there may be a bad connection. */
const UNREACHED = ["fetch", "not-ready"];

/** The second click of a double click counts for these actions. */
const REPEATABLE = ["fold", "undo"];

/** The means by which a stage acts on its element. */
export interface StageContext {
  /** Starts the interview again, and perhaps deletes answers that cannot be read. */
  startAgain(deleteAnswers: boolean): void;
  /** The interview can be shown no longer. */
  fail(error: unknown): void;
  /** The window that the element was in is no more. */
  gone(): void;
}

export class Stage {
  readonly #host: HTMLElement;
  readonly #root: ShadowRoot;
  readonly #body = h("div", { class: "stage" }, h("slot"));
  readonly #notice = h("p", { class: "notice", part: "notice", role: "status", hidden: true });
  readonly #texts: DeckTexts;
  readonly #guard: HasteGuard;
  readonly #context: StageContext;
  readonly #internals: ElementInternals | undefined;
  /** The window that the element is in. */
  #window: Window | undefined;
  #interview: Leaning | undefined;
  #messages: Messages | undefined;
  #view: View | undefined;
  #errorMessage: Element | undefined;
  /** Whether an action of the person is under way in this element. */
  #isActing = false;
  #isDrawPending = false;
  readonly #onClick = (event: Event) => this.#attempt(() => this.#click(event as MouseEvent));
  readonly #onKey = (event: Event) => this.#attempt(() => this.#press(event as KeyboardEvent));
  readonly #onPageHide = () => {
    this.#view?.leave?.();
    // Frames and pop-ups take along what is in them, unless the page saves it first.
    setTimeout(() => this.#checkWindow());
  };

  constructor(host: HTMLElement, context: StageContext) {
    this.#host = host;
    this.#context = context;
    this.#texts = new DeckTexts((error) => emitError(host, error));
    this.#guard = new HasteGuard(host);
    this.#root = host.attachShadow({ mode: "closed" });
    // Now, since another document may not know the element.
    this.#internals = internalsOf(host);
    this.#root.append(this.#body, this.#notice);
    this.#dress();
  }

  /**
   * The element has come into the page, or into another window. `document.open` takes away all listeners, and adding
   * one that is there changes nothing.
   */
  enter(): void {
    this.#root.addEventListener("click", this.#onClick);
    this.#root.addEventListener("keydown", this.#onKey);
    this.#window?.removeEventListener("pagehide", this.#onPageHide);
    this.#window = windowOf(this.#host);
    this.#window.addEventListener("pagehide", this.#onPageHide);
  }

  /** The element has left the page. */
  leave(): void {
    this.#window?.removeEventListener("pagehide", this.#onPageHide);
    this.#window = undefined;
  }

  /** The element belongs to another document now. */
  adopted(): void {
    this.#dress();
    this.#view?.adopted?.();
    // The other window has a clock of its own.
    this.#guard.appeared();
  }

  #checkWindow(): void {
    const { defaultView } = this.#host.ownerDocument;
    if (defaultView && !defaultView.closed) return;
    this.#view?.gone?.();
    this.#context.gone();
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
  show(interview: Leaning, messages: Messages, createView: CreateView, pictures: Pictures | null): void {
    const hadFocus = this.#root.activeElement !== null;
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
      pictures,
      host: this.#host,
      render: (into, text) => this.#texts.render(into, text),
      perform: (action, control) => this.#act(action, control),
      redraw: () => this.#draw(),
      attempt: (work) => this.#attempt(work),
      setState: (name, holds) => this.#setState(name, holds),
      appeared: () => this.#guard.appeared(),
    });
    this.#guard.appeared();
    this.#showNotice(interview.status());
    this.#dress();
    if (hadFocus) this.#view.focus();
  }

  /** Puts on the style sheets, which belong to the document that the element is in. */
  #dress(): void {
    const texts = [baseCss, this.#view?.css ?? "", printCss];
    this.#root.adoptedStyleSheets = texts.flatMap((text) => styleSheet(text, this.#host.ownerDocument) ?? []);
  }

  /**
   * Says that there is nothing to show, and offers to try again. Of the elements that fail together only one
   * is `speaking`. The others are empty. Where no attempt can help, the page's own content stays.
   */
  showError(error: unknown, messages: Messages, speaking: boolean): void {
    const { code = "" } = error as { code?: string };
    const isHopeless = code === "unsupported";
    if (!speaking) {
      this.#body.replaceChildren(...(isHopeless ? [h("slot")] : []));
      return;
    }
    const say = (key: MessageKey) => h("slot", { name: "error" }, errorMessage(messages.text(key)));
    if (isHopeless) {
      this.#body.replaceChildren(say("unsupported"), h("slot"));
      return;
    }
    const isUnreadable = UNREADABLE.includes(code);
    let key: MessageKey = UNREACHED.includes(code) ? "notLoaded" : "notShown";
    if (isUnreadable) key = "unreadable";
    const [action, label]: [string, MessageKey] = isUnreadable
      ? ["start-over", "startOver"]
      : ["try-again", "tryAgain"];
    this.#body.replaceChildren(say(key), button("secondary-button", action, messages.text(label)));
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
    await painted(this.#host);
    // An action of the person may have drawn it, and said so: to draw again would take that back.
    if (this.#isDrawPending) this.#draw();
  }

  /** Removes the view, and leaves its nodes to whatever is shown next. */
  clear(): void {
    const view = this.#view;
    this.#view = this.#interview = this.#errorMessage = undefined;
    this.#attempt(() => view?.free());
    this.#notice.setAttribute("hidden", "");
  }

  #setState(name: string, holds: boolean): void {
    // Older browsers have no states.
    try {
      if (holds) this.#internals?.states?.add(name);
      else this.#internals?.states?.delete(name);
    } catch {
      // Chromium took only names that begin with two dashes at first.
    }
  }

  #draw(): void {
    this.#isDrawPending = false;
    const view = this.#view;
    const interview = this.#interview;
    if (!view || !interview) return;
    const draw = () => {
      const status = interview.status();
      this.#showNotice(status);
      const isNew = view.draw(status);
      if (isNew) this.#guard.appeared();
      return isNew;
    };
    try {
      drawKeepingFocus(this.#root, draw, () => view === this.#view && view.focus());
    } catch (error) {
      // Half of this question and half of that would be shown.
      this.#context.fail(error);
    }
  }

  /** Says where the answers are, if they are not where they should be. */
  #showNotice({ stored, newer, broken }: Status): void {
    const isKept = stored || this.#host.getAttribute("storage") === "memory";
    const keys: MessageKey[] = newer ? ["newerAnswers"] : [];
    if (!newer && broken > 0) keys.push("someUnreadable");
    if (!newer && !isKept) keys.push("notKept");
    const text = keys.map((key) => this.#messages?.text(key) ?? "").join(" ");
    if (text !== this.#notice.textContent) this.#notice.textContent = text;
    this.#notice.hidden = text === "";
    this.#notice.lang = this.#body.lang;
    this.#notice.dir = this.#body.dir;
  }

  async #attempt(work: () => unknown): Promise<void> {
    const interview = this.#interview;
    try {
      await work();
    } catch (error) {
      // For a view that is gone, an error that comes late is no failure.
      if (interview === this.#interview) emitError(this.#host, error);
    }
  }

  #click(event: MouseEvent): void {
    const isHasty = this.#guard.isHastyClick(event);
    const control = (event.target as Element).closest<HTMLElement>("[data-action]");
    const action = control?.dataset.action;
    if (!control || !action) return;
    if (event.detail > 1 && !REPEATABLE.includes(action)) return;
    if (action === "start-over" || action === "try-again") this.#context.startAgain(action === "start-over");
    else if (!isHasty || !this.#view?.needsReading(action)) this.#act(action, control);
  }

  /** Keys count only while the focus is inside (WCAG 2.1.4), and a held key acts once. */
  #press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const isOnControl = (event.target as Element).closest("[data-action]") !== null;
    // The browser would click the button again and again.
    if (event.repeat && event.key === "Enter" && isOnControl) event.preventDefault();
    const action = this.#view?.keyAction?.(event, this.#root.activeElement);
    if (action === undefined) return;
    event.preventDefault();
    if (action === null || event.repeat) return;
    if (!this.#guard.isHastyKey(event) || !this.#view?.needsReading(action)) this.#act(action);
  }

  async #act(action: string, control?: HTMLElement): Promise<void> {
    const view = this.#view;
    if (!view) return;
    this.#errorMessage?.remove();
    this.#errorMessage = undefined;
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
    this.#errorMessage = errorMessage(this.#messages?.text(view.failureKey(action)) ?? "");
    this.#body.prepend(this.#errorMessage);
    emitError(this.#host, error);
  }
}

/** Undefined in older browsers, and where the page has taken them. */
function internalsOf(host: HTMLElement): ElementInternals | undefined {
  try {
    return host.attachInternals?.();
  } catch {
    return undefined;
  }
}

/** A message that a screen reader announces at once. */
function errorMessage(text: string): HTMLElement {
  return h("p", { class: "error", part: "error", role: "alert" }, text);
}
