// <leaning-quiz>: the thin shell that a custom element's class needs. What it shows is Rust, in src/web/element.

import { init, Leaning, LeaningError, setDefaultSource } from "./core.js";
import css from "leaning-css";

setDefaultSource(() => new URL("./leaning.wasm", import.meta.url));

// Importing this on a server does no harm.
const Base = globalThis.HTMLElement ?? class {};

/** Attributes, each also a property of the name in camel case. */
const ATTRIBUTES = ["deck", "storage", "storage-key", "max-questions", "strategy", "seed"];

let sheet;

function styles() {
  // A constructed sheet needs no permission from a page's content security policy.
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}

class LeaningQuiz extends Base {
  static observedAttributes = ATTRIBUTES;

  #root;
  #stage;
  #deck;
  #leaning;
  #view;
  #done = false;
  /** Counts the starts: one that is overtaken by the next does nothing more. */
  #run = 0;

  /** The interview, once `leaning-ready` has been heard. */
  get leaning() {
    return this.#leaning;
  }

  /** The deck: its URL, or the deck itself. */
  get deck() {
    return this.#deck ?? this.getAttribute("deck");
  }
  set deck(deck) {
    if (deck === this.deck) return;
    if (deck === null || typeof deck === "string") {
      this.#deck = undefined;
      this.#reflect("deck", deck);
    } else {
      this.#deck = deck;
      this.#restart();
    }
  }

