import "jspsych/css/jspsych.css";
import { initJsPsych } from "jspsych";
import LeaningPlugin from "./plugin-leaning";

/** The page's address may set what is saved, `?save=answers,weights`, and simulate, `&simulate=visual&consent=false`. */
const address = new URLSearchParams(location.search);
const save = (address.get("save") ?? "instructions").split(",").filter((word) => word !== "");
const simulation_options = address.get("consent") === "false" ? { data: { consent: false } } : {};

const jsPsych = initJsPsych({
  display_element: "experiment",
  on_finish() {
    // Save the data on your server here.
    document.getElementById("result")!.textContent = jsPsych.data.get().json(true);
  },
});
document.getElementById("citations")!.textContent = jsPsych.getCitations([LeaningPlugin]);

const timeline = [
  { type: LeaningPlugin, deck: "/decks/weekend.json", max_questions: 4, save, simulation_options },
];
const mode = address.get("simulate");
if (mode === "visual" || mode === "data-only") jsPsych.simulate(timeline, mode);
else jsPsych.run(timeline);
