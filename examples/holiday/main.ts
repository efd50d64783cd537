import "leaning/element";
import { deck } from "./deck";

const quiz = document.querySelector("leaning-quiz")!;
const best = document.getElementById("best")!;
const places = deck.prompts.flatMap(({ id, candidates }) =>
  candidates.map((candidate) => ({ ...candidate, prompt: id })),
);
// All pictures are fetched now: requests at the end would tell which places are the best.
const pictures = places.map(({ image }) =>
  Object.assign(new Image(480, 320), { src: image!.src, alt: image!.alt }),
);

function show(): void {
  const ranked = quiz.interview!.rank(places).slice(0, 3);
  const items = ranked.map(({ index }) => {
    const item = document.createElement("li");
    item.append(places[index]!.text ?? "", pictures[index]!);
    return item;
  });
  document.getElementById("places")!.replaceChildren(...items);
  best.hidden = false;
}

// The person may take back the last answer.
quiz.addEventListener("leaning-answer", () => (best.hidden = true));
quiz.addEventListener("leaning-done", show);
quiz.deck = deck;
