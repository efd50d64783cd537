// What the person has said, the latest first, and what each answer has moved.

import { h, part, svg } from "./dom.js";

/** Movements below this share of the picture's reach are not worth a word. */
const LITTLE = 0.03;
/** So many dimensions are named, those that moved most. */
const NAMED = 3;
/** The width of the bar of a movement over the whole reach, in pixels. */
const WIDTH = 120;

const VERDICTS = { tie: "saidTie", neither: "saidNeither", skip: "saidSkip" };

/** A list of `said`, the latest of `count` records that hold. */
export function answerList(said, { profile, count, language, messages, render }) {
  if (!said.length) return part("p", "count", {}, messages.words("answersNone"));
  const item = (record, place) => {
    const number = count - place;
    const name = messages.words("deleteOf", { place: number });
    const remove = { type: "button", "data-action": "delete", "data-id": record.id, "aria-label": name };
    return part(
      "li",
      "said-answer",
      { value: number },
      part("div", "what", {}, what(record, profile, language, messages, render), moved(record, profile, messages)),
      part("button", "delete", remove, messages.words("delete")),
    );
  };
  return part("ol", "answer-list", { reversed: true }, [...said].reverse().map(item));
}

function what(record, profile, language, messages, render) {
  const foreign = (name, text) => render(part("div", name, { lang: language, dir: "auto" }), text);
  if (record.kind === "statement") {
    const leaned = profile.dimensions.find(({ id }) => id === record.dimension);
    return [part("p", "verdict", {}, messages.words("saidOf")), part("p", "question", {}, leaned.label)];
  }
  const question = record.prompt ? foreign("question", record.prompt.text) : part("p", "question", {}, messages.words("drafts"));
  const chosen = record.prompt?.texts[record.shown.indexOf(record.chose)];
  if (record.verdict) return [question, part("p", "verdict", {}, messages.words(VERDICTS[record.verdict]))];
  return [question, part("p", "verdict", {}, messages.words("chose")), chosen && foreign("excerpt", chosen)];
}

/** Towards which ends it has moved the weights, each with a bar of how far. */
function moved(record, profile, messages) {
  const moves = profile.dimensions
    .map(({ low, high }, j) => ({ end: record.moved[j] < 0 ? low : high, share: Math.abs(record.moved[j]) / profile.reach }))
    .filter(({ share }) => share >= LITTLE)
    .sort((one, other) => other.share - one.share)
    .slice(0, NAMED);
  if (!moves.length) return part("p", "moved", {}, messages.words("movedLittle"));
  const list = new Intl.ListFormat(messages.language, { type: "unit", style: "short" });
  const parts = list.formatToParts(moves.map(({ end }) => end));
  // The place of the list within its sentence; a deck's text holds no such character.
  const [before, after] = messages.words("movedTo", { ends: "\0" }).split("\0");
  const left = moves.values();
  const nodes = parts.map(({ type, value }) =>
    type === "element" ? part("span", "move", {}, h("bdi", {}, value), length(left.next().value.share)) : value,
  );
  return part("p", "moved", {}, before, nodes, after);
}

function length(share) {
  const width = Math.max(3, Math.min(share, 1) * WIDTH).toFixed(0);
  return svg("svg", { class: "length", width, height: 6, "aria-hidden": "true" }, svg("rect", { width, height: 6, rx: 3 }));
}
