// Compiled, not run: the typings fit the uses that the documents show, and refuse mistakes.

import {
  type Answer,
  type Candidate,
  type Deck,
  type Entry,
  type ErrorCode,
  init,
  Leaning,
  LeaningError,
  type Question,
  type RankedCandidate,
  type SharedWeights,
  type Status,
  score,
} from "leaning";
import { type AskOptions, LeaningCompare, LeaningProfile, LeaningQuiz } from "leaning/element";
import { init as initElements, LeaningQuiz as SlimQuiz } from "leaning/element-slim";
import { createFrame, type Frame } from "leaning/frame";
import { markdown } from "leaning/markdown";
import { init as initSlim } from "leaning/slim";
import { type Basis, init as initStyle, STYLE, scoreStyle } from "leaning/style";
import imported from "../fixtures/formats/leaning-deck-1.json";

export async function headless(deck: Deck): Promise<RankedCandidate | undefined> {
  await init();
  await initSlim(new URL("https://example.org/leaning.wasm"));
  await initElements(fetch("leaning.wasm"));
  const leaning = await Leaning.open({
    deck,
    strategy: "d-optimal",
    stop: { questions: 8 },
    storage: "memory",
    retention: 90,
  });
  for (let question: Question | null = leaning.next(); question; question = leaning.next()) {
    const scores: number[] = question.candidates[0]?.scores ?? [];
    const [first = 0] = scores;
    await leaning.answer(first > 0 ? { chose: 0 } : "tie");
  }
  const candidates: Candidate[] = [
    { id: "a", scores: new Float32Array(6) },
    { id: "b", scores: [0, 0, 0, 0, 0, 0], text: "Yes." },
  ];
  const pair = leaning.compare(candidates);
  if (pair) await leaning.observe(pair.candidates, { chose: 1 });
  const undone: boolean = await leaning.undo();
  const end: string | undefined = leaning.rank(candidates, { temperature: 1 })[0]?.reasons[0]?.end;
  const [shown] = leaning.rank(candidates, { atLeast: 0.9 });
  const isForEverybody: boolean | undefined = shown?.populationPick;
  const better: number | undefined = shown?.probabilityBetter;
  const [dimension] = leaning.profile().dimensions;
  const probability: number | undefined = dimension?.probabilityOfDirection;
  const confidence: "high" | "moderate" | "low" | undefined = dimension?.confidence;
  const standing: "leans" | "middle" | "indifferent" | "open" | undefined = dimension?.standing;
  const strength: "slight" | "fair" | "strong" | undefined = dimension?.strength;
  const kind: "inconsistent" | "nonlinear" | "indifferent" | "position-bias" | undefined =
    leaning.profile().personFit[0]?.kind;
  const log: string = leaning.exportLog();
  await leaning.importLog(log);
  await leaning.importLog(JSON.parse(log) as object);
  await leaning.configure({ candidatesPerQuestion: 3 });
  await leaning.forget();
  const components: number[] = leaning.laplaceApproximation().components;
  const status: Status = leaning.status();
  const reason: "questions" | "exhausted" | "regret" | "gain" | null = status.reason;
  const regret: number | null = leaning.expectedRegret();
  leaning.addEventListener("change", () => leaning.status().entries);
  console.log(
    reason,
    regret,
    undone,
    end,
    isForEverybody,
    better,
    probability,
    confidence,
    kind,
    standing,
    strength,
  );
  console.log(components, status.language);
  leaning.free();
  return leaning.rank(candidates)[0];
}

export async function restarted(deck: Deck): Promise<void> {
  const leaning = await Leaning.open({ deck: { ...deck, about: "Tea and coffee.", license: "CC0-1.0" } });
  const tell = ({ detail }: CustomEvent<LeaningError>) => console.error(detail.code);
  leaning.addEventListener("restart", tell);
  leaning.removeEventListener("restart", tell);
  // @ts-expect-error: an event of any other name has no detail
  leaning.addEventListener("change", ({ detail }) => console.error(detail));
}

