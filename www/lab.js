// The lab: settings, runs in workers, and their results as a picture, a table and a file.

import { readAddress, toAddress } from "./lab/address.js";
import { Chart } from "./lab/chart.js";
import { toCsv } from "./lab/csv.js";
import { DeckChoice } from "./lab/deck-choice.js";
import { MEASURES } from "./lab/measures.js";
import { KINDS } from "./lab/people.js";
import { Results } from "./lab/results.js";
import { Run } from "./lab/run.js";
import { STRATEGIES } from "./lab/strategies.js";
import { fillTable } from "./lab/table.js";
import { element } from "./page.js";

/** The shortest time between two drawings, in milliseconds. */
const REDRAW = 250;
/** The shares of a run after which a screen reader hears how far it is. */
const HEARD = [0.25, 0.5, 0.75];
/** In the place of curves, in lines as short as a phone's. */
const PRESS_RUN = ["Press Run, and the curves grow here."];
const LOOK_AT_PROFILES = ["Tick “Look at profiles too” above,", "then press Run."];

const byId = (id) => document.getElementById(id);
const form = byId("settings");
const chart = new Chart(byId("chart"), byId("legend"));
const decks = new DeckChoice(byId("deck"), byId("file"), byId("drop"), byId("deck-said"));
const whole = new Intl.NumberFormat("en");
let run;
let results;
let drawnAt = 0;

for (const [value, { name }] of Object.entries(KINDS))
  byId("people").append(element("option", { value }, name));
for (const [value, { name }] of Object.entries(MEASURES))
  byId("measure").append(element("option", { value }, name));
for (const [value, { name, about, isUsual }] of Object.entries(STRATEGIES)) {
  const box = element("input", { type: "checkbox", name: "strategy", value });
  const text = element("span", {}, name, element("small", {}, about));
  const place = isUsual ? "strategies" : "other-strategies";
  byId(place).append(element("label", {}, box, text));
}

/** The settings as they stand in the form. */
function settingsOf() {
  const data = new FormData(form);
  return {
    deck: data.get("deck"),
    people: data.get("people"),
    strategies: data.getAll("strategy"),
    answers: Number(data.get("answers")),
    count: Number(data.get("count")),
    seed: Number(data.get("seed")),
    on: data.get("on"),
    profile: data.has("profile") || KINDS[data.get("people")].isIndifferent === true,
  };
}

function fill({ deck, people, strategies, answers, count, seed, on, profile, measure }) {
  decks.select(deck);
  byId("measure").value = measure;
  byId("people").value = people;
  for (const box of form.elements.namedItem("strategy")) box.checked = strategies.includes(box.value);
  if (strategies.some((one) => !STRATEGIES[one].isUsual)) byId("more").open = true;
  byId("answers").value = answers;
  byId("count").value = count;
  byId("seed").value = seed;
  form.elements.namedItem("on").value = on;
  byId("profile").checked = profile;
  explain();
}

/** Says what is chosen, and refuses what cannot run. */
function explain() {
  const kind = KINDS[byId("people").value];
  byId("people-about").textContent = kind.about;
  // Nothing else can be measured of people who like everything the same.
  byId("profile").disabled = kind.isIndifferent === true;
  const boxes = [...form.elements.namedItem("strategy")];
  boxes[0].setCustomValidity(boxes.some(({ checked }) => checked) ? "" : "Choose at least one.");
}

function showMeasure() {
  byId("measure-about").textContent = MEASURES[byId("measure").value].about;
  draw();
}

/** The address of a run whose results are shown by the chosen measure. */
const addressOf = (settings) => `#${toAddress({ ...settings, measure: byId("measure").value })}`;

function showAddress(settings) {
  history.replaceState(null, "", location.pathname + addressOf(settings));
}

function draw() {
  drawnAt = performance.now();
  const settings = results?.settings ?? settingsOf();
  // Before the first interview the names are there already, so that nothing moves when the lines appear.
  const curves = (results ?? new Results(settings)).curves(byId("measure").value);
  const { name, floor, ofProfile } = MEASURES[byId("measure").value];
  const isMissing = ofProfile && !settings.profile;
  const advice = isMissing ? LOOK_AT_PROFILES : PRESS_RUN;
  chart.draw(curves, { name, floor, answers: Math.max(1, settings.answers), advice });
  fillTable(byId("table"), curves, isMissing && advice.join(" "));
}

