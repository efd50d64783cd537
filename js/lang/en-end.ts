// The English of the result of <leaning-quiz>, which loads while the questions are answered. See en.ts for how to
// translate.
export default {
  stillOpen: "Too early to say: {labels}.",
  more: { one: "Answer {count} more?", other: "Answer {count} more?" },
  archetypeIs: "You are closest to",
  details: "Details",
  copyForAssistant: "Copy for your assistant",
  instructionsLabel: "What your assistant will read",
  instructionsNote: "Change it as you like. Once you paste it somewhere, it leaves this device.",
  copyInstructions: "Copy this text",
  instructionsCopied: "Copied.",
  share: "Share",
};