export async function json(): Promise<Leaning> {
  return Leaning.open({ deck: imported as Deck });
}

export async function misspelt(deck: Deck): Promise<void> {
  // @ts-expect-error: an option of another name
  await Leaning.open({ deck, retentionDays: 30 });
}

export async function disposable(deck: Deck): Promise<number> {
  const leaning: Disposable = await Leaning.open({ deck });
  leaning[Symbol.dispose]();
  return leaning instanceof Leaning ? leaning.status().asked : 0;
}

/** The texts of an entry: what was asked and chosen, or the dimension that a statement is about. */
export function texts(entry: Entry): string[] {
  if (entry.kind === "statement") return [entry.dimension, entry.weight.toFixed(2)];
  const { answer, prompt, candidates } = entry;
  if (typeof answer === "string") return [answer];
  const choice = "chose" in answer ? candidates?.[answer.chose]?.text : undefined;
  return [prompt?.text ?? "", choice ?? "", entry.shift.join()];
}

export async function further(deck: Deck, sample: Candidate[][]): Promise<Leaning> {
  const covariance = [[1]];
  const components = [
    { weight: 2, mean: [1], covariance },
    { weight: 1, mean: [-1], covariance },
  ];
  return Leaning.open({
    deck: { ...deck, candidatesPerQuestion: 3, prior: { components } },
    candidatesPerQuestion: 4,
    halfLife: 20,
    repeatWorth: 1,
    sample,
    strategy: "thompson",
    stop: { regret: 0.1, gain: 0.05 },
  });
}

export async function style(drafts: string[], deck: Deck, bytes: ArrayBuffer): Promise<RankedCandidate[]> {
  await Promise.all([init(), initStyle()]);
  const basis: Basis | undefined = deck.basis;
  const raw: number[][] = scoreStyle(drafts);
  console.log(
    STYLE.map(({ name, dimension, sign }) => `${name} ${dimension} ${sign}`),
    raw,
  );
  const leaning = await Leaning.open({ deck: bytes });
  return leaning.rank((basis ? scoreStyle(drafts, basis) : raw).map((scores) => ({ scores })));
}

/** Scores by a head that `leaning fit` learned, of embeddings and of named features. */
export function heads(deck: Deck, embeddings: Float32Array[]): number[][] {
  if (!deck.basis) return [];
  const listed: number[][] = score(deck.basis, [...embeddings, [1, 2]]);
  // @ts-expect-error: features are numbers
  score(deck.basis, [{ price: "1" }]);
  return [...listed, ...score(deck.basis, [{ price: 1, "style:words": 40 }])];
}

/** An answer to a question of each kind. */
export function answerTo({ kind, of, candidates }: Question): Answer {
  switch (kind) {
    case "choice":
      return { chose: 0 };
    case "grades":
      return { chose: 1, grade: "slightly" };
    case "rating": {
      const levels: number = of ?? 5;
      return { rating: levels, of: levels };
    }
    case "best-worst":
      return { best: 0, worst: candidates.length - 1 };
    case "order":
      return { order: [1, [0, 2]] };
  }
}

export async function thumb(leaning: Leaning, reply: Candidate): Promise<string> {
  await leaning.observe([reply], { rating: 2, of: 2 });
  const [entry] = leaning.entries(1);
  if (entry?.kind !== "answer" || typeof entry.answer === "string") return "";
  const { answer } = entry;
  if ("chose" in answer) return `${answer.chose} ${answer.grade ?? ""}`;
  if ("rating" in answer) return `${answer.rating} of ${answer.of}`;
  if ("best" in answer) return `${answer.best} ${answer.worst}`;
  return answer.order.flat().join();
}

