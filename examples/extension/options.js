import "./leaning/element.js";
import { deck } from "./deck.js";

document.querySelector("leaning-quiz").deck = deck;
