// The English of <leaning-quiz>, which loads with it. The English of the other elements is in en-compare-profile.ts, and
// that of the kinds of questions that few decks ask in en-other-kinds.ts.
// To add a language:
// 1. Copy the three tables into one, js/lang/CODE.ts (CODE as in <html lang>, such as `nl` or `pt`), and translate the texts.
//    The keys and the names in {braces} stay; the braces may move. Numbers are formatted for the language. {end}, {low},
//    {high}, {ends} and {label} come from the deck, in its own language: no word may depend on their gender or number.
// 2. A text that depends on a number is an object with a text for each plural category that `Intl.PluralRules` has for
//    the language (`zero`, `one`, `two`, `few`, `many`, `other`). {count} chooses among them.
// 3. Add the code to LANGUAGES in js/element/messages.ts.
export default {
  ask: "Which answer would you rather get?",
  answer: "Answer {place}",
  choose: "Choose answer {place}",
  much: "Much better",
  slightly: "A bit better",
  orderPlace: "Number {place}",
  tie: "About the same",
  neither: "Neither",
  none: "None of these",
  skip: "Skip",
  undo: "Undo",
  questionOf: "Question {question} of {total}",
  questionAbout: "Question {question}, about {count} more",
  questionLast: "Question {question}, perhaps the last",
  saved: "Saved. {progress}.",
  undone: "Undone. {progress}.",
  keys: "Keys: 1 to {count} choose, arrows move, U undoes.",
  keysTie: "Keys: 1 to {count} choose, 0 about the same, arrows move, U undoes.",
  keysGrades: "Keys: 1 to {count} from answer 1 much better to answer 2 much better, arrows move, U undoes.",
  match: "Estimated match: {share}",
  why: "Why this question?",
  whyChosen:
    "Your answers so far leave open which of these you prefer, so this choice says the most about your taste.",
  whyRandom: "Chosen at random.",
  showAll: "Show all",
  showLess: "Show less",
  soFar: "Your taste so far",
  done: "How you lean",
  "reason-questions": "That was the last question.",
  "reason-exhausted": "There is nothing left to ask.",
  "reason-regret": "Your answers show clearly enough what you like.",
  "reason-gain": "More questions would add little.",
  basedOn: { one: "Based on {count} answer", other: "Based on {count} answers" },
  sure: "{share} sure",
  "confidence-high": "clearly {end}",
  "confidence-moderate": "probably {end}",
  "confidence-low": "{low} or {high}: not clear yet",
  kept: "Your answers stay on this device and go nowhere else.",
  notKept: "Your answers are kept only until you leave this page.",
  restart: "Start over",
  restartSure: "Delete all your answers?",
  restartYes: "Delete and start over",
  restartNo: "Keep them",
  forgotten: "Deleted. {progress}.",
  failed: "These questions cannot be shown. {message}",
  notSaved: "Your answer was not saved. {message}",
  actionFailed: "That did not work. {message}",
  startOver: "Delete the stored answers and start over",
};
