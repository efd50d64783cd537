// Helpers of the pages: elements, prompts, and a pick in words, in small bars and in numbers.

/** The probability of being the favourite below which a pick is a close call. */
const CLOSE_CALL = 0.5;
/** The contribution of a reason whose bar has its full width. */
const FULL_BAR = 2;
/** The full width of a bar, in pixels. */
const BAR_WIDTH = 72;
const SVG = "http://www.w3.org/2000/svg";

/** Creates an element with properties and children. Strings become text nodes. */
export function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export async function fetchJson(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
  return response.json();
}

/** The prompts of a file. Each candidate gets the id of its prompt, which is part of its name in the log. */
export async function fetchPrompts(url) {
  const { prompts } = await fetchJson(url);
  for (const { id, candidates } of prompts) for (const candidate of candidates) candidate.prompt = id;
  return prompts;
}

/**
 * Calls `show` whenever a quiz moves on. Returns a function that tells whether the quiz shows its result, which a person
 * may ask for before the last question.
 */
export function follow(quiz, show) {
  let isDone = false;
  for (const event of ["ready", "answer", "done", "error"]) {
    quiz.addEventListener(`leaning-${event}`, () => {
      isDone = event === "done" || quiz.interview?.status().done === true;
      show();
    });
  }
  return () => isDone;
}

/** Numbers in words, for a sentence. */
const COUNTS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight"];

/** Words such as "five more times". */
export function more(count, noun) {
  return `${COUNTS[count] ?? count} more ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * Calls `say` with the number of questions that a quiz has yet to ask, and whether nobody has answered any, here or in a
 * chat. While the person answers it keeps silent: another sentence above the question could move that. The result asks
 * for no more.
 */
export function followRemaining(quiz, say) {
  for (const event of ["ready", "answer"]) {
    quiz.addEventListener(`leaning-${event}`, () => {
      const { asked, observed, answered, remaining } = quiz.interview.status();
      if (event === "ready" || asked === observed) say(remaining, answered === 0);
    });
  }
  quiz.addEventListener("leaning-done", () => say(0, false));
}

/** The largest reasons for a candidate and those against it. Reasons too small to see are left out. */
function reasonsOf({ reasons }) {
  const largest = reasons.slice(0, 4).filter(({ contribution }) => Math.abs(contribution) >= 0.05);
  return [1, -1].map((sign) => largest.filter(({ contribution }) => contribution * sign > 0));
}

/** Whether the profile says what the person likes about a trait. */
export const isLiking = ({ standing }) => standing === "leans" || standing === "middle";

/** The same of the traits about which the profile says what the person likes. A guess of ours is no reason for them. */
export function knownReasonsOf({ reasons }, { dimensions }) {
  const known = new Set(dimensions.filter(isLiking).map(({ id }) => id));
  return reasonsOf({ reasons: reasons.filter(({ dimension }) => known.has(dimension)) });
}

/**
 * Why the first of a ranking is there, such as "Brief and plain, as you like it. A close call." It names only what the
 * profile says of the person. An end may be any kind of word, such as "prose", so it stands alone.
 */
export function whyPicked(ranked, profile, closeCall = CLOSE_CALL) {
  const [pro] = knownReasonsOf(ranked, profile);
  if (pro.length === 0) return "We cannot tell these apart for you yet.";
  const words = ends(pro);
  const sentence = `${words[0].toUpperCase()}${words.slice(1)}, as you like it.`;
  return ranked.probabilityBest < closeCall ? `${sentence} A close call.` : sentence;
}

/** What speaks for another candidate and against it, such as "brief and warm, but playful", or "playful, less to your taste". */
export function inWords(ranked, profile) {
  const [pro, con] = knownReasonsOf(ranked, profile).map((side) => side.length > 0 && ends(side));
  if (pro && con) return `${pro}, but ${con}`;
  return pro || (con ? `${con}, less to your taste` : "too close to call");
}

/** The reasons as items of a list, each with a bar. Those against the candidate say "but". */
export function reasonBars(ranked, profile) {
  return knownReasonsOf(ranked, profile)
    .flat()
    .map(({ end, contribution }) => {
      const against = contribution < 0;
      const width = Math.max(3, Math.min(Math.abs(contribution) / FULL_BAR, 1) * BAR_WIDTH).toFixed(0);
      const bar = document.createElementNS(SVG, "svg");
      const rect = document.createElementNS(SVG, "rect");
      for (const [name, value] of Object.entries({ width, height: 6, rx: 3 })) rect.setAttribute(name, value);
      for (const [name, value] of Object.entries({ width: BAR_WIDTH, height: 6, "aria-hidden": "true" }))
        bar.setAttribute(name, value);
      bar.append(rect);
      const label = element("span", {}, against ? `but ${end}` : end);
      return element("li", { className: against ? "against" : "" }, label, bar);
    });
}

/** The numbers behind a pick, such as "73% likely to be your favourite of the four. brief +0.8, playful −0.2". */
export function inNumbers(ranked, count) {
  const parts = reasonsOf(ranked)
    .flat()
    .map(({ end, contribution }) => `${end}\u00a0${signed(contribution)}`);
  const likely = `${percent(ranked.probabilityBest)} likely to be your favourite of the ${count}.`;
  return parts.length ? `${likely} What each trait adds or takes away: ${parts.join(", ")}.` : likely;
}

/** Words such as "brief, plain and decided". */
function ends(reasons) {
  return new Intl.ListFormat("en").format(reasons.map(({ end }) => end));
}

function signed(value) {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
}

/** Never 0% or 100%, since no estimate is certain. */
function percent(probability) {
  return `${Math.min(99, Math.max(1, Math.round(probability * 100)))}%`;
}
