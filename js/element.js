// <leaning-quiz>: the thin shell that a custom element's class needs. What it shows is Rust, in src/web/element.

import { init, Leaning, LeaningError, setDefaultSource } from "./core.js";
import css from "leaning-css";

setDefaultSource(() => new URL("./leaning.wasm", import.meta.url));

// Importing this on a server does no harm.
const Base = globalThis.HTMLElement ?? class {};

/** Properties that are no more than their attributes. */
const REFLECTED = {
  storage: "storage",
  storageKey: "storage-key",
  maxQuestions: "max-questions",
  stopRegret: "stop-regret",
  stopGain: "stop-gain",
  choose: "choose",
  strategy: "strategy",
  seed: "seed",
};

/** Errors after which a person can only begin anew: their stored answers cannot be read. */
const UNREADABLE = new Set(["log", "deck-mismatch"]);

/** Sets an attribute unless it has that value already. */
function reflect(element, attribute, value) {
  if (value === null || value === undefined) element.removeAttribute(attribute);
  else if (element.getAttribute(attribute) !== String(value)) element.setAttribute(attribute, value);
}

let sheet;

/** A constructed sheet needs no permission from a page's content security policy. */
function styles() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}

class LeaningQuiz extends Base {
  static observedAttributes = ["deck", ...Object.values(REFLECTED)];

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
    if (typeof deck === "object" && deck !== null) {
      this.#deck = deck;
      this.#restart();
    } else {
      this.#deck = undefined;
      reflect(this, "deck", deck);
    }
  }

  connectedCallback() {
    if (!this.#root) {
      this.#root = this.attachShadow({ mode: "closed" });
      this.#root.adoptedStyleSheets = [styles()];
      this.#stage = document.createElement("div");
      // What the page has put inside shows until there is something better.
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

  /** Forgets everything that was said, even what cannot be read, and begins again. */
  async forget() {
    if (!this.#leaning) {
      this.#restart(true);
      return;
    }
    await this.#leaning.forget();
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
    queueMicrotask(async () => {
      if (run !== this.#run || !this.deck) return;
      try {
        const leaning = await this.#open(startOver);
        if (run !== this.#run) {
          leaning.free();
          return;
        }
        this.#release();
        this.#leaning = leaning;
        this.#view = Leaning.view(leaning, this.#stage);
        const counts = this.#counts();
        this.#emit("leaning-ready", counts);
        if (this.#done) this.#emit("leaning-done", counts);
      } catch (error) {
        if (run === this.#run) this.#fail(error);
      }
    });
  }

  async #open(startOver) {
    const number = (name) => (this.hasAttribute(name) ? Number(this.getAttribute(name)) : undefined);
    const attribute = (name) => this.getAttribute(name) ?? undefined;
    const deck = typeof this.deck === "string" ? fetchText(this.deck, this.ownerDocument.baseURI) : this.deck;
    const [content] = await Promise.all([deck, init()]);
    return Leaning.open({
      deck: content,
      storage: attribute("storage"),
      storageKey: attribute("storage-key"),
      strategy: attribute("strategy"),
      seed: number("seed"),
      choose: number("choose"),
      stop: { questions: number("max-questions"), regret: number("stop-regret"), gain: number("stop-gain") },
      startOver,
    });
  }

  #release() {
    this.#run++;
    this.#view?.free();
    this.#leaning?.free();
    this.#view = this.#leaning = undefined;
  }

  /** Says in words, where the quiz would have been, why there is none. */
  #fail(error) {
    this.#release();
    const message = this.#message(`These questions cannot be shown. ${error.message}`);
    if (UNREADABLE.has(error.code)) {
      const button = document.createElement("button");
      button.type = "button";
      button.part = "other";
      button.dataset.action = "start-over";
      button.textContent = "Delete the stored answers and begin anew";
      message.append(document.createElement("br"), button);
    }
    this.#stage.replaceChildren(message);
    this.#emit("leaning-error", { code: error.code ?? "internal", path: error.path });
  }

  #message(text) {
    const message = document.createElement("p");
    message.className = message.part = "error";
    message.role = "alert";
    message.textContent = text;
    return message;
  }

  #click(event) {
    const action = event.target.closest?.("button[data-action]")?.dataset.action;
    if (action === "start-over") this.#restart(true);
    else if (action) this.#act(action);
  }

  /** Keys count only while the focus is inside (WCAG 2.1.4). */
  #key(event) {
    if (!this.#view || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      this.#moveFocus(step, /Up|Down/.test(event.key));
      event.preventDefault();
      return;
    }
    const action = { 0: "tie", u: "undo", U: "undo" }[event.key] ?? (/^[1-9]$/.test(event.key) && String(event.key - 1));
    if (action && this.#act(action)) event.preventDefault();
  }

  /** Moves the focus from choice to choice as they stand, from elsewhere to the first. */
  #moveFocus(step, upright) {
    const choices = [...this.#stage.querySelectorAll(".choose")];
    const top = (choice) => choice.getBoundingClientRect().top;
    const count = choices.length;
    const columns = choices.filter((choice) => top(choice) === top(choices[0])).length;
    if (!upright && getComputedStyle(this).direction === "rtl") step = -step;
    // Where all stand in one row, up and down go along it.
    if (upright && columns < count) step *= columns;
    const place = choices.indexOf(this.#root.activeElement);
    choices[place < 0 ? 0 : (place + step + count) % count]?.focus();
  }

  /** Does what a button or a key stands for; whether there was anything to do. */
  #act(action) {
    if (!this.#view) return false;
    const focused = this.#root.activeElement !== null;
    try {
      if (!this.#view.act(action)) return false;
    } catch (error) {
      // The question stays, and so does the answer's chance to be given again.
      this.#stage.querySelector(".error")?.remove();
      this.#stage.prepend(this.#message(`This could not be noted. ${error.message}`));
      this.#emit("leaning-error", { code: error.code ?? "internal", path: error.path });
      return false;
    }
    this.#afterwards(focused);
    return true;
  }

  #refresh() {
    if (!this.#view) return;
    const focused = this.#root.activeElement !== null;
    this.#view.draw();
    this.#afterwards(focused);
  }

  #afterwards(focused) {
    // The button that had the focus is gone: it goes to the new question, not to the top of the page.
    if (focused) this.#stage.querySelector("h2").focus({ preventScroll: true });
    // On a phone the button was far below the beginning of the next question.
    if (this.#stage.getBoundingClientRect().top < 0) this.scrollIntoView({ block: "start" });
    const wasDone = this.#done;
    const counts = this.#counts();
    this.#emit("leaning-answer", counts);
    if (this.#done && !wasDone) this.#emit("leaning-done", counts);
  }

  /** What events may tell; notes on the way whether the interview is over. */
  #counts() {
    const { asked, answered, remaining, done } = this.#leaning.status();
    this.#done = done;
    return { asked, answered, remaining };
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

for (const [property, attribute] of Object.entries(REFLECTED)) {
  Object.defineProperty(LeaningQuiz.prototype, property, {
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
