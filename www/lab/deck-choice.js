// Which deck is simulated: one of the site's, or a file that the person drops or chooses.

import { element, fetchJson } from "../page.js";
import { Run } from "./run.js";

/** The site's decks, by their file. */
export const DECKS = {
  "assistant-style-en": "How an assistant answers",
  weekend: "Where to spend a weekend",
  notifications: "How a product notifies you",
};
/** The value of the person's own deck in the list. */
const OWN = "own";

export class DeckChoice {
  #select;
  #said;
  /** The person's own deck, once it was found to be one. */
  #own;

  constructor(select, file, drop, said) {
    this.#select = select;
    this.#said = said;
    for (const [value, name] of Object.entries(DECKS)) select.append(element("option", { value }, name));
    file.addEventListener("change", () => this.#take(file.files[0]));
    select.addEventListener("input", () => this.#say(""));
    drop.addEventListener("dragover", (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      this.#take(event.dataTransfer.files[0]);
    });
  }

  /** Selects a deck. The person's own has to be there already. */
  select(deck) {
    const isMissing = deck === OWN && !this.#own;
    if (isMissing) this.#say("The run that you opened was about somebody’s own deck. Drop its file here.");
    this.#select.value = isMissing ? Object.keys(DECKS)[0] : deck;
  }

  /** The selected deck, and whether it has prompts enough to hold some out. */
  async load() {
    const { value } = this.#select;
    if (value === OWN) return this.#own;
    return { deck: await fetchJson(`decks/${value}.json`), canHoldOut: true };
  }

  async #take(file) {
    if (!file) return;
    const checking = new Run();
    this.#say(`Reading ${file.name} …`);
    try {
      const deck = JSON.parse(await file.text());
      const { title, prompts, dimensions, canHoldOut } = await checking.check(deck);
      this.#own = { deck, canHoldOut };
      let option = this.#select.querySelector(`[value="${OWN}"]`);
      if (!option) this.#select.append((option = element("option", { value: OWN })));
      option.textContent = `Your deck: ${title}`;
      this.#select.value = OWN;
      this.#say(`${file.name} has ${prompts} prompts and ${dimensions} traits.`);
    } catch (error) {
      this.#say(`${file.name} is not a deck that the lab can use. ${error.message}`, true);
    } finally {
      checking.stop();
    }
  }

  #say(text, isError = false) {
    this.#said.textContent = text;
    this.#said.classList.toggle("error", isError);
  }
}
