// The person's answers and statements, the latest first, and how far each has moved the estimates.

import type { Leaning } from "../../core.js";
import type { Answer, DeckText, Entry, Profile } from "../../types.js";
import { askedAbout } from "../asked-about.js";
import { h, paragraph, svg } from "../dom.js";
import type { MessageKey, Messages } from "../messages.js";
import type { ViewContext } from "../view.js";
import { thumbnail } from "./thumbnail.js";

/** Smaller shifts, as a share of the axis limit, are not worth mentioning. */
const SMALLEST_SHIFT = 0.03;
/** The number of dimensions that are named, those that moved most. */
const MOST_NAMED = 3;
/** The width in pixels of the bar for a shift over half the axis. */
const BAR_WIDTH = 120;

interface AnswerListOptions {
  interview: Leaning;
  profile: Profile;
  /** The number of all entries, of which the list may show the latest only. */
  count: number;
  /** The language of the deck's texts. */
  language: string | null;
  messages: Messages;
  render: ViewContext["render"];
  pictures: ViewContext["pictures"];
}

/** A list of `entries`, which come oldest first. */
export function answerList(entries: Entry[], options: AnswerListOptions): HTMLElement {
  const { count, messages } = options;
  if (entries.length === 0) return paragraph("count", messages.text("answersNone"));
  const item = (entry: Entry, place: number) => {
    const number = count - place;
    const label = messages.text("deleteOf", { place: number });
    return h(
      "li",
      { class: "entry", value: number },
      describe(entry, options),
      shift(entry, options),
      h(
        "button",
        {
          class: "delete",
          type: "button",
          "data-action": "delete",
          "data-id": entry.id,
          "aria-label": label,
        },
        messages.text("delete"),
      ),
    );
  };
  return h(
    "ol",
    { class: "answer-list", part: "answer-list", reversed: true },
    [...entries].reverse().map(item),
  );
}

function isRating(answer: Answer): boolean {
  return typeof answer === "object" && "rating" in answer;
}

/** The question and how it was answered. */
function describe(
  entry: Entry,
  { interview, profile, language, messages, render, pictures }: AnswerListOptions,
): HTMLElement[] {
  if (entry.kind === "statement") {
    const dimension = profile.dimensions.find(({ id }) => id === entry.dimension);
    return [paragraph("verdict", messages.text("statement")), paragraph("entry-question", dimension?.label)];
  }
  const deckText = (className: string, text: string) =>
    render(h("div", { class: className, lang: language, dir: "auto" }), text);
  const { id, prompt, candidates, answer } = entry;
  const asked = askedAbout(interview, id);
  const question = (): HTMLElement => {
    if (prompt)
      return h(
        "div",
        { class: "pictured" },
        thumbnail(prompt.image, pictures),
        deckText("entry-question", prompt.text),
      );
    const message = asked?.message;
    const kind = messages.text(isRating(answer) ? "reply" : "drafts");
    if (!message) return paragraph("entry-question", kind);
    return h("p", { class: "entry-question" }, `${kind}: `, h("q", { dir: "auto" }, message));
  };
  const candidate = ({ text, image }: Pick<DeckText, "text" | "image">) =>
    h("div", { class: "pictured" }, thumbnail(image, pictures), deckText("excerpt", text));
  // A draft of a chat is not in the log: after the page is loaded again, only its place is known.
  const draft = (place: number) =>
    candidate({ text: asked?.drafts[place] || messages.text("answer", { place: place + 1 }), image: null });
  return [
    question(),
    ...parts(answer, messages).flatMap(({ words, places }) => {
      const shown = places.map((place) => {
        const found = candidates?.[place];
        return found ? candidate(found) : draft(place);
      });
      if (shown.length < 2) return [paragraph("verdict", words), ...shown];
      const items = shown.map((candidate) => h("li", {}, candidate));
      return [paragraph("verdict", words), h("ul", { class: "together" }, items)];
    }),
  ];
}

/** What an answer says, part by part, each with the places of the candidates that it is about. */
function parts(answer: Answer, messages: Messages): { words: string; places: number[] }[] {
  if (typeof answer === "string") return [{ words: messages.text(VERDICTS[answer]), places: [] }];
  if ("chose" in answer) {
    const { chose, grade } = answer;
    return [{ words: messages.text(grade ? `chose-${grade}` : "chose"), places: [chose] }];
  }
  if ("rating" in answer) {
    const { rating, of } = answer;
    const words =
      of === 2
        ? messages.text(rating === 2 ? "ratedUp" : "ratedDown")
        : messages.text("rated", { rating, of: of ?? "" });
    return [{ words, places: [0] }];
  }
  if ("order" in answer) {
    return answer.order.map((group, index) => {
      const words = messages.text("orderPlace", { place: index + 1 });
      return { words, places: [group].flat() };
    });
  }
  return [
    { words: messages.text("choseBest"), places: [answer.best] },
    { words: messages.text("choseWorst"), places: [answer.worst] },
  ];
}

const VERDICTS = {
  tie: "answeredTie",
  neither: "answeredNeither",
  skip: "answeredSkip",
} satisfies Record<string, MessageKey>;

/** The ends towards which the entry moved the estimates, each with a bar of how far. */
function shift(entry: Entry, { profile, messages }: AnswerListOptions): HTMLElement {
  const moves = profile.dimensions
    .map(({ low, high }, j) => {
      const distance = entry.shift[j] ?? 0;
      return { end: distance < 0 ? low : high, share: Math.abs(distance) / profile.axisLimit };
    })
    .filter(({ share }) => share >= SMALLEST_SHIFT)
    .sort((one, other) => other.share - one.share)
    .slice(0, MOST_NAMED);
  if (moves.length === 0) return paragraph("shift", messages.text("shiftedLittle"));
  const list = new Intl.ListFormat(messages.language, { type: "unit", style: "short" });
  const bars = moves.values();
  const nodes = list.formatToParts(moves.map(({ end }) => end)).map(({ type, value }) => {
    if (type !== "element") return value;
    return h("span", { class: "move" }, h("bdi", {}, value), bar(bars.next().value?.share ?? 0));
  });
  // The list has nodes, so the sentence is split where the list goes. No text of a deck has this character.
  const [before, after] = messages.text("shiftedTo", { ends: "\0" }).split("\0");
  return h("p", { class: "shift" }, before, nodes, after);
}

function bar(share: number): SVGElement {
  const width = Math.max(3, Math.min(share, 1) * BAR_WIDTH).toFixed(0);
  const attributes = { class: "shift-bar", width, height: 6, "aria-hidden": "true" };
  return svg("svg", attributes, svg("rect", { width, height: 6, rx: 3 }));
}
