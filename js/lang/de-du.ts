// The texts that differ from de.ts where the person is addressed with "du": the language tag is `de-x-du`.

import type { MessageTable } from "./table.js";

export default {
  ask: "Was ist dir lieber?",
  whyChosen:
    "Wir können noch nicht erraten, was du hier wählst. Deshalb verrät uns deine Antwort am meisten.",
  done: "Dein Ergebnis",
  "reason-regret": "Deine Antworten zeigen deutlich genug, was du magst.",
  kept: "Deine Antworten bleiben auf diesem Gerät und werden nirgendwohin übertragen.",
  notKept: "Deine Antworten sind nur auf dieser Seite und verschwinden, wenn du sie schließt.",
  restartSure: "Alle deine Antworten löschen?",
  notLoaded: "Die Fragen konnten nicht geladen werden. Prüfe deine Verbindung.",
  unreadable: "Deine gespeicherten Antworten sind nicht lesbar.",
  newerAnswers:
    "Deine gespeicherten Antworten stammen aus einer neueren Version dieser Seite und bleiben, wie sie sind; neue Antworten sind nur auf dieser Seite.",
  someUnreadable:
    "Ein Teil deiner gespeicherten Antworten war nicht lesbar. Eine Kopie davon bleibt erhalten.",
  answerNotSaved: "Deine Antwort wurde nicht gespeichert. Versuch es noch einmal.",
  didNotWork: "Das hat nicht geklappt. Versuch es noch einmal.",
  archetypeIs: "Du bist am ehesten",
  copyForAssistant: "Für deinen KI-Assistenten kopieren",
  instructionsLabel: "Das liest dein KI-Assistent",
  instructionsNote:
    "Ändere den Text, wie du möchtest. Sobald du ihn irgendwo einfügst, verlässt er dieses Gerät.",
  askRating: "Wie gefällt dir diese Antwort?",
  askBestWorst: "Welche gefällt dir am besten, welche am wenigsten?",
  askOrder: "Wähle der Reihe nach, die beste zuerst.",
  compareStays: "Deine Wahl bleibt auf diesem Gerät.",
  taste: "Dein Profil",
  nothingYet:
    "Wir kennen deinen Geschmack noch nicht. Beantworte ein paar Fragen, oder setze die Punkte selbst.",
  moveDots:
    "Der Punkt ist unsere beste Schätzung. Je breiter der Balken, desto unsicherer ist sie. Stimmt das nicht? Zieh den Punkt: Dein Wort zählt mehr als unsere Schätzung.",
  statement: "Das hast du selbst festgelegt",
  whatIfCurrent: "Unsere Empfehlung für dich",
  chose: "Deine Wahl",
  "chose-slightly": "Das fandest du etwas besser",
  "chose-much": "Das fandest du viel besser",
  rated: "Deine Bewertung: {rating} von {of}",
  ratedUp: "Das gefiel dir",
  ratedDown: "Das gefiel dir nicht",
  choseBest: "Gefiel dir am besten",
  choseWorst: "Gefiel dir am wenigsten",
  answeredTie: "Dir etwa gleich lieb",
  answeredNeither: "Du wolltest nichts davon",
  answeredSkip: "Du hast das übersprungen",
  exported: "In deinen Downloads gespeichert.",
  forgottenAll: "Deine Antworten sind gelöscht.",
  "person-fit-inconsistent":
    "Deine Antworten widersprechen einander mehr als üblich. Vielleicht ist etwas durcheinandergeraten, oder es ist dir nicht so wichtig.",
  "person-fit-nonlinear":
    "Deine Antworten folgen einem Muster, das diese Eigenschaften nicht beschreiben können.",
  "person-fit-indifferent": "Nichts von dem, was hier gezeigt wird, scheint dir wichtig zu sein.",
  "person-fit-position-bias":
    "Du hast meist das gewählt, was an derselben Stelle stand. War das Zufall, macht es nichts; wenn nicht, könnte das Ergebnis danebenliegen.",
  frameSealed: "Die Seite um diesen Kasten herum sieht deine Antworten nicht.",
  frameChosen: "Für dich ausgewählt",
} satisfies MessageTable;
