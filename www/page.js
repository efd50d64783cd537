// Helpers of both pages: elements, prompts, and a ranking in words.

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

/** The largest reasons for a candidate and those against it. Reasons that would read 0.0 are left out. */
export function reasonsOf({ reasons }) {
  const largest = reasons.slice(0, 4).filter(({ contribution }) => Math.abs(contribution) >= 0.05);
  return [1, -1].map((sign) => largest.filter(({ contribution }) => contribution * sign > 0));
}

/** The end to which a candidate lies; for somebody who likes the middle, its distance from there. */
export function inWords({ dimension, end, middle, contribution }) {
  if (!middle) return end;
  return `${contribution > 0 ? "near" : "far from"} the middle in ${dimension}`;
}

/** Nodes such as "73%: brief 0.8, warm 0.3; against it: playful −0.2". */
export function why(ranked) {
  const [pro, con] = reasonsOf(ranked).map((side) =>
    side
      .map((reason) => `${inWords(reason)}\u00a0${reason.contribution.toFixed(1).replace("-", "−")}`)
      .join(", "),
  );
  const words = [pro, con && `against it: ${con}`].filter(Boolean).join("; ");
  return [element("strong", {}, percent(ranked.probabilityBest)), `: ${words || "nothing sets it apart"}`];
}

/** Never 0% or 100%, since no estimate is certain. */
function percent(probability) {
  return `${Math.min(99, Math.max(1, Math.round(probability * 100)))}%`;
}
