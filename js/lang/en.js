// English, complete by definition: what the quiz says, which is loaded with it, and in en-more.js what the other elements
// say. A new language:
// 1. Copy both into one table, js/lang/CODE.js (CODE as in <html lang>, such as `nl` or `pt`), and translate the texts.
//    The keys, and the names in {braces}, stay as they are; the braces may move. Numbers are put in as the language
//    writes them. {end}, {low}, {high}, {ends} and {label} come from the deck, in its language: no word may depend on
//    their gender or number.
// 2. A text that depends on a number is an object with one text for each plural category of the language (those of
//    Intl.PluralRules: `zero`, `one`, `two`, `few`, `many`, `other`), chosen by {count}. Leave out no category that
//    the language has.
// 3. Add the code to LANGUAGES in js/element/messages.js. `node --test tests/e2e/messages.test.mjs` says what is missing.
export default {
  ask: "Which answer would you rather get?",
  answer: "Answer {place}",
  choose: "Choose answer {place}",
  tie: "About the same",
  neither: "Neither",
  none: "None of these",
  skip: "Skip",
  undo: "Undo",
  questionOf: "Question {question} of {total}",
  questionAbout: "Question {question}, about {count} more",
  questionLast: "Question {question}, perhaps the last",
  noted: "Noted. {progress}.",
  takenBack: "Taken back. {progress}.",
  keys: "Keys: 1 to {count} choose, arrows move, U undoes.",
  keysTie: "Keys: 1 to {count} choose, 0 about the same, arrows move, U undoes.",
  fit: "Picks for you would fit to {share}",
  why: "Why this question?",
  whyChosen: "What you have said so far leaves open which of these you would like, so your choice tells the most.",
  whyRandom: "It was drawn by lot.",
  showAll: "Show all",
  showLess: "Show less",
  soFar: "What your answers say so far",
  done: "How you lean",
  "reason-questions": "That was the last question.",
  "reason-exhausted": "There is nothing left to ask.",
  "reason-regret": "Your answers say clearly enough what you like.",
  "reason-gain": "More questions would tell little that is new.",
  restsOn: { one: "From {count} answer", other: "From {count} answers" },
  sure: "{share} sure",
  clearly: "clearly {end}",
  rather: "rather {end}",
  unclear: "{low} or {high}: not clear yet",
  kept: "Your answers are kept on this device and nowhere else.",
  notKept: "Your answers are kept in this page alone, and gone when you leave it.",
  restart: "Start over",
  restartSure: "Delete all your answers?",
  restartYes: "Delete and start over",
  restartNo: "Keep them",
  forgotten: "Deleted. {progress}.",
  failed: "These questions cannot be shown. {message}",
  notNoted: "This could not be noted. {message}",
  startOver: "Delete the stored answers and begin anew",
};
