// What both pages need: elements, prompts, and a ranking in words.

/** An element with properties and children. Text only ever becomes text. */
export function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export async function fetched(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
  return response.json();
}

/** The prompts of a file. Candidates know theirs, which is part of their names in the log. */
export async function fetchPrompts(url) {
  const { prompts } = await fetched(url);
  for (const { id, candidates } of prompts) for (const candidate of candidates) candidate.prompt = id;
  return prompts;
}

/** The weightiest reasons for a candidate, and those against it; none that reads 0.0. */
export function reasonsOf({ reasons }) {
  const weighty = reasons.slice(0, 4).filter(({ contribution }) => Math.abs(contribution) >= 0.05);
  return [1, -1].map((sign) => weighty.filter(({ contribution }) => contribution * sign > 0));
}

/** "73%: brief 0.8, warm 0.3; against it: playful −0.2" */
export function why(ranked) {
  const [pro, con] = reasonsOf(ranked).map((side) =>
    side.map(({ end, contribution }) => `${end}\u00a0${contribution.toFixed(1).replace("-", "−")}`).join(", "),
  );
  const words = [pro, con && `against it: ${con}`].filter(Boolean).join("; ");
  return [element("strong", {}, percent(ranked.chanceBest)), `: ${words || "nothing sets it apart"}`];
}

/** Never all or nothing: so sure it cannot be. */
function percent(chance) {
  return `${Math.min(99, Math.max(1, Math.round(chance * 100)))}%`;
}
