// What the three elements have in common: attributes and properties, the shared interview, events, errors.

import { Leaning, LeaningError } from "../core.js";
import css from "leaning-css/base.css";
import { button, h, painted, part } from "./dom.js";
import { identity, join } from "./interviews.js";
import { languageOf, Messages } from "./messages.js";

// Importing this on a server does no harm.
const Base = globalThis.HTMLElement ?? class {};

/** Properties that are no more than their attributes. */
export const REFLECTED = { storage: "storage", storageKey: "storage-key", theme: "theme" };

/** Errors after which a person can only begin anew: their stored answers cannot be read. */
const UNREADABLE = new Set(["log", "deck-mismatch"]);

const sheets = new Map();

/** A constructed sheet needs no permission from a page's content security policy. */
export function sheet(text) {
  if (!sheets.has(text)) {
    const made = new CSSStyleSheet();
    made.replaceSync(text);
    sheets.set(text, made);
  }
  return sheets.get(text);
}

/** What went wrong, where everybody hears of it at once. */
const failure = (message) => part("p", "error", { role: "alert" }, message);

/** Sets an attribute unless it has that value already. */
function reflect(element, attribute, value) {
  if (value === null || value === undefined) element.removeAttribute(attribute);
  else if (element.getAttribute(attribute) !== String(value)) element.setAttribute(attribute, value);
}

/**
 * The base class. A subclass says what to show: `static view` is a function that gives a view class, which may have to be
 * loaded, and `options()` what its attributes ask of the interview. A view is made with `(stage, { leaning, messages, render,
 * perform, element })` and has `messages`, `draw(status)` (true where something new is shown), `act(action, button)`, `focus()`,
 * `free()`, and perhaps `key(event, focused)`, `settle()` (the texts may have another length) and a static `css`.
 */
export class LeaningElement extends Base {
  static observedAttributes = ["deck", "lang", "storage", "storage-key"];
  /** Properties that a framework may set before the element is defined. */
  static properties = ["deck", "messages", "renderer", ...Object.keys(REFLECTED)];

  #root;
  #stage;
  /** The deck that was given as an object, and what it said then. */
  #deck;
  #identity;
  #messages;
  #renderer;
  /** The deck's texts that were put into nodes, by node. */
  #texts = new WeakMap();
  /** The part taken in an interview, and the interview. */
  #seat;
  #leaning;
  #view;
  /** What last could not be done, in words. */
  #said;
  /** What the attributes asked of the interview when it was last told. */
  #asked = "{}";
  /** The counts that were last told, as JSON, and whether it was over. */
  #told;
  #done = false;
  /** Counts the starts: one that is overtaken by the next does nothing more. */
  #run = 0;
  #refreshing = () => this.#refresh();

  /** The interview, once `leaning-ready` has been heard. */
  get leaning() {
    return this.#leaning;
  }

