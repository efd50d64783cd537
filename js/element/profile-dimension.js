// One dimension of the profile: where the person seems to stand, what they say of it themselves, and what hangs on it.

import { h, part, svg } from "./dom.js";
import { bar, percent, position, spanInterval, sureWords } from "./picture.js";

/** The slider's values reach from −END to END. */
const END = 100;
/** Steps small enough for the dot to stand where the estimate is. */
const STEP = 2;
/** How long somebody may pause between two presses of a key, in milliseconds: each statement goes into the log. */
const PAUSE = 500;

export class DimensionRow {
  #leaning;
  #messages;
  #leaned;
  #reach = 0;
  /** Set while the person moves the dot and nothing is stated yet. */
  #timer;

  #meaning = part("p", "meaning");
  #track;
  #own = part("p", "own", { hidden: true });
  #otherWay = part("div", "other-way-said");
  #details;

  /** `leaned`: the dimension as in a profile. */
  constructor(leaned, { leaning, messages, language, perform }) {
    this.#leaning = leaning;
    this.#messages = messages;
    this.id = leaned.id;
    const { label } = leaned;
    this.slider = part("input", "slider", {
      type: "range",
      min: -END,
      max: END,
      step: STEP,
      "aria-label": messages.words("ownWord", { label }),
    });
    this.slider.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = -1;
      this.#sayValue(this.weight);
    });
    // By key it fires at every step, by pointer when it is let go: only then is anything stated.
    this.slider.addEventListener("change", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        perform("state", this.slider);
      }, PAUSE);
    });
    this.#track = part("div", "track", {}, this.slider);
    const end = (name) => part("span", name, { lang: language, dir: "auto" }, leaned[name]);
    this.#details = part(
      "details",
      "other-way",
      {},
      h("summary", { "aria-label": messages.words("otherWayOf", { label }) }, messages.words("otherWay")),
      this.#otherWay,
    );
    this.#details.addEventListener("toggle", () => this.#drawOtherWay());
    this.element = part(
      "li",
      "dimension",
      {},
      this.#meaning,
      part("div", "scale", {}, end("low"), this.#track, end("high")),
      this.#own,
      this.#details,
    );
    this.language = language;
  }

  /** The weight that the slider stands at. */
  get weight() {
    return (this.slider.valueAsNumber / END) * (this.#reach / this.#leaned.spread);
  }

  /** Shows the dimension as it is known now; `statement` is what the person has said of it themselves, if anything. */
  update(leaned, reach, statement) {
    this.#leaned = leaned;
    this.#reach = reach;
    const messages = this.#messages;
    const span = (name, text) => part("span", name, {}, text);
    this.#meaning.replaceChildren(
      span("label", leaned.label),
      span("words", messages.leaning(leaned)),
      span("sure", sureWords(leaned, messages)),
    );
    const interval = svg("rect", { class: "interval" });
    spanInterval(interval, leaned, reach);
    this.#track.replaceChildren(bar(interval, statement && this.#statedMark(statement.weight)), this.slider);
    this.slider.disabled = !(reach > 0 && leaned.spread > 0);
    // What somebody is moving is not pulled from under their finger.
    if (this.#timer === undefined) {
      this.slider.value = (position(leaned.mean, leaned, reach) - 50) * (END / 50);
      this.#sayValue(leaned.mean);
    }
    this.#drawOwn(statement);
    this.#drawOtherWay();
  }

  focus() {
    this.slider.focus();
  }

  free() {
    clearTimeout(this.#timer);
  }

  #statedMark(weight) {
    const x = percent(position(weight, this.#leaned, this.#reach));
    return svg("svg", { x, overflow: "visible" }, svg("path", { class: "stated-mark", d: "M0 16l-4 6h8z" }));
  }

  /** What the slider's place means, for who cannot see it. */
  #sayValue(weight) {
    const messages = this.#messages;
    const share = (position(weight, this.#leaned, this.#reach) - 50) / 50;
    const end = share < 0 ? this.#leaned.low : this.#leaned.high;
    const towards = () => messages.words("towards", { share: messages.percent(Math.abs(share)), end });
    this.slider.setAttribute("aria-valuetext", Math.abs(share) < 0.01 ? messages.words("middle") : towards());
  }

  #drawOwn(statement) {
    this.#own.hidden = !statement;
    // The button that has the focus stays the same one for the same statement.
    if (this.#own.dataset.id === statement?.id && statement) return;
    if (!statement) {
      delete this.#own.dataset.id;
      return this.#own.replaceChildren();
    }
    const { id } = statement;
    this.#own.dataset.id = id;
    const name = this.#messages.words("takeBackOf", { label: this.#leaned.label });
    const takeBack = { type: "button", "data-action": "take-back", "data-id": id, "aria-label": name };
    this.#own.replaceChildren(
      part("span", "stated", {}, this.#messages.words("stated")),
      part("button", "other", takeBack, this.#messages.words("takeBack")),
    );
  }

  #drawOtherWay() {
    if (!this.#details.open) return this.#otherWay.replaceChildren();
    const { prompts, changed, example } = this.#leaning.whatIf(this.id);
    const messages = this.#messages;
    const said = changed ? messages.words("otherWayChanged", { count: changed, prompts }) : messages.words("otherWayNone");
    const text = (name, content) => part("p", name, { lang: this.language, dir: "auto" }, content);
    this.#otherWay.replaceChildren(
      part("p", "changed", {}, said),
      ...(example
        ? [
            text("example-prompt", example.text),
            part(
              "dl",
              "example",
              {},
              part("div", "pick", {}, h("dt", {}, messages.words("pickedNow")), h("dd", {}, text("excerpt", example.now))),
              part("div", "pick", {}, h("dt", {}, messages.words("pickedThen")), h("dd", {}, text("excerpt", example.then))),
            ),
          ]
        : []),
    );
  }
}
