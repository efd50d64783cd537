// How answers are made, by the person's choice: the best of several drafts, or one draft by a model that is told their taste.

const byId = (id) => document.getElementById(id);
/** Number of drafts of a message where this page picks. */
const DRAFTS = 4;
const NOW = { drafts: "the best of four drafts", told: "one draft, told your taste" };
/** A comparison's sentences where the model gets to know what the person reads. */
const TOLD = {
  compareStays: "Your next message tells the model which one you read.",
  compareThanks: "Saved on this device. Your next message tells the model.",
};

/** The choice and its fields, for an interview whose profile may be put into words. */
export class Way {
  #interview;
  #tell;
  #isEdited = false;
  /** Resolves once the fields are as the latest change made them. */
  #isDrawn = Promise.resolve();

  /** `tell` gets the sentences of a comparison that differ from its own. */
  constructor(interview, tell) {
    this.#interview = interview;
    this.#tell = tell;
    byId("way").hidden = false;
    for (const radio of document.querySelectorAll("[name=way]"))
      radio.addEventListener("change", () => this.#redraw());
    byId("tell-pick").addEventListener("change", () => this.#say());
    byId("instructions").addEventListener("input", () => {
      this.#isEdited = true;
    });
    byId("learned").addEventListener("click", () => {
      this.#isEdited = false;
      this.#redraw();
    });
    interview.addEventListener("change", () => this.#redraw());
    // A browser brings back what was ticked before a reload.
    if (this.tellsPick) this.#say();
    this.#redraw();
  }

  /** Number of drafts to ask for. */
  get count() {
    return this.isTold ? 1 : DRAFTS;
  }

  /** The messages that go before the conversation. */
  async before() {
    await this.#isDrawn;
    const content = this.isTold ? byId("instructions").value.trim() : "";
    return content ? [{ role: "system", content }] : [];
  }

  /** Whether the model gets to know which draft the person reads. */
  get tellsPick() {
    return byId("tell-pick").checked;
  }

  /** Shows what has just been sent. */
  showSent(request) {
    byId("sent").textContent = JSON.stringify(request, null, 2);
  }

  /** Whether the model is told the taste, and writes one draft. */
  get isTold() {
    return document.querySelector("[name=way]:checked").value === "told";
  }

  /** Lets a comparison say truly where a choice goes. */
  #say() {
    this.#tell(this.tellsPick ? TOLD : {});
  }

  #redraw() {
    this.#isDrawn = this.#draw();
  }

  async #draw() {
    byId("way-now").textContent = this.isTold ? NOW.told : NOW.drafts;
    byId("told").hidden = !this.isTold;
    const words = await this.#interview.instructions();
    // The person may have typed meanwhile.
    if (!this.#isEdited) byId("instructions").value = words;
    byId("learned").disabled = words === "";
  }
}
