import { deck } from "./deck.js";
import { init, Leaning } from "./leaning/index.js";

const find = (css) => document.querySelector(css);

await init();
// It finds the answers of the options page, because the pages of an extension share one localStorage.
const interview = await Leaning.open({ deck });
const breaks = deck.prompts.flatMap(({ candidates }) => candidates);
for (const { index } of interview.rank(breaks).slice(0, 3))
  find("ol").append(Object.assign(document.createElement("li"), { textContent: breaks[index].text }));
const { answered } = interview.status();
find("p").textContent = answered > 0 ? `Picked by your choices: ${answered}` : "You have not chosen yet.";
