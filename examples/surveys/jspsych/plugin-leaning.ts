// A jsPsych 8 plugin: a trial that shows the quiz. The experimenter chooses what is saved, and the participant decides.

import type { JsPsych, JsPsychPlugin, TrialType } from "jspsych";
import { init, Leaning } from "leaning";
import { collect, type Share, type Shared } from "../collect";
import { sharedQuiz } from "../shared-quiz";
import { info } from "./info";
import { answerAll } from "./simulated-person";

type Info = typeof info;
type Trial = Omit<TrialType<Info>, "save"> & { save: Share[] };
type Simulation = { data?: { consent?: boolean } };

const needsConsent = (share: string) => share !== "done";

export default class LeaningPlugin implements JsPsychPlugin<Info> {
  static info = info;

  constructor(private jsPsych: JsPsych) {}

  trial(display: HTMLElement, trial: TrialType<Info>): void {
    this.#show(display, trial as Trial);
  }

  simulate(trial: TrialType<Info>, mode: string, options: Simulation, load_callback: () => void): void {
    if (mode === "visual") this.#simulateVisually(trial as Trial, options, load_callback);
    else {
      load_callback();
      this.#simulateData(trial as Trial, options);
    }
  }

  /** In memory: each participant begins afresh, and nothing stays on the device. */
  #show(
    display: HTMLElement,
    { deck, max_questions: maxQuestions, save, button_label }: Trial,
    finished?: () => void,
  ) {
    const next = Object.assign(document.createElement("button"), { textContent: button_label });
    next.className = "jspsych-btn";
    let data: object = {};
    const panel = sharedQuiz(
      { deck, maxQuestions, shares: save, storage: "memory" },
      (shared, isFinished) => {
        data = this.#data(shared, save);
        const isFirst = isFinished && next.disabled;
        next.disabled = !isFinished;
        if (isFirst) finished?.();
      },
    );
    next.addEventListener("click", () => this.jsPsych.finishTrial(data));
    // jsPsych makes its content as wide as it likes to be.
    panel.style.inlineSize = "min(60rem, 100vw - 2rem)";
    display.append(panel, next);
  }

  #data(shared: Shared, save: Share[]) {
    const consent = save.some(needsConsent) ? Object.keys(shared).some(needsConsent) : null;
    return { done: null, instructions: null, weights: null, answers: null, ...shared, consent };
  }

  #simulateVisually(trial: Trial, { data }: Simulation, load_callback: () => void): void {
    const display = this.jsPsych.getDisplayElement();
    const click = (css: string, after: number) =>
      this.jsPsych.pluginAPI.clickTarget(display.querySelector(css)!, after);
    this.#show(display, trial, () => {
      if (data?.consent !== false) click("input[type=checkbox]", 300);
      click(".jspsych-btn", 600);
    });
    load_callback();
    const quiz = display.querySelector("leaning-quiz")!;
    const pause = () => new Promise<void>((done) => this.jsPsych.pluginAPI.setTimeout(done, 300));
    quiz.addEventListener("leaning-ready", () => answerAll(quiz.interview!, this.jsPsych, pause));
  }

  async #simulateData({ deck, max_questions: questions, save }: Trial, options: Simulation): Promise<void> {
    await init();
    const opened = typeof deck === "string" ? await (await fetch(deck)).text() : deck;
    const seed = this.jsPsych.randomization.randomInt(1, 1_000_000);
    const interview = await Leaning.open({ deck: opened, storage: "memory", stop: { questions }, seed });
    await answerAll(interview, this.jsPsych);
    const shares = options.data?.consent === false ? save.filter((share) => !needsConsent(share)) : save;
    const data = this.#data(await collect(interview, shares), save);
    interview.free();
    this.jsPsych.finishTrial(this.jsPsych.pluginAPI.mergeSimulationData(data, options));
  }
}