  /** The deck: its URL, or the deck itself. */
  get deck() {
    return this.#deck ?? this.getAttribute("deck");
  }
  set deck(deck) {
    if (typeof deck === "object" && deck !== null) {
      const before = this.#deck && this.#identity;
      this.#deck = deck;
      this.#identity = identity(deck);
      if (before !== this.#identity) this.#restart();
    } else if (deck !== this.deck) {
      this.#deck = undefined;
      reflect(this, "deck", deck);
    }
  }

  /** Texts that replace the element's own, by key: see js/lang/en.js. */
  get messages() {
    return this.#messages;
  }
  set messages(messages) {
    const same = JSON.stringify(messages) === JSON.stringify(this.#messages);
    this.#messages = messages;
    if (!same) this.#restart();
  }

  /** Makes the DOM node of a deck's text: `(text) => Node`. Plain text without it. */
  get renderer() {
    return this.#renderer;
  }
  set renderer(renderer) {
    if (renderer === this.#renderer) return;
    this.#renderer = renderer;
    // Some frameworks make a new function at each turn: nothing but the texts may change.
    for (const node of this.#stage?.querySelectorAll("*") ?? []) {
      if (this.#texts.has(node)) this.#render(node, this.#texts.get(node));
    }
    this.#view?.settle?.();
  }

  connectedCallback() {
    if (!this.#root) {
      this.#root = this.attachShadow({ mode: "closed" });
      this.#root.adoptedStyleSheets = [sheet(css)];
      this.#stage = h("div", { class: "stage" });
      // What the page has put inside shows until there is something better.
      this.#stage.append(h("slot"));
      this.#root.append(this.#stage);
      this.#root.addEventListener("click", (event) => this.#click(event));
      this.#root.addEventListener("keydown", (event) => this.#key(event));
      this.#adoptEarlyProperties();
    }
    if (!this.#view) this.#restart();
  }

  disconnectedCallback() {
    // A move in the document is not a departure: it is over by the next microtask.
    queueMicrotask(() => {
      if (!this.isConnected) this.#release();
    });
  }

  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (name === "deck") this.#deck = undefined;
    this.#restart();
  }

  /** Forgets everything that was said, even what cannot be read, and begins again. */
  async forget() {
    if (this.#leaning) await this.#leaning.forget();
    else this.#restart(true);
  }

  /** The interview's own methods, but for those that the attributes stand for. */
  static {
    const Async = (async () => {}).constructor;
    for (const name of Object.getOwnPropertyNames(Leaning.prototype)) {
      if (name in this.prototype || name === "configure" || name === "free") continue;
      const call = function (...given) {
        if (this.#leaning) return this.#leaning[name](...given);
        throw new LeaningError("not-ready", "wait for the event leaning-ready");
      };
      const promise = async function (...given) {
        return call.apply(this, given);
      };
      this.prototype[name] = Leaning.prototype[name] instanceof Async ? promise : call;
    }
  }

  /** What the element's attributes ask of the interview. */
  options() {
    return {};
  }

  /** Tells a subclass which view is shown; undefined once it no longer is. */
  shown() {}

  /** The number that an attribute gives, for `options`. */
  number(name) {
    return this.hasAttribute(name) ? Number(this.getAttribute(name)) : undefined;
  }

  /** Properties that a framework set before the element was defined stand in the way of the accessors. */
  #adoptEarlyProperties() {
    for (const name of this.constructor.properties) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
  }

  /** Begins again from the attributes; several changes in a row begin once. */
  #restart(startOver = false) {
    if (!this.isConnected || !this.#root) return;
    const run = ++this.#run;
    queueMicrotask(() => {
      if (run === this.#run && this.deck) this.#start(run, startOver);
    });
  }

  async #start(run, startOver) {
    let seat;
    try {
      const asked = this.options();
      const attribute = (name) => this.getAttribute(name) ?? undefined;
      const place = { base: this.ownerDocument.baseURI, storage: attribute("storage"), storageKey: attribute("storage-key") };
      seat = join({ deck: this.deck, ...place }, startOver ? { ...asked, startOver } : asked);
      const language = languageOf(this);
      const loading = [seat.opened, Messages.load(language, this.#messages), this.constructor.view()];
      const [leaning, messages, View] = await Promise.all(loading);
      if (run !== this.#run) return seat.leave();
      const changed = leaning !== this.#leaning;
      // Others may have opened it with other wishes, or these may be new ones: the latest hold.
      const wishes = JSON.stringify(asked);
      if (wishes !== this.#asked) await leaning.configure(asked);
      if (run !== this.#run) return seat.leave();
      this.#release();
      this.#asked = wishes;
      this.#seat = seat;
      this.#leaning = leaning;
      leaning.addEventListener("change", this.#refreshing);
      this.#show(View, messages);
      const counts = this.#counts(leaning.status(true));
      if (!changed) return;
      this.#emit("leaning-ready", counts);
      if (this.#done) this.#emit("leaning-done", counts);
    } catch (error) {
      seat?.leave();
      if (run === this.#run) this.#fail(error);
    }
  }

  #show(View, messages) {
    this.#root.adoptedStyleSheets = [css, View.css].filter(Boolean).map(sheet);
    this.#stage.lang = messages.language;
    // Who says a language of this one element means its direction too; else the page has said it.
    if (this.lang && !this.dir) this.#stage.dir = messages.direction;
    else this.#stage.removeAttribute("dir");
    const render = (node, text) => this.#render(node, text);
    const perform = (action, target) => this.#act(action, target);
    this.#view = new View(this.#stage, { leaning: this.#leaning, messages, render, perform, element: this });
    this.shown(this.#view);
  }

  /** Puts a deck's text into a node: as text, unless the host's renderer makes something of it. */
  #render(node, text) {
    this.#texts.set(node, text);
    node.textContent = text;
    try {
      const made = this.#renderer?.(text);
      // Not `instanceof`: it may come from another frame.
      if (made?.nodeType) node.replaceChildren(made);
    } catch (error) {
      // The person sees the plain text; who wrote the renderer sees the error.
      reportError(error);
    }
    return node;
  }

  #release() {
    this.#run++;
    if (this.#view) this.shown(undefined);
    this.#view?.free();
    this.#leaning?.removeEventListener("change", this.#refreshing);
    this.#seat?.leave();
    this.#view = this.#leaning = this.#seat = this.#told = undefined;
    this.#asked = "{}";
  }

  /** Says in words, where the element would have been, why there is nothing. */
  async #fail(error) {
    const run = this.#run;
    this.#release();
    this.#emit("leaning-error", { code: error.code ?? "internal", path: error.path });
    const messages = await Messages.load(languageOf(this), this.#messages);
    if (run + 1 !== this.#run) return;
    // Without WebAssembly the page's own content is better than an apology.
    const content = error.code === "not-ready" && [...this.childNodes].some((node) => !node.slot && node.textContent.trim());
    const message = messages.words("failed", { message: error.message });
    this.#stage.replaceChildren(content ? h("slot") : h("slot", { name: "error" }, failure(message)));
    if (UNREADABLE.has(error.code)) {
      this.#stage.append(button("other", "start-over", messages.words("startOver")));
    }
  }

  #click(event) {
    const button = event.target.closest?.("[data-action]");
    if (!button) return;
    if (button.dataset.action === "start-over") this.#restart(true);
    else this.#act(button.dataset.action, button);
  }

  /** Keys count only while the focus is inside (WCAG 2.1.4). */
  #key(event) {
    if (!this.#view?.key || event.ctrlKey || event.altKey || event.metaKey) return;
    const action = this.#view.key(event, this.#root.activeElement);
    if (action === undefined) return;
    event.preventDefault();
    if (action) this.#act(action);
  }

  /** Does what a button or a key stands for. */
  async #act(action, button) {
    const view = this.#view;
    this.#said?.remove();
    try {
      await view?.act(action, button);
    } catch (error) {
      if (view !== this.#view) return;
      // What was shown stays, and so does the chance to do it again.
      const message = view.messages.words("notNoted", { message: error.message });
      this.#said = failure(message);
      this.#stage.prepend(this.#said);
      this.#emit("leaning-error", { code: error.code ?? "internal", path: error.path });
    }
  }

  /** The interview has changed: through this element, through one that shares it, through the host or another tab. */
  #refresh() {
    const focused = this.#root.activeElement;
    const view = this.#view;
    const status = this.#leaning.status(true);
    const renewed = view.draw(status);
    // The button that had the focus may be gone: then neither to the top of the page nor, with the next key, to nowhere.
    if (focused && !this.#root.activeElement) view.focus();
    // Else the focus goes to what is new. That may wait until it is painted, being for who does not see it, and happens
    // only if they stayed where they were or that has disappeared.
    else if (focused && renewed) {
      const stays = () => this.#root.activeElement === focused || !focused.checkVisibility();
      painted().then(() => view === this.#view && stays() && view.focus());
    }
    const wasDone = this.#done;
    const before = this.#told;
    const counts = this.#counts(status);
    if (this.#told === before) return;
    this.#emit("leaning-answer", counts);
    if (this.#done && !wasDone) this.#emit("leaning-done", counts);
  }

  /** What events may tell; notes on the way whether the interview is over. */
  #counts({ asked, answered, remaining, done }) {
    this.#done = done;
    const counts = { asked, answered, remaining };
    this.#told = JSON.stringify(counts);
    return counts;
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Gives `element` a property for each attribute. */
export function reflectAll(element, attributes) {
  for (const [property, attribute] of Object.entries(attributes)) {
    Object.defineProperty(element.prototype, property, {
      configurable: true,
      enumerable: true,
      get() {
        return this.getAttribute(attribute);
      },
      set(value) {
        reflect(this, attribute, value);
      },
    });
  }
}

reflectAll(LeaningElement, REFLECTED);
