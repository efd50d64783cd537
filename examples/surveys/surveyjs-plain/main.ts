// SurveyJS's other style sheet fetches fonts from another host.
import "survey-core/survey-core.fontless.css";
import { createElement, ReactQuestionFactory, renderSurvey } from "survey-js-ui";
import type { QuestionLeaning } from "../surveyjs/question";
import { survey } from "../surveyjs/survey";

// The plain renderer has React's interface.
ReactQuestionFactory.Instance.registerQuestion("leaning", (props: unknown) => {
  const { question } = props as { question: QuestionLeaning };
  return createElement("div", { ref: (host: HTMLElement | null) => question.showIn(host) });
});
renderSurvey(survey, document.getElementById("survey")!);
