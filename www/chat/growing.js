// The drafts of a reply while they are written: the beginning of each, and how far it is.

import { element } from "../page.js";
import { markdown } from "../pkg/markdown.js";

/** A view of drafts that grow, with a button that stops them, and a sentence for who hears the page. */
export function growing(count, stop) {
  const views = Array.from({ length: count }, () => ({
    text: element("div", { className: "text" }),
    words: element("span", { className: "quiet" }),
  }));
  const list = element(
    "div",
    { className: "drafts", ariaHidden: "true" },
    ...views.map(({ text, words }) => element("div", { className: "draft" }, text, words)),
  );
  const sentence =
    count === 1 ? "An answer is being written …" : `${inWords(count)} drafts are being written …`;
  const button = element("button", { type: "button" }, "Stop");
  button.addEventListener("click", stop);
  const view = element(
    "div",
    { className: "growing" },
    element("p", { className: "quiet" }, sentence, " ", button),
    list,
  );
  const texts = new Map();
  let frame = 0;
  /** Once for each picture of the screen, however fast the words come. */
  const draw = () => {
    frame = 0;
    for (const [index, text] of texts) {
      const { length } = text.trim().split(/\s+/);
      views[index]?.text.replaceChildren(markdown(text));
      if (views[index]) views[index].words.textContent = length === 1 ? "1 word" : `${length} words`;
    }
    texts.clear();
  };
  return {
    view,
    sentence,
    grow(index, text) {
      texts.set(index, text);
      if (frame === 0) frame = requestAnimationFrame(draw);
    },
  };
}

/** A number as a word at the beginning of a sentence. */
export function inWords(count) {
  return ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"][count] ?? String(count);
}
