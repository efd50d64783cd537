// The result of the test in words, in tables and as a picture.

import { element } from "../page.js";
import { reliability } from "./picture.js";
import { binsOf, scoresOf } from "./scores.js";

/** The most characters of a text that a list shows. */
const SHOWN = 60;

const byId = (id) => document.getElementById(id);
const percent = (share) => `${Math.round(100 * share)}%`;
/** No prediction is certain. */
const likely = (probability) => `${Math.min(99, Math.max(1, Math.round(100 * probability)))}%`;
const between = ([low, high]) => `${percent(low)} to ${percent(high)}`;
/** A count that may have a half, where a prediction took no side. */
const count = (number) => String(Number(number.toFixed(1)));

/**
 * Shows the result of questions with what was predicted and chosen, for a profile of some answers. `draw` makes the node of a
 * deck's text.
 */
export function showResult(tested, profileAnswers, draw) {
  const probabilities = tested.map(({ probability }) => probability);
  const scores = scoresOf(probabilities);
  const bins = binsOf(probabilities);
  byId("result-title").textContent = `${count(scores.right)} of ${scores.count} right`;
  byId("verdict").textContent = verdict(scores);
  byId("few").textContent = few(scores, profileAnswers);
  byId("scores").tBodies[0].replaceChildren(...scoreRows(scores));
  byId("bins").tBodies[0].replaceChildren(...bins.map(binRow));
  byId("reliability").replaceChildren(reliability(bins));
  byId("answers").replaceChildren(...tested.map((one) => answerItem(one, draw)));
}

/** Beyond it a Brier score is hardly what the probabilities promise. */
const NOTABLE = 1.96;

function verdict({ right, expectedRight, range: [low, high], excess, brier }) {
  const promised = `By its own probabilities the profile expected ${expectedRight.toFixed(1)} right, and from ${low} to ${high} would be usual.`;
  if (right < low || excess > NOTABLE) return `${promised} It was too sure of itself, or this was bad luck.`;
  if (right > high || excess < -NOTABLE)
    return `${promised} It knows you better than it thinks, or this was good luck.`;
  if (brier > 0.25)
    return `${promised} Weighed by how sure it was, it did worse than a coin, which so few answers can hardly tell from bad luck.`;
  return `${promised} So it was about as good as it thinks.`;
}

function few({ count: asked, interval }, answers) {
  return `The profile has learned from ${answers} of your answers. In the long run it would be right in ${between(interval)} of such questions, as far as ${asked} answers can tell (95% interval). A coin is right in half.`;
}

function scoreRows({ count: asked, right, expectedRight, brier, expectedBrier, surprise, expectedSurprise }) {
  const rows = [
    ["Right", percent(right / asked), percent(expectedRight / asked), "50%"],
    ["Brier score", brier.toFixed(2), expectedBrier.toFixed(2), "0.25"],
    ["Surprise, bits", surprise.toFixed(2), expectedSurprise.toFixed(2), "1.00"],
  ];
  return rows.map(tableRow);
}

function binRow({ name, from, to, count: inside, right, expected, interval }) {
  const head = `${name}, ${percent(from)} to ${percent(to)}`;
  if (inside === 0) return tableRow([head, "–", "none", "–"]);
  return tableRow([head, percent(expected), `${count(right)} of ${inside}`, between(interval)]);
}

function tableRow([head, ...cells]) {
  const row = element("tr", {}, element("th", { scope: "row" }, head));
  row.append(...cells.map((cell) => element("td", {}, cell)));
  return row;
}

function answerItem({ prompt, candidates, chosen, probability }, draw) {
  const predicted = probability >= 0.5 ? chosen : 1 - chosen;
  const isRight = predicted === chosen;
  const mark = element("strong", { className: isRight ? "right" : "wrong" }, isRight ? "Right, " : "Wrong, ");
  const sure = `with ${likely(Math.max(probability, 1 - probability))}.`;
  const whole = candidates.map(wordsOf);
  const texts = whole.map((text, place) =>
    element(
      "div",
      {},
      element("h4", {}, notes(place === chosen, place === predicted)),
      element("div", { className: "text" }, draw(text)),
    ),
  );
  return element(
    "li",
    {},
    element("p", { className: "prompt" }, prompt.text),
    element("p", {}, mark, sure, ` You chose “${beginning(whole[chosen])}”`),
    isRight ? "" : element("p", {}, `It expected “${beginning(whole[predicted])}”`),
    element("details", {}, element("summary", {}, "Read both"), ...texts),
  );
}

const wordsOf = ({ text, image }) => text || image?.alt || "";

/** The first words of a text, without the marks of its lists. */
function beginning(text) {
  const line = text.replaceAll(/^- /gm, "").replaceAll(/\s+/g, " ").trim();
  return line.length <= SHOWN ? line : `${line.slice(0, line.lastIndexOf(" ", SHOWN))} …`;
}

function notes(isChosen, isPredicted) {
  if (isChosen) return isPredicted ? "Predicted, and chosen by you" : "Chosen by you";
  return isPredicted ? "Predicted" : "Neither predicted nor chosen";
}