function say(text, isError = false) {
  byId("done").textContent = text;
  byId("done").classList.toggle("error", isError);
}

const progressOf = () => {
  const { done, settings } = results;
  const { count, strategies } = settings;
  const of = done < count ? ` of ${whole.format(count)}` : "";
  const times = strategies.length > 1 ? `, by ${strategies.length} rules each` : "";
  return `${whole.format(done)}${of} people interviewed${times}.`;
};

async function start() {
  const settings = settingsOf();
  run?.stop();
  const current = new Run();
  run = current;
  results = undefined;
  byId("progress").value = 0;
  byId("take").hidden = true;
  byId("cancel").disabled = false;
  if (KINDS[settings.people].isIndifferent && !MEASURES[byId("measure").value].ofProfile)
    byId("measure").value = "wrong";
  showAddress(settings);
  showMeasure();
  byId("results").scrollIntoView({ block: "nearest" });
  byId("said").textContent = "Started.";
  say("Loading the engine …");
  const heard = [...HEARD];
  try {
    const { deck, canHoldOut } = await decks.load();
    if (run !== current) return;
    const holdsOut = settings.on === "held-out";
    if (holdsOut && !canHoldOut)
      throw new Error("This deck has too few prompts to keep some out. Measure on all prompts instead.");
    results = new Results(settings);
    await current.start(deck, { ...settings, holdsOut }, (from, people) => {
      results.add(from, people);
      const share = results.done / settings.count;
      byId("progress").value = share;
      say(progressOf());
      if (share >= heard[0]) byId("said").textContent = `${100 * heard.shift()} percent done.`;
      if (performance.now() - drawnAt > REDRAW) draw();
    });
    finish(current, true);
  } catch (error) {
    console.error(error);
    finish(current, false, error.message);
  }
}

/** Ends a run: it has come to its end, was stopped, or failed with a message. */
function finish(ended, isWhole, failure) {
  if (run !== ended) return;
  run = undefined;
  ended.stop();
  // A button that is turned off loses the focus.
  if (document.activeElement === byId("cancel")) byId("measure").focus({ preventScroll: true });
  byId("cancel").disabled = true;
  draw();
  if (failure) {
    say(failure, true);
    byId("said").textContent = failure;
    return;
  }
  if (!results?.done) {
    say("Stopped before anybody was interviewed.");
    byId("said").textContent = "Stopped.";
    return;
  }
  say(isWhole ? `Done: ${progressOf()}` : `Stopped: ${progressOf()}`);
  byId("said").textContent = `${isWhole ? "Done." : "Stopped."} ${results.inWords(byId("measure").value)}`;
  const link = element("a", { href: addressOf(results.settings) }, "This address");
  const needs = results.settings.deck === "own" ? " Whoever opens it needs your deck file as well." : "";
  byId("again").replaceChildren(
    link,
    ` runs the same again, with the same figures in the same browser.${needs}`,
  );
  byId("take").hidden = false;
}

/** Takes the settings of the address, and runs them if it has any. Somebody's own deck has to be dropped first. */
function take() {
  const { settings, unused, isGiven } = readAddress(location);
  fill(settings);
  byId("unused").textContent = unused.length > 0 ? `Not used of the address: ${unused.join("; ")}.` : "";
  if (isGiven && byId("deck").value === settings.deck) start();
  else showMeasure();
}

function save() {
  const href = URL.createObjectURL(new Blob([toCsv(results)], { type: "text/csv" }));
  element("a", { href, download: "leaning-lab.csv" }).click();
  // Some browsers start to read it after the click.
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  start();
});
form.addEventListener("input", () => {
  explain();
  if (!results && form.checkValidity()) showMeasure();
});
byId("cancel").addEventListener("click", () => finish(run, false));
byId("measure").addEventListener("input", () => {
  showMeasure();
  if (!results) return;
  showAddress(results.settings);
  byId("again").querySelector("a")?.setAttribute("href", addressOf(results.settings));
});
byId("save").addEventListener("click", save);
addEventListener("hashchange", take);
new ResizeObserver(draw).observe(byId("chart"));
take();
