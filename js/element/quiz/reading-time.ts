// How long the rest of the interview takes, going by the words of the whole deck: those of the questions so far may be
// longer or shorter.

/** Words read silently in a minute: Brysbaert 2019, https://doi.org/10.1016/j.jml.2019.104047. */
const WORDS_A_MINUTE = 238;
/** Minutes to choose once everything is read. */
const TIME_TO_CHOOSE = 4 / 60;

export type MeanWords = { prompt: number; candidate: number };

/** The minutes for this number of questions about this number of candidates each. */
export function minutesFor(questions: number, candidates: number, words: MeanWords): number {
  return questions * ((words.prompt + candidates * words.candidate) / WORDS_A_MINUTE + TIME_TO_CHOOSE);
}