export async function sealed(deck: Deck): Promise<Frame> {
  const candidates = [{ text: "Yes.", scores: new Float32Array(6) }];
  const frame = createFrame({ src: "https://example.net/frame.html", deck, candidates, height: 600 });
  document.body.append(frame.element);
  await frame.ready;
  await frame.done;
  // @ts-expect-error: the frame shows candidates, so each needs a text
  createFrame({ src: "https://example.net/frame.html", deck, candidates: [{ scores: [1] }] });
  return createFrame({ src: new URL("https://example.net/frame.html"), deck: "{}", storage: "memory" });
}

export async function encrypted(deck: Deck): Promise<Leaning> {
  document.createElement("leaning-quiz").storage = "encrypted";
  // @ts-expect-error: a storage of another name
  await Leaning.open({ deck, storage: "cloud" });
  return Leaning.open({ deck, storage: "encrypted" });
}

export async function shared(leaning: Leaning): Promise<SharedWeights> {
  // @ts-expect-error: how much it may tell has to be said
  await leaning.shareable({});
  return leaning.shareable({ epsilon: 2 });
}

export function failing(error: unknown): ErrorCode | undefined {
  if (!(error instanceof LeaningError)) return undefined;
  // Codes are a union, so a switch can be exhaustive and a misspelling is refused.
  // @ts-expect-error: no such code
  if (error.code === "not-redy") return undefined;
  console.log(error.path?.length);
  return error.code;
}

export function element(): void {
  const quiz = document.querySelector("leaning-quiz");
  if (!(quiz instanceof LeaningQuiz)) return;
  quiz.maxQuestions = 10;
  quiz.candidatesPerQuestion = 3;
  quiz.stopRegret = 0.1;
  quiz.stopGain = null;
  const most: number | null = quiz.maxQuestions;
  quiz.addEventListener("leaning-done", (event) => console.log(event.detail.asked, most));
  quiz.addEventListener("leaning-error", (event) => console.log(event.detail.code));
  console.log(quiz instanceof SlimQuiz);
}

export async function chat(candidates: Candidate[]): Promise<number | null> {
  const compare = document.createElement("leaning-compare");
  const profile = document.createElement("leaning-profile");
  console.log(compare instanceof LeaningCompare, profile instanceof LeaningProfile);
  compare.renderer = markdown;
  compare.messages = { skip: "Next" };
  profile.theme = "dark";
  const interview: Leaning | undefined = profile.interview;
  await interview?.setWeight("warmth", 1.5);
  const [entry] = interview?.entries(1) ?? [];
  if (entry) await interview?.retract(entry.id);
  const example: string | undefined = interview?.whatIf("warmth").example?.alternative.text;
  console.log(example, interview?.whatIf("warmth", 0.5).changed);
  const options: AskOptions = { message: "How do I make good coffee?" };
  return compare.ask(candidates, options);
}

export async function wrong(deck: Deck): Promise<void> {
  // @ts-expect-error: a strategy of another name
  await Leaning.open({ deck, strategy: "best" });
  // @ts-expect-error: at most four
  await Leaning.open({ deck, candidatesPerQuestion: 5 });
  // @ts-expect-error: a list of lists
  await Leaning.open({ deck, sample: [{ scores: [1] }] });
  // @ts-expect-error: a number where a list belongs
  const mixed: Deck["prior"] = { components: [], mean: 1 };
  console.log(mixed);
  // @ts-expect-error: a list of texts
  scoreStyle("text");
  const leaning = await Leaning.open({ deck });
  // @ts-expect-error: a grade of another name
  await leaning.answer({ chose: 0, grade: "hugely" });
  // @ts-expect-error: a best one without a worst one
  await leaning.answer({ best: 0 });
  // @ts-expect-error: ratings are numbers
  await leaning.answer({ rating: "5" });
  // @ts-expect-error: a kind of answer that no deck asks for
  const star: Deck["answers"] = { kind: "stars" };
  console.log(star);
  // @ts-expect-error: a place or a verdict
  await leaning.answer(1);
  // @ts-expect-error: no scores
  leaning.rank([{ id: "a" }]);
  // @ts-expect-error: opened by `Leaning.open` alone
  new Leaning();
}
