// Two answers that a person pastes: measured in the tab, compared with their taste, and learned from.

import { element, knownReasonsOf, whyPicked } from "./page.js";
import { init, scoreStyle } from "./pkg/style.js";

/** The fewest words of which a style can be told. */
const FEWEST_WORDS = 5;
/** Scores end here. The demo deck's own texts reach no further, so nothing is known about how much more is liked. */
const END = 2.5;
/** The score below which a text is in between. */
const BETWEEN = 0.5;
/** The score from which on a text is much more the one than the other. */
const MUCH = 1.5;
/** The probability below which the better of two is a close call. */
const CLOSE_CALL = 0.7;
const SVG = "http://www.w3.org/2000/svg";

const byId = (id) => document.getElementById(id);

/** The measured scores of a text, cut off where the deck's own texts end. */
export const withinDeck = (scores) => scores.map((score) => Math.max(-END, Math.min(score, END)));

/** Whether a person has said anything yet about their taste. */
export const isTasteKnown = ({ answers, dimensions }) =>
  answers > 0 || dimensions.some(({ statement }) => statement);

/** Lets the fields work. `examples` are two answers to fill in. */
export async function showMeasured(interview, basis, examples) {
  await init();
  const fields = [byId("first"), byId("second")];
  const buttons = [byId("prefer-0"), byId("prefer-1")];

  const scored = () => {
    const texts = fields.map(({ value }) => value);
    return scoreStyle(texts, basis).map((scores, i) => ({
      id: `pasted-${i}`,
      text: texts[i],
      scores: withinDeck(scores),
    }));
  };
  const update = () => {
    const isComplete = fields.every(({ value }) => value.trim().split(/\s+/).length >= FEWEST_WORDS);
    for (const one of buttons) one.disabled = !isComplete;
    const answers = isComplete ? scored() : [];
    const words = isComplete ? verdict(interview, answers) : "";
    // Set again, it would be heard again.
    if (byId("verdict").textContent !== words) byId("verdict").textContent = words;
    const { dimensions } = interview.profile();
    byId("measured").replaceChildren(...(isComplete ? differences(dimensions, basis, answers) : []));
  };

  for (const field of fields) field.addEventListener("input", update);
  for (const [chose, one] of buttons.entries()) {
    one.addEventListener("click", async () => {
      await interview.observe(scored(), { chose });
      byId("verdict").prepend("Saved, on this device only. ");
    });
  }
  // An answer may be undone, here or in another tab.
  interview.addEventListener("change", update);
  byId("example").addEventListener("click", () => {
    for (const [i, field] of fields.entries()) field.value = examples[i].text;
    update();
  });
  // A browser brings back what was typed before a reload.
  update();
}

/** Which of two answers the person should like better, in a sentence or two. */
function verdict(interview, answers) {
  const profile = interview.profile();
  if (!isTasteKnown(profile)) return "We don't know your taste yet. Say which you prefer, or take the quiz.";
  const [best] = interview.rank(answers);
  const why = whyPicked(best, profile, CLOSE_CALL);
  const [pro] = knownReasonsOf(best, profile);
  return pro.length > 0 ? `You should prefer the ${["first", "second"][best.index]}. ${why}` : why;
}

/** An axis for each trait that can be measured, with both answers on it. */
function differences(dimensions, basis, answers) {
  return dimensions.flatMap(({ label, low, high }, j) => {
    if (!basis.head[j].some(Boolean)) return [];
    const [one, other] = answers.map(({ scores }) => scores[j]);
    const words = `first ${inWords(one, low, high)}, second ${inWords(other, low, high)}`;
    return element(
      "li",
      {},
      element("span", { className: "trait" }, label),
      element("span", { className: "low", ariaHidden: "true" }, low),
      axis([one, other]),
      element("span", { className: "high", ariaHidden: "true" }, high),
      element("span", { className: "unseen" }, `: ${words}`),
    );
  });
}

function inWords(score, low, high) {
  const size = Math.abs(score);
  if (size < BETWEEN) return "in between";
  const [end, other] = score < 0 ? [low, high] : [high, low];
  return `${size < MUCH ? "more" : "much more"} ${end} than ${other}`;
}

function axis(scores) {
  const draw = (tag, attributes) => {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const picture = draw("svg", { viewBox: "0 0 200 24", "aria-hidden": "true" });
  picture.append(draw("path", { class: "line", d: "M10 12H190M100 7V17" }));
  for (const [i, score] of scores.entries()) {
    const cx = 100 + (90 * score) / END;
    const number = draw("text", { x: cx, y: 16, "text-anchor": "middle" });
    number.textContent = i + 1;
    picture.append(draw("circle", { class: `mark-${i + 1}`, cx, cy: 12, r: 9 }), number);
  }
  return picture;
}