  connectedCallback() {
    if (!this.#root) {
      this.#root = this.attachShadow({ mode: "closed" });
      this.#root.adoptedStyleSheets = [styles()];
      this.#stage = document.createElement("div");
      this.#stage.append(document.createElement("slot"));
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

  /** Forgets everything that was said, and begins again. */
  async forget() {
    await this.leaning?.forget();
    this.#refresh();
  }

  /** Takes back the last answer. */
  async undo() {
    return this.#act("undo");
  }

  /** Adds the records of an exported log. */
  async import(log) {
    await this.#ready().import(log);
    this.#refresh();
  }

  export() {
    return this.#ready().export();
  }
  status() {
    return this.#ready().status();
  }
  profile() {
    return this.#ready().profile();
  }
  rank(candidates, options) {
    return this.#ready().rank(candidates, options);
  }

  #ready() {
    if (!this.#leaning) throw new LeaningError("not-ready", "wait for the event leaning-ready");
    return this.#leaning;
  }

  /** Properties that a framework set before the element was defined stand in the way of the accessors. */
  #adoptEarlyProperties() {
    for (const name of ["deck", ...Object.keys(REFLECTED)]) {
      if (Object.hasOwn(this, name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
  }

  #reflect(attribute, value) {
    if (value === null || value === undefined) this.removeAttribute(attribute);
    else if (this.getAttribute(attribute) !== String(value)) this.setAttribute(attribute, value);
  }

  /** Begins again from the attributes; several changes in a row begin once. */
  #restart() {
    if (!this.isConnected || !this.#root) return;
    const run = ++this.#run;
    queueMicrotask(async () => {
      if (run !== this.#run) return;
      try {
        const leaning = await this.#open();
        if (!leaning) return;
        if (run !== this.#run) {
          leaning.free();
          return;
        }
        this.#release();
        this.#run = run;
        this.#leaning = leaning;
        this.#view = Leaning.view(leaning, this.#stage);
        this.#done = leaning.status().done;
        this.#emit("leaning-ready", this.#counts());
        if (this.#done) this.#emit("leaning-done", this.#counts());
      } catch (error) {
        if (run === this.#run) this.#fail(error);
      }
    });
  }

  async #open() {
    const deck = this.deck;
    if (!deck) return null;
    const [text] = await Promise.all([typeof deck === "string" ? fetchText(deck, this.ownerDocument.baseURI) : deck, init()]);
    const number = (name) => (this.hasAttribute(name) ? Number(this.getAttribute(name)) : undefined);
    return Leaning.open({
      deck: text,
      storage: this.getAttribute("storage") ?? undefined,
      storageKey: this.getAttribute("storage-key") ?? undefined,
      strategy: this.getAttribute("strategy") ?? undefined,
      seed: number("seed"),
      stop: { questions: number("max-questions") },
    });
  }

  #release() {
    this.#run++;
    this.#view?.free();
    this.#leaning?.free();
    this.#view = this.#leaning = undefined;
  }

  #fail(error) {
    this.#release();
    const message = document.createElement("p");
    message.className = "error";
    message.part = "error";
    message.role = "alert";
    message.textContent = `These questions cannot be shown. ${error.message}`;
    this.#stage.replaceChildren(message);
    this.#emit("leaning-error", { code: error.code ?? "internal", path: error.path });
  }

  #click(event) {
    const button = event.target.closest?.("button[data-action]");
    if (button) this.#act(button.dataset.action);
  }

  /** Keys count only while the focus is inside (WCAG 2.1.4). */
  #key(event) {
    if (!this.#view || event.ctrlKey || event.altKey || event.metaKey) return;
    const forward = { ArrowRight: true, ArrowDown: true, ArrowLeft: false, ArrowUp: false }[event.key];
    if (forward !== undefined) {
      const rtl = getComputedStyle(this).direction === "rtl" && event.key.length > 9 - Number(event.key === "ArrowLeft");
      this.#view.moveFocus(this.#root.activeElement ?? undefined, forward !== rtl);
      event.preventDefault();
      return;
    }
    const action = { 0: "tie", u: "undo", U: "undo" }[event.key] ?? (/^[1-9]$/.test(event.key) && String(event.key - 1));
    if (action && this.#act(action)) event.preventDefault();
  }

  /** Does what a button or a key stands for; whether there was anything to do. */
  #act(action) {
    if (!this.#view) return false;
    const focused = this.#root.activeElement !== null;
    let acted;
    try {
      acted = this.#view.act(action);
    } catch (error) {
      this.#emit("leaning-error", { code: error.code ?? "internal", path: error.path });
      return false;
    }
    if (acted) this.#afterwards(focused);
    return acted;
  }

  #refresh() {
    if (!this.#view) return;
    const focused = this.#root.activeElement !== null;
    this.#view.draw();
    this.#afterwards(focused);
  }

  #afterwards(focused) {
    // The button that had the focus is gone: it goes to the new question, not to the top of the page.
    if (focused) this.#view.focusHeading();
    const counts = this.#counts();
    const wasDone = this.#done;
    this.#done = this.#leaning.status().done;
    this.#emit("leaning-answer", counts);
    if (this.#done && !wasDone) this.#emit("leaning-done", counts);
  }

  #counts() {
    const { asked, answered, remaining } = this.#leaning.status();
    return { asked, answered, remaining };
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Properties that are no more than their attributes. */
const REFLECTED = {
  storage: "storage",
  storageKey: "storage-key",
  maxQuestions: "max-questions",
  strategy: "strategy",
  seed: "seed",
};

for (const [property, attribute] of Object.entries(REFLECTED)) {
  Object.defineProperty(LeaningQuiz.prototype, property, {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(attribute);
    },
    set(value) {
      if (value === null || value === undefined) this.removeAttribute(attribute);
      else if (this.getAttribute(attribute) !== String(value)) this.setAttribute(attribute, value);
    },
  });
}

async function fetchText(url, base) {
  let response;
  try {
    response = await fetch(new URL(url, base));
  } catch (error) {
    throw new LeaningError("fetch", `${url}: ${error.message}`);
  }
  if (!response.ok) throw new LeaningError("fetch", `${url}: the server answered ${response.status}`);
  return response.text();
}

if (globalThis.customElements && !customElements.get("leaning-quiz")) customElements.define("leaning-quiz", LeaningQuiz);

export { init, Leaning, LeaningError, LeaningQuiz };
