// The parameters and data of the plugin, as jsPsych 8 asks for.

import { ParameterType } from "jspsych";

export const info = <const>{
  name: "leaning",
  version: "0.1.0",
  parameters: {
    /** The deck: its URL, or the deck as an object. */
    deck: { type: ParameterType.COMPLEX, default: undefined },
    /** The number of answers that end the quiz. */
    max_questions: { type: ParameterType.INT, default: 8 },
    /** Any of `done`, `instructions`, `weights` and `answers`. All but `done` need the participant's consent. */
    save: { type: ParameterType.STRING, array: true, default: ["done"] },
    button_label: { type: ParameterType.STRING, default: "Continue" },
  },
  /** Null where it is not to be saved, or the participant did not agree. */
  data: {
    done: { type: ParameterType.BOOL },
    instructions: { type: ParameterType.STRING },
    weights: { type: ParameterType.OBJECT },
    answers: { type: ParameterType.OBJECT },
    /** Whether the participant agreed. Null if there was nothing to agree to. */
    consent: { type: ParameterType.BOOL },
  },
  citations: {
    apa: "The Leaning authors. Leaning (Version 0.1.0) [Computer software].",
    bibtex: "@software{Leaning, author = {{The Leaning authors}}, title = {Leaning}, version = {0.1.0}}",
  },
};
