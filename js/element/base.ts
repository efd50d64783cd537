// The base of the three elements: attributes, properties, and the interview that they show.

import type { Leaning } from "../core.js";
import type { ConfigureOptions, DeckSource, Status } from "../types.js";
import type { Renderer } from "./deck-texts.js";
import { emitError, emitUnsaved, type LeaningEventTarget, ProgressEvents } from "./events.js";
import { languageOf, Messages, type OwnMessages } from "./messages.js";
import type { Pictures } from "./pictures.js";
import { adoptEarlyProperties, writeAttribute } from "./reflect.js";
import {
  deckIdentity,
  joinFailure,
  joinSession,
  type SessionPlace,
  type SharedFailure,
  type SharedSession,
} from "./shared-sessions.js";
import { Stage } from "./stage.js";
import type { CreateView, View } from "./view.js";

// A server has no HTMLElement, and importing the elements there must not fail.
const Base = (globalThis.HTMLElement ?? class {}) as new () => LeaningEventTarget & HTMLElement;

/**
 * Elements with the same deck and storage key share one interview.
 *
 * @attr {string} lang - The language of the element's own texts; by default that of the nearest element with a `lang`.
 * @slot - The page's own content. It shows until the element is ready or has failed.
 * @slot error - Replaces the message that a deck cannot be shown.
 * @csspart notice - A line that says where answers are, if they are not where they should be.
 * @csspart error - A message about something that went wrong.
 * @csspart secondary-button - A button other than those that choose a candidate.
 * @fires {CustomEvent<LeaningProgress>} leaning-ready - The element shows the interview, and `interview` is set.
 * @fires {CustomEvent<LeaningProgress>} leaning-answer - An answer was given or undone: here, in an element that shares the interview, by the page, or in another tab.
 * @fires {CustomEvent<LeaningProgress>} leaning-done - The interview is over.
 * @fires {CustomEvent<LeaningErrorDetail>} leaning-error - Something went wrong. The person was told in a plain sentence; the details are here and on the console.
 * @fires {CustomEvent<null>} leaning-unsaved - The answers are in this page alone from now on, although they should be stored: the storage is full or forbidden, or was written by a newer version. The person was told.
 */
export abstract class LeaningElement extends Base {
  static observedAttributes = ["deck", "integrity", "lang", "storage", "storage-key"];

