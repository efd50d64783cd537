// Compiled, not run: the typings have to fit the uses that the README shows.

import { init, Leaning, LeaningError, type Candidate, type Deck, type Question, type Ranked, type Status } from "leaning";
import { init as initSlim } from "leaning/slim";
import { LeaningCompare, LeaningProfile, LeaningQuiz } from "leaning/element";
import { markdown } from "leaning/markdown";
import { init as initStyle, scoreStyle, STYLE, type Basis } from "leaning/style";

export async function headless(deck: Deck): Promise<Ranked | undefined> {
  await init();
  await initSlim(new URL("https://example.org/leaning.wasm"));
  const leaning = await Leaning.open({ deck, strategy: "d-optimal", stop: { questions: 8 }, storage: "memory" });
  let status: Status = leaning.status();
  for (let question: Question | null; (question = leaning.next()); ) {
    const scores: number[] = question.candidates[0]!.scores;
    while (leaning.prepare());
    const following: Question | null = leaning.foresee({ chose: 0 });
    console.log(following?.prompt?.text);
    status = await leaning.answer(scores[0]! > 0 ? { chose: 0 } : "tie");
  }
  const candidates: Candidate[] = [{ id: "a", scores: new Float32Array(6) }, { id: "b", scores: [0, 0, 0, 0, 0, 0] }];
  const pair = leaning.compare(candidates);
  if (pair) await leaning.observe(pair.candidates, { chose: 1 });
  const undone: boolean = await leaning.undo();
  const end: string | undefined = leaning.rank(candidates, { temperature: 1 })[0]?.reasons[0]?.end;
  const sure: number | undefined = leaning.profile().dimensions[0]?.sure;
  const odd: "noisy" | "misfit" | "flat" | "one-sided" | undefined = leaning.profile().diagnosis[0]?.kind;
  await leaning.import(leaning.export());
  await leaning.forget();
  const segments: number[] = leaning.belief().segments;
  const words: string | null = status.words;
  console.log(status.expectedRegret, status.reason === "gain", words, undone, end, sure, segments);
  return leaning.rank(candidates)[0];
}

export async function further(deck: Deck, sample: Candidate[][]): Promise<Leaning> {
  const covariance = [[1]];
  const components = [{ weight: 2, mean: [1], covariance }, { weight: 1, mean: [-1], covariance }];
  const stop = { regret: 0.1, gain: 0.05 };
  return Leaning.open({
    deck: { ...deck, choose: 3, prior: { components } },
    choose: 4,
    halfLife: 20,
    sample,
    strategy: "thompson",
    stop,
  });
}

export async function style(texts: string[], deck: Deck, bytes: ArrayBuffer): Promise<Ranked[]> {
  await Promise.all([init(), initStyle()]);
  const basis: Basis | undefined = deck.basis;
  const raw: number[][] = scoreStyle(texts);
  console.log(STYLE.map(({ name, dimension, sign }) => `${name} ${dimension} ${sign}`), raw);
  const leaning = await Leaning.open({ deck: bytes });
  return leaning.rank((basis ? scoreStyle(texts, basis) : raw).map((scores) => ({ scores })));
}

export function failing(error: unknown): string | undefined {
  return error instanceof LeaningError ? `${error.code} ${error.path}` : undefined;
}

export function element(): void {
  const quiz = document.querySelector("leaning-quiz");
  if (!(quiz instanceof LeaningQuiz)) return;
  quiz.maxQuestions = 10;
  quiz.choose = 3;
  quiz.stopRegret = 0.1;
  quiz.stopGain = null;
  quiz.addEventListener("leaning-done", (event) => console.log(event.detail.answered));
  quiz.addEventListener("leaning-error", (event) => console.log(event.detail.code));
}

export async function chat(candidates: Candidate[]): Promise<number | null> {
  const compare = document.createElement("leaning-compare");
  const profile = document.createElement("leaning-profile");
  console.log(compare instanceof LeaningCompare, profile instanceof LeaningProfile);
  compare.renderer = markdown;
  compare.messages = { prefer: "This one", restsOn: { one: "{count} answer", other: "{count} answers" } };
  profile.theme = "dark";
  await profile.leaning?.state("warmth", 1.5);
  const [said] = profile.leaning?.answers(1) ?? [];
  if (said) await profile.leaning?.retract(said.id);
  const changed: number | undefined = profile.leaning?.whatIf("warmth").changed;
  await profile.leaning?.note("skip");
  console.log(changed, profile.leaning?.status(true).answered);
  return compare.ask(candidates);
}

export async function wrong(deck: Deck): Promise<void> {
  // @ts-expect-error: no such strategy
  await Leaning.open({ deck, strategy: "best" });
  // @ts-expect-error: at most four
  await Leaning.open({ deck, choose: 5 });
  // @ts-expect-error: a list of lists
  await Leaning.open({ deck, sample: [{ scores: [1] }] });
  // @ts-expect-error: one or the other
  const mixed: Deck["prior"] = { components: [], mean: 1 };
  console.log(mixed);
  // @ts-expect-error: a list of texts
  scoreStyle("text");
  const leaning = await Leaning.open({ deck });
  // @ts-expect-error: a place or a verdict
  await leaning.answer(1);
  // @ts-expect-error: no scores
  leaning.rank([{ id: "a" }]);
}
