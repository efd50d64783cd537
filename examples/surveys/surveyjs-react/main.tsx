// SurveyJS's other style sheet fetches fonts from another host.
import "survey-core/survey-core.fontless.css";
import { createRoot } from "react-dom/client";
import { ReactQuestionFactory, Survey } from "survey-react-ui";
import type { QuestionLeaning } from "../surveyjs/question";
import { survey } from "../surveyjs/survey";

ReactQuestionFactory.Instance.registerQuestion("leaning", (props: unknown) => {
  const { question } = props as { question: QuestionLeaning };
  return <div ref={(host) => question.showIn(host)} />;
});
createRoot(document.getElementById("survey")!).render(<Survey model={survey} />);