  #stage = new Stage(this, (deleteAnswers) => {
    const failed = this.#failure?.others() ?? [];
    this.#restart(deleteAnswers);
    for (const restart of failed) restart();
  });
  #progress = new ProgressEvents(this);
  #isUnsaved = false;
  #messages: OwnMessages | undefined;
  /** A deck that was set as an object, and its identity at that time. */
  #deck: Exclude<DeckSource, string> | undefined;
  #deckIdentity: string | undefined;
  #session: SharedSession | undefined;
  /** Set while the element cannot show its interview. */
  #failure: SharedFailure | undefined;
  #interview: Leaning | undefined;
  #pictures: Pictures | null = null;
  #picturesFor: Leaning | undefined;
  /** The options that the interview was last configured with from here, as JSON. */
  #lastOptions = "{}";
  /** Counts the starts. A start stops when a later one has overtaken it. */
  #starts = 0;
  #onChange = () => this.#update();

  /** Loads the view of this kind of element for the interview that is being opened. @internal */
  protected abstract loadView(opened: Promise<Leaning>): Promise<CreateView>;

  /** The options that the attributes set on the interview. @internal */
  protected interviewOptions(): ConfigureOptions {
    return {};
  }

  /** @internal */
  protected get currentView(): View | undefined {
    return this.#stage.view;
  }

  /** The interview; undefined before `leaning-ready`. */
  get interview(): Leaning | undefined {
    return this.#interview;
  }

  /**
   * The deck: its URL, or as a property also an object, or the bytes of a JSON or safetensors file.
   * @attr deck
   */
  get deck(): DeckSource | null {
    return this.#deck ?? this.getAttribute("deck");
  }
  set deck(deck: DeckSource | null) {
    if (typeof deck === "object" && deck !== null) {
      const identity = deckIdentity(deck);
      const isSame = this.#deck !== undefined && identity === this.#deckIdentity;
      this.#deck = deck;
      this.#deckIdentity = identity;
      if (!isSame) this.#restart();
    } else if (deck !== this.deck) {
      this.#deck = undefined;
      writeAttribute(this, "deck", deck);
    }
  }

  /**
   * The hashes that the file of the deck must have one of, such as `sha384-…`, as for a script. All elements of one
   * interview need the same.
   * @attr integrity
   */
  get integrity(): string | null {
    return this.getAttribute("integrity");
  }
  set integrity(integrity: string | null) {
    writeAttribute(this, "integrity", integrity);
  }

  /**
   * Where the answers are kept: `local`, which is the default, or `memory`.
   * @attr storage
   */
  get storage(): string | null {
    return this.getAttribute("storage");
  }
  set storage(storage: string | null) {
    writeAttribute(this, "storage", storage);
  }

  /**
   * The key in `localStorage`; by default `leaning:` and the deck's id.
   * @attr storage-key
   */
  get storageKey(): string | null {
    return this.getAttribute("storage-key");
  }
  set storageKey(key: string | null) {
    writeAttribute(this, "storage-key", key);
  }

  /**
   * The color scheme, `light` or `dark`; by default that of the page.
   * @attr theme
   */
  get theme(): string | null {
    return this.getAttribute("theme");
  }
  set theme(theme: string | null) {
    writeAttribute(this, "theme", theme);
  }

  /** Texts that replace the element's own, by key. */
  get messages(): OwnMessages | undefined {
    return this.#messages;
  }
  set messages(messages: OwnMessages | undefined) {
    const isSame = JSON.stringify(messages) === JSON.stringify(this.#messages);
    this.#messages = messages;
    if (!isSame) this.#restart();
  }

  /** Makes the node of a deck's text; by default plain text. `leaning/markdown` has one for Markdown. */
  get renderer(): Renderer | undefined {
    return this.#stage.renderer;
  }
  set renderer(renderer: Renderer | undefined) {
    this.#stage.renderer = renderer;
  }

  /** Deletes all answers, even those that cannot be read, and starts again. */
  async forget(): Promise<void> {
    if (this.#interview) await this.#interview.forget();
    else this.#restart(true);
  }

  connectedCallback(): void {
    adoptEarlyProperties(this);
    if (!this.#interview) this.#restart();
  }

  disconnectedCallback(): void {
    // A move within the document disconnects the element for a moment only.
    queueMicrotask(() => {
      if (!this.isConnected) this.#stop();
    });
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    if (name === "deck") this.#deck = undefined;
    this.#restart();
  }

  /** Starts again from the attributes. Several changes in a row start it once. */
  #restart(startOver = false): void {
    if (!this.isConnected) return;
    const start = ++this.#starts;
    queueMicrotask(() => {
      if (start === this.#starts && this.deck) this.#start(start, this.deck, startOver);
    });
  }

  async #start(start: number, deck: DeckSource, startOver: boolean): Promise<void> {
    let session: SharedSession | undefined;
    const { integrity, storage, storageKey } = this;
    const place = { deck, base: this.ownerDocument.baseURI, integrity, storage, storageKey };
    this.#failure?.end();
    this.#failure = undefined;
    try {
      const options = this.interviewOptions();
      session = joinSession(place, startOver ? { ...options, startOver } : options);
      const loading = [
        session.opened,
        Messages.load(languageOf(this), this.#messages),
        this.loadView(session.opened),
      ] as const;
      const [interview, messages, createView] = await Promise.all(loading);
      if (start !== this.#starts) return session.leave();
      messages.addDeckWords(interview.words(languageOf(this)));
      const pictures = await this.#picturesOf(interview);
      if (start !== this.#starts) return session.leave();
      // Another element may have opened the interview with other options. The latest apply.
      const optionsJson = JSON.stringify(options);
      if (optionsJson !== this.#lastOptions) await interview.configure(options);
      if (start !== this.#starts) return session.leave();
      const isNew = interview !== this.#interview;
      this.#leave();
      this.#session = session;
      this.#interview = interview;
      this.#lastOptions = optionsJson;
      this.#stage.show(interview, messages, createView, pictures);
      interview.addEventListener("change", this.#onChange);
      const status = interview.status();
      this.#progress.started(status, isNew);
      this.#noticeUnsaved(status);
    } catch (error) {
      session?.leave();
      if (start === this.#starts) this.#fail(error, place);
    }
  }

  /** Fetches the deck's pictures, once for an interview. */
  async #picturesOf(interview: Leaning): Promise<Pictures | null> {
    if (interview.images.length === 0) return null;
    if (interview !== this.#picturesFor) {
      const { Pictures } = await import("./pictures.js");
      this.#picturesFor = interview;
      this.#pictures = new Pictures(interview.images, interview.status().language);
    }
    await this.#pictures?.settled;
    return this.#pictures;
  }

  #update(): void {
    if (!this.#interview) return;
    this.#stage.update();
    const status = this.#interview.status();
    this.#progress.changed(status);
    this.#noticeUnsaved(status);
  }

  #noticeUnsaved({ stored }: Status): void {
    const isUnsaved = !stored && this.storage !== "memory";
    if (isUnsaved && !this.#isUnsaved) emitUnsaved(this);
    this.#isUnsaved = isUnsaved;
  }

  async #fail(error: unknown, place: SessionPlace): Promise<void> {
    this.#stop();
    const failure = joinFailure(place, () => this.#restart());
    this.#failure = failure;
    emitError(this, error);
    const start = this.#starts;
    // The table of the language may be what could not be loaded.
    const messages = await Messages.load(languageOf(this), this.#messages).catch(() =>
      Messages.load("en", this.#messages),
    );
    if (start === this.#starts) this.#stage.showError(error, messages, failure.isFirst);
  }

  #stop(): void {
    this.#starts++;
    this.#failure?.end();
    this.#failure = undefined;
    this.#stage.clear();
    this.#leave();
  }

  #leave(): void {
    this.#interview?.removeEventListener("change", this.#onChange);
    this.#session?.leave();
    this.#interview = this.#session = undefined;
    this.#lastOptions = "{}";
  }
}
