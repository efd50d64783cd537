// The result of a check: the verdict in words, and pictures of how much the deck can tell.

import { element } from "../page.js";
import { counted } from "./counted.js";

const SVG = "http://www.w3.org/2000/svg";
/** The aim of the project's guide to writing candidates; with grades, an answer tells more. */
const AIM = { bits: 0.45, gradedBits: 0.6, spread: 2, within: 0.8 };
/** Below this share of the variance within prompts, `leaning check` warns by itself. */
const LITTLE_WITHIN = 0.2;
/** Beyond this correlation, either way, it warns too. */
const NOTABLE = 0.7;
/** The width of a bar in its own units. */
const WIDTH = 200;

/** The place in a flaw that has fields, after the name of the file. */
const PLACE = /(?<=^[^:]*: )((dimensions|prompts)\[\d+\][^:]*|id|title|language)(?=: )/;

/** Options of the command line that a warning names, and what to do about it here. */
const HERE = [
  [" (--labels)", ". Name them under Dimensions."],
  [" (--prompts)", ". Write them under Prompts."],
];
const hereOf = (warning) => HERE.reduce((words, [option, advice]) => words.replace(option, advice), warning);

const byId = (id) => document.getElementById(id);

/**
 * Shows the report, the flaw, or that the deck is being checked. `notes` are about the table that it was made of, and `goTo`
 * leads to the place of a flaw.
 */
export function showChecked(checked, notes, goTo) {
  const isValid = checked !== undefined && checked.flaw === undefined;
  byId("checking").textContent = checked === undefined ? "Checking …" : "";
  // While a change is checked, what was found before stays in its place.
  if (checked === undefined) return;
  const verdict = isValid ? "✓ The deck is valid." : checked.flaw;
  // A status that is set to the same words again would be read out again.
  if (byId("verdict").textContent !== verdict) byId("verdict").textContent = verdict;
  byId("verdict").className = isValid ? "" : "error";
  const [path] = checked.flaw?.match(PLACE) ?? [];
  byId("go").hidden = !path;
  byId("go").onclick = () => goTo(path);
  const warnings = [...new Set([...(checked.report?.warnings ?? []), ...notes])];
  byId("warnings").replaceChildren(...warnings.map((text) => element("li", {}, hereOf(text))));
  byId("pictures").hidden = !isValid;
  if (isValid) draw(checked);
}

function draw({ report, questions, correlations, best, isGraded }) {
  const { reading, bits, spread } = report;
  const aim = isGraded ? AIM.gradedBits : AIM.bits;
  byId("counts").textContent =
    `${counted(report.prompts, "prompt")} with ${counted(report.candidates, "candidate")}: ${counted(report.pairs, "question")} of two candidates. ` +
    `Reading time of ${counted(questions, "question")}: ${reading.minutes.toFixed(1)} min, with ${reading.wordsPerQuestion.toFixed(0)} words each.`;
  byId("gauges").replaceChildren(
    bar("Best question", bits.best, 1, `${bits.best.toFixed(2)} bits`, aim),
    bar("Best ten", bits.bestTen, 1, `${bits.bestTen.toFixed(2)} bits`, aim),
    bar("Typical pair", spread.typical, 4, `spread ${spread.typical.toFixed(2)}`, AIM.spread),
    bar("Most contrasting pair", spread.largest, 4, `spread ${spread.largest.toFixed(2)}`),
  );
  byId("aim-bits").textContent = aim.toFixed(2);
  byId("within").replaceChildren(
    ...report.dimensions.map((id, j) => {
      const share = report.withinPrompts[j];
      const words = share === null ? "does not vary" : `${Math.round(100 * share)}%`;
      return bar(id, share ?? 0, 1, words, AIM.within);
    }),
  );
  byId("within-note").textContent = noteOnWithin(report);
  byId("correlations").replaceChildren(tableOf(report.dimensions, correlations));
  byId("best").replaceChildren(...best.map(question));
}

/** Whether a value is below an aim, with the two decimals that are shown. */
const isLow = (value, aim) => Math.round(100 * value) < Math.round(100 * aim);

/** A sentence about the dimensions below the aim. Those that `leaning check` warns about have one already. */
function noteOnWithin({ dimensions, withinPrompts }) {
  const below = dimensions.filter(
    (_, j) => withinPrompts[j] >= LITTLE_WITHIN && isLow(withinPrompts[j], AIM.within),
  );
  if (below.length === 0) return "";
  const names = new Intl.ListFormat("en").format(below);
  const [verb, pronoun] = below.length === 1 ? ["is", "it"] : ["are", "them"];
  return `${names} ${verb} below 80%: whole prompts differ in ${pronoun}. Put high and low candidates into each prompt.`;
}

/** An item with a bar from 0 to `full`, a mark at the aim if there is one, and the number in words. */
function bar(label, value, full, words, aim) {
  return element(
    "li",
    { className: isLow(value, aim) ? "low" : "" },
    element("span", { className: "name", dir: "auto" }, label),
    picture(value / full, aim && aim / full),
    element("span", { className: "number" }, words),
  );
}

function picture(share, aim) {
  const width = Math.max(0, Math.min(1, share)) * WIDTH;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} 8`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  for (const [name, x, long] of [
    ["track", 0, WIDTH],
    ["filled", 0, width],
    ...(aim === undefined ? [] : [["aim", aim * WIDTH - 1, 2]]),
  ]) {
    const rect = document.createElementNS(SVG, "rect");
    for (const [key, set] of Object.entries({ class: name, x, width: long, height: 8 }))
      rect.setAttribute(key, set);
    svg.append(rect);
  }
  return svg;
}

/** The lower half of the correlations. The columns have the numbers of the rows. */
function tableOf(ids, correlations) {
  const numbers = ids
    .slice(0, -1)
    .map((id, k) => element("th", { scope: "col", abbr: id, title: id }, `${k + 1}`));
  const head = element("tr", {}, element("td", {}), ...numbers);
  const rows = ids.map((id, j) =>
    element(
      "tr",
      {},
      element("th", { scope: "row", dir: "auto" }, `${j + 1} ${id}`),
      ...correlations[j].slice(0, j).map(cell),
    ),
  );
  return element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
}

function cell(correlation) {
  const made = element("td", {}, correlation.toFixed(2).replace("-", "−").replace("0.", "."));
  if (Math.abs(correlation) > NOTABLE) made.className = "notable";
  made.style.setProperty("--strength", Math.abs(correlation).toFixed(2));
  return made;
}

function question({ bits, prompt, candidates }) {
  const texts = candidates.map((text) => element("li", { dir: "auto" }, text));
  return element(
    "li",
    {},
    element("p", { className: "asked", dir: "auto" }, prompt),
    element("ul", {}, ...texts),
    element("p", { className: "bits quiet" }, picture(bits), `${bits.toFixed(2)} bits`),
  );
}
