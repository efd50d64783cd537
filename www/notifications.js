// The page around the quiz about notifications. It turns what was learned into settings to confirm.

import { element, fetchJson, follow, followRemaining, more } from "./page.js";
import { init } from "./pkg/element-slim.js";
import { confirmed, settingsFor } from "./settings.js";

// The element shows the error if the module does not load.
init(new URL("./pkg/leaning.wasm", import.meta.url)).catch(() => {});

const byId = (id) => document.getElementById(id);
const quiz = document.querySelector("leaning-quiz");
const isDone = follow(quiz, show);
let events = [];

followRemaining(quiz, (remaining, isNew) => {
  const left = remaining > 0 ? more(remaining, "choice") : "your choices";
  byId("choices").textContent = isNew ? "six choices" : left;
});

function show() {
  const isShown = events.length > 0 && isDone();
  byId("settings").hidden = !isShown;
  byId("said").textContent = "";
  byId("sent").replaceChildren();
  if (isShown) byId("rows").replaceChildren(...settingsFor(quiz.interview, events).map(row));
}

function row({ event, option, isDefault }) {
  const setBy = element("td", {}, isDefault ? "default" : "your choices");
  const options = event.candidates.map(({ id, text }) =>
    element("option", { value: id, selected: id === option.id }, text),
  );
  const select = element("select", { name: event.id, id: `select-${event.id}` }, ...options);
  select.addEventListener("change", () => {
    setBy.textContent = "you";
    byId("sent").replaceChildren();
  });
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, element("label", { htmlFor: select.id }, event.text)),
    element("td", {}, select),
    setBy,
  );
}

byId("form").addEventListener("submit", (submission) => {
  submission.preventDefault();
  byId("sent").replaceChildren(
    element("p", {}, "Confirmed. A product would now send this to its server, and nothing else:"),
    element("pre", {}, confirmed(byId("form")).replaceAll(",", ",\n ")),
    element("p", { className: "quiet" }, "This page has no such server, so nothing was sent."),
  );
});

try {
  const code = await fetch("settings.js").then((response) => response.text());
  byId("code").textContent = code.trim();
  ({ prompts: events } = await fetchJson("decks/notification-options.json"));
  show();
} catch (error) {
  byId("said").textContent = `The settings could not be loaded. ${error.message}`;
}
