// The page around the weekend quiz. It shows the three best of all places.

import { element, fetchJson, follow, followRemaining, knownReasonsOf, more } from "./page.js";
import { init } from "./pkg/element-slim.js";

const SHOWN = 3;

// The element shows the error if the module does not load.
init(new URL("./pkg/leaning.wasm", import.meta.url)).catch(() => {});

const byId = (id) => document.getElementById(id);
const quiz = document.querySelector("leaning-quiz");
const isDone = follow(quiz, show);
let places = [];

followRemaining(quiz, (remaining, isNew) => {
  byId("invitation").hidden = remaining === 0;
  byId("times").textContent = isNew ? "eight times" : more(remaining, "time");
});

function show() {
  const isShown = places.length > 0 && isDone();
  byId("places").hidden = !isShown;
  byId("said").textContent = "";
  if (!isShown) return;
  const best = quiz.interview.rank(places).slice(0, SHOWN);
  const profile = quiz.interview.profile();
  byId("top").replaceChildren(...best.map((ranked) => place(ranked, profile)));
}

function place(ranked, profile) {
  const { text, picture } = places[ranked.index];
  const [name, more] = text.split(" — ");
  const [pro] = knownReasonsOf(ranked, profile);
  const ends = pro.filter(({ contribution }) => contribution > 0.2).map(({ end }) => end);
  return element(
    "li",
    { className: "card" },
    picture,
    element("h3", {}, name),
    element("p", {}, `${more[0].toUpperCase()}${more.slice(1)}.`),
    element("p", { className: "why" }, ends.length ? `For you: ${ends.slice(0, 2).join(", ")}` : ""),
  );
}

try {
  const { prompts } = await fetchJson("decks/weekend.json");
  const candidates = prompts.flatMap((prompt) =>
    prompt.candidates.map((candidate) => ({ ...candidate, prompt: prompt.id })),
  );
  // All pictures are fetched now, in the deck's order. Those that are shown at the end are these very
  // nodes, so no request says which they are.
  places = candidates.map((candidate) => {
    const { src, alt, width, height } = candidate.image;
    return { ...candidate, picture: element("img", { src: `decks/${src}`, alt, width, height }) };
  });
  show();
} catch (error) {
  byId("said").textContent = `The places could not be loaded. ${error.message}`;
}
