// The attributes of <leaning-quiz> that are about its looks.

import type { Verdict } from "../../types.js";
import { readNumber } from "../reflect.js";

/** When the quiz draws its picture of the person. */
export type Picture = "end" | "live" | "none";

export interface QuizSettings {
  picture: Picture;
  showsFit: boolean;
  /** Whether it tells, after an answer, if that was guessed. */
  reveals: boolean;
  /** The number of candidates in a question; null for the deck's own. */
  candidatesPerQuestion: number | null;
  /** The verdicts that have a button, if not all. */
  verdicts: Verdict[] | null;
}

const VERDICTS: Verdict[] = ["tie", "neither", "skip"];

export function readSettings(host: Element): QuizSettings {
  const picture = host.getAttribute("picture");
  const answers = host.getAttribute("answers")?.split(/\s+/);
  return {
    picture: picture === "live" || picture === "none" ? picture : "end",
    reveals: host.getAttribute("reveal") === "guess",
    candidatesPerQuestion: readNumber(host, "candidates-per-question"),
    showsFit: host.hasAttribute("show-fit"),
    verdicts: answers ? VERDICTS.filter((verdict) => answers.includes(verdict)) : null,
  };
}
