import "leaning/element";
import { score } from "leaning";

// Another entry beside the element's, which shares its parts with it.
const [[points]] = score({ features: ["x"], mean: [1], scale: [2], head: [[3]] }, [{ x: 5 }]);

const quiz = document.querySelector("leaning-quiz");
quiz.addEventListener("leaning-done", () => {
  const drafts = [-2, 2].map((one) => ({ scores: quiz.interview.dimensions.map(() => one) }));
  const ranked = quiz.interview.rank(drafts);
  document.getElementById("heard").textContent = `${ranked.length} ranked, ${points} points`;
});
