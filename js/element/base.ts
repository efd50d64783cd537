// The base of the three elements: attributes, properties, and the interview that they show.

import type { InterviewEventMap, Leaning } from "../core.js";
import { type LeaningError, toLeaningError } from "../error.js";
import type { ConfigureOptions, DeckSource, Status } from "../types.js";
import type { Renderer } from "./deck-texts.js";
import { emitError, emitUnsaved, type LeaningEventTarget, ProgressEvents } from "./events.js";
import { languageOf, Messages, type OwnMessages } from "./messages.js";
import { followLanguage, unfollowLanguage } from "./page-language.js";
import type { Pictures } from "./pictures.js";
import {
  adoptEarlyProperties,
  checkNumbers,
  misspeltAttributes,
  readNumber,
  unknownWords,
  writeAttribute,
} from "./reflect.js";
import {
  deckIdentity,
  isDeckText,
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
 * @attr {string} lang - The language of the element's own texts; by default that of the nearest element with a `lang`, also when that changes.
 * @slot - The page's own content. It shows until the element is ready or has failed, and stays where the browser cannot run the module.
 * @slot error - Replaces the message that a deck cannot be shown.
 * @csspart notice - A line that says where answers are, if they are not where they should be.
 * @csspart error - A message about something that went wrong.
 * @csspart secondary-button - A button other than those that choose a candidate.
 * @fires {CustomEvent<LeaningProgress>} leaning-ready - The element shows the interview, and `interview` is set.
 * @fires {CustomEvent<LeaningProgress>} leaning-answer - An answer was given or undone: here, in an element that shares the interview, by the page, or in another tab.
 * @fires {CustomEvent<LeaningProgress>} leaning-done - The interview is over.
 * @fires {CustomEvent<LeaningErrorDetail>} leaning-error - Something went wrong. The person was told in a plain sentence, unless it is a misspelt attribute, word of one or key of `messages`, for which the default holds; the details are here and on the console.
 * @fires {CustomEvent<null>} leaning-unsaved - The answers are in this page alone from now on, although they should be stored: the storage is full or forbidden, or was written by a newer version. The person was told.
 */
export abstract class LeaningElement extends Base {
  static observedAttributes = ["deck", "integrity", "lang", "retention", "storage", "storage-key"];

  #stage = new Stage(this, {
    startAgain: (deleteAnswers) => {
      const failed = this.#failure?.others() ?? [];
      this.#restart(deleteAnswers);
      for (const restart of failed) restart();
    },
    fail: (error) => this.#fail(error),
    gone: () => this.left(),
  });
  #progress = new ProgressEvents(this);
  #isUnsaved = false;
  #messages: OwnMessages | undefined;
  /** A deck that was set as an object or text, and its identity at that time. */
  #deck: DeckSource | undefined;
  #deckIdentity: string | undefined;
  /** The address that the deck's is relative to: that of the page, wherever the element is moved. */
  #base: string | undefined;
  /** The place of the interview that was last started. */
  #place: SessionPlace | undefined;
  /** The language that it was started in. */
  #language: string | undefined;
  #session: SharedSession | undefined;
  /** Set while the element cannot show its interview. */
  #failure: SharedFailure | undefined;
  #error: unknown;
  #interview: Leaning | undefined;
  #pictures: Pictures | null = null;
  #picturesFor: Leaning | undefined;
  /** The options that the interview was last configured with from here, as JSON. */
  #lastOptions = "{}";
  /** Counts the starts. A start stops when a later one has overtaken it. */
  #starts = 0;
  #onChange = () => this.#update();
  /** The module has crashed. The interview goes on from its log. */
  #onRestart = ({ detail }: InterviewEventMap["restart"]) => {
    emitError(this, detail);
    this.#restart();
  };
  #onLanguage = () => {
    if (this.#language !== undefined && languageOf(this) !== this.#language) this.#restart();
  };

  /** Loads the view of this kind of element for the interview that is being opened. @internal */
  protected abstract loadView(opened: Promise<Leaning>): Promise<CreateView>;

  /** The attributes that are numbers. @internal */
  protected get numberAttributes(): string[] {
    return ["retention"];
  }

  /** The words that attributes about looks may have. The core knows those of its options. @internal */
  protected get wordAttributes(): Record<string, string[]> {
    return { theme: ["light", "dark"] };
  }

  /** The options that the attributes set on the interview. @internal */
  protected interviewOptions(): ConfigureOptions {
    return {};
  }

  /** @internal */
  protected get currentView(): View | undefined {
    return this.#stage.view;
  }

  /** The reason why the element cannot show its interview; undefined if there is none so far. @internal */
  protected get failure(): unknown {
    return this.#error;
  }

  /** The element cannot show its interview. @internal */
  protected failed(_error: unknown): void {}

  /** The element has left the page, or its window is no more. @internal */
  protected left(): void {}

  /** The interview; undefined before `leaning-ready`. */
  get interview(): Leaning | undefined {
    return this.#interview;
  }

  /**
   * The deck: its URL or its JSON text, or as a property also an object, or the bytes of a JSON or safetensors file.
   * @attr deck
   */
  get deck(): DeckSource | null {
    return this.#deck ?? this.getAttribute("deck");
  }
  set deck(deck: DeckSource | null) {
    if (deck !== null && (typeof deck === "object" || isDeckText(deck))) {
      const identity = deckIdentity(deck);
      const isSame = this.#deck !== undefined && identity === this.#deckIdentity;
      this.#deck = deck;
      this.#deckIdentity = identity;
      if (!isSame) this.#base = undefined;
      if (!isSame) this.#restart();
    } else if (deck !== this.deck) {
      // The attribute may be the same as before.
      if (this.#deck !== undefined) this.#restart();
      this.#deck = this.#base = undefined;
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
   * Where the answers are kept: `local`, which is the default, `encrypted` or `memory`. All elements of one
   * interview need the same.
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
   * The number of days for which answers are kept, from 1 to 36500; by default they are kept until the person deletes
   * them. All elements of one interview need the same.
   * @attr retention
   */
  get retention(): number | null {
    return readNumber(this, "retention");
  }
  set retention(days: number | null) {
    writeAttribute(this, "retention", days);
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
  set messages(messages: OwnMessages | null | undefined) {
    const isSame = isSameJson(messages ?? undefined, this.#messages);
    this.#messages = messages ?? undefined;
    if (!isSame) this.#restart();
  }

  /** Makes the node of a deck's text; by default plain text. `leaning/markdown` has one for Markdown. */
  get renderer(): Renderer | undefined {
    return this.#stage.renderer;
  }
  set renderer(renderer: Renderer | null | undefined) {
    this.#stage.renderer = renderer ?? undefined;
  }

  /** Deletes all answers, even those that cannot be read, and starts again. */
  async forget(): Promise<void> {
    if (this.#interview) await this.#interview.forget();
    else this.#restart(true);
  }

  connectedCallback(): void {
    adoptEarlyProperties(this);
    this.#stage.enter();
    followLanguage(this, this.#onLanguage);
    if (this.#interview) this.#onLanguage();
    else this.#restart();
  }

  disconnectedCallback(): void {
    // A move within the document disconnects the element for a moment only.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#stage.leave();
      unfollowLanguage(this.#onLanguage);
      this.#stop();
      this.left();
    });
  }

  adoptedCallback(): void {
    // A deck that is shown keeps its place.
    if (!this.#interview) this.#base = undefined;
    this.#stage.adopted();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    if (name === "deck") this.#deck = this.#base = undefined;
    this.#restart();
  }

  /** Starts again from the attributes. Several changes in a row start it once. */
  #restart(startOver = false): void {
    if (!this.isConnected) return;
    this.#error = undefined;
    const start = ++this.#starts;
    queueMicrotask(() => {
      if (start === this.#starts && this.deck) this.#start(start, this.deck, startOver);
    });
  }

  async #start(start: number, deck: DeckSource, startOver: boolean): Promise<void> {
    let session: SharedSession | undefined;
    const { integrity, storage, storageKey } = this;
    const retention = this.getAttribute("retention");
    this.#base ??= this.ownerDocument.baseURI;
    const language = languageOf(this);
    this.#language = language;
    this.#place = { deck, base: this.#base, integrity, storage, storageKey, retention };
    this.#failure?.end();
    this.#failure = undefined;
    try {
      checkNumbers(this, this.numberAttributes);
      const options = this.interviewOptions();
      session = joinSession(this.#place, startOver ? { ...options, startOver } : options);
      const loading = [session.opened, this.#loadMessages(language), this.loadView(session.opened)] as const;
      const [interview, messages, createView] = await Promise.all(loading);
      if (start !== this.#starts) return session.leave();
      messages.addDeckWords(interview.words(language));
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
      interview.addEventListener("restart", this.#onRestart);
      const status = interview.status();
      this.#progress.started(status, isNew);
      this.#noticeUnsaved(status);
      // They have no effect, so everything else goes on.
      for (const error of await this.#misspelt()) emitError(this, error);
    } catch (error) {
      session?.leave();
      // The options of an earlier start may have been wrong, and these right.
      const hasJoined = session?.isJoined && toLeaningError(error).code === "options";
      const isOfOther = hasJoined && (await session?.opened.then(() => false).catch(() => true));
      if (start !== this.#starts) return;
      if (isOfOther) this.#restart(startOver);
      else this.#fail(error);
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

  async #loadMessages(language: string): Promise<Messages> {
    if (this.#messages === undefined) return Messages.load(language);
    const { readMessages } = await import("./own-messages.js");
    return Messages.load(language, readMessages(this.#messages));
  }

  /** The errors about attributes, their words and keys of texts that there are not. */
  async #misspelt(): Promise<LeaningError[]> {
    const { observedAttributes } = this.constructor as typeof LeaningElement;
    const found = [
      ...misspeltAttributes(this, [...observedAttributes, ...Object.keys(this.wordAttributes)]),
      ...unknownWords(this, this.wordAttributes),
    ];
    if (this.#messages === undefined) return found;
    const { unknownMessages } = await import("./own-messages.js");
    return [...found, ...unknownMessages(this.#messages)];
  }

  #update(): void {
    this.#stage.update();
    try {
      const status = this.#interview?.status();
      if (!status) return;
      this.#progress.changed(status);
      this.#noticeUnsaved(status);
    } catch (error) {
      this.#fail(error);
    }
  }

  #noticeUnsaved({ stored }: Status): void {
    const isUnsaved = !stored && this.storage !== "memory";
    if (isUnsaved && !this.#isUnsaved) emitUnsaved(this);
    this.#isUnsaved = isUnsaved;
  }

  /** Leaves the interview, and says so. */
  async #fail(error: unknown): Promise<void> {
    this.#stop();
    this.#language = languageOf(this);
    const failure = this.#place && joinFailure(this.#place, () => this.#restart());
    this.#failure = failure;
    this.#error = error;
    this.failed(error);
    emitError(this, error);
    const start = this.#starts;
    // The table of the language may be what could not be loaded, or the page's texts what is wrong.
    const messages = await this.#loadMessages(languageOf(this)).catch(() => Messages.load("en"));
    if (start === this.#starts) this.#stage.showError(error, messages, failure?.isFirst ?? true);
  }

  #stop(): void {
    this.#starts++;
    this.#error = this.#language = undefined;
    this.#failure?.end();
    this.#failure = undefined;
    this.#stage.clear();
    this.#leave();
  }

  #leave(): void {
    this.#interview?.removeEventListener("change", this.#onChange);
    this.#interview?.removeEventListener("restart", this.#onRestart);
    this.#session?.leave();
    this.#interview = this.#session = undefined;
    this.#lastOptions = "{}";
  }
}

/** Frameworks create equal objects on every render. An object without a JSON text equals nothing. */
function isSameJson(one: unknown, other: unknown): boolean {
  try {
    return JSON.stringify(one) === JSON.stringify(other);
  } catch {
    return false;
  }
}
