// The English of the sealed frame. See en.ts for how to translate.
export default {
  frameSealed: "The page around this box can't see your answers.",
  frameChosen: "Chosen for you",
  frameDone: "Done",
};
