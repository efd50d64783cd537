import type { Candidate, Deck, Leaning, Strategy } from "./index.js";

export * from "./index.js";

/** What the events tell: counts only, never what was answered. */
export interface LeaningCounts {
  asked: number;
  answered: number;
  remaining: number;
}

/** The events of the elements, which neither bubble nor compose. */
export interface ElementEvents {
  /** It shows something, and the interview may be used. */
  "leaning-ready": CustomEvent<LeaningCounts>;
  /** What was said has changed: here, in an element that shares the interview, through the host or in another tab. */
  "leaning-answer": CustomEvent<LeaningCounts>;
  "leaning-done": CustomEvent<LeaningCounts>;
  "leaning-error": CustomEvent<{ code: string; path?: string }>;
}

export interface LeaningElementEventMap extends HTMLElementEventMap, ElementEvents {}

/** What may be set of all three elements, in markup and in the templates of frameworks, which set properties. */
export interface ElementAttributes {
  /** The deck: its URL, or as a property also the deck itself. */
  deck?: string | Deck | ArrayBuffer | Uint8Array;
  storage?: "local" | "memory";
  "storage-key"?: string;
  theme?: "light" | "dark";
  lang?: string;
  messages?: Record<string, Message>;
  renderer?: (text: string) => Node;
}

/** The same for `<leaning-quiz>`. */
export interface QuizAttributes extends ElementAttributes {
  "max-questions"?: number | string;
  "stop-regret"?: number | string;
  "stop-gain"?: number | string;
  choose?: 2 | 3 | 4 | "2" | "3" | "4";
  strategy?: Strategy;
  seed?: number | string;
}

/** A text of the elements: one, or one for each plural category of the language. */
export type Message = string | Partial<Record<Intl.LDMLPluralRule, string>>;

/** The interview's methods that the elements have too. Before `leaning-ready` they throw `not-ready`. */
type InterviewMethods = Omit<Leaning, keyof EventTarget | "configure" | "forget" | "free">;

export interface LeaningElement extends InterviewMethods {}

/** What the three elements have in common. Those with the same deck and storage key share one interview. */
export abstract class LeaningElement extends HTMLElement {
  /** The deck: its URL, or the deck itself. */
  get deck(): string | Deck | null;
  set deck(deck: string | Deck | ArrayBuffer | Uint8Array | null);
  storage: string | null;
  storageKey: string | null;
  /** "light" or "dark"; as the page is unless given. */
  theme: string | null;
  /** Texts that replace the element's own, by their keys. */
  messages: Record<string, Message> | undefined;
  /** Makes the DOM node of a deck's text, also of one that may come next; plain text without it. */
  renderer: ((text: string) => Node) | undefined;
  /** The interview, once `leaning-ready` has been heard. */
  readonly leaning: Leaning | undefined;
  /** Forgets everything that was said, even what cannot be read, and begins again. */
  forget(): Promise<void>;
  addEventListener<K extends keyof LeaningElementEventMap>(
    type: K,
    listener: (this: this, event: LeaningElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** The interview, question after question, and what came of it. */
export class LeaningQuiz extends LeaningElement {
  get maxQuestions(): string | null;
  set maxQuestions(questions: string | number | null);
  /** Ends when what is expected to be lost by picking for this person is below this share: see `StopRule`. */
  get stopRegret(): string | null;
  set stopRegret(share: string | number | null);
  /** Ends when the best question left would tell less than so many bits. */
  get stopGain(): string | null;
  set stopGain(bits: string | number | null);
  /** How many answers a question shows, 2 to 4; what the deck says unless given. */
  get choose(): string | null;
  set choose(candidates: string | number | null);
  strategy: string | null;
  get seed(): string | null;
  set seed(seed: string | number | null);
}

/** In a chat, which of two drafts is better, where that is worth asking. */
export class LeaningCompare extends LeaningElement {
  /** The drafts there are now, scored: candidates of one prompt. Setting them asks, if it is worth it. */
  candidates: Candidate[];
  /**
   * Asks about drafts if it is worth it. The place of the draft that the person prefers; null where it is not worth
   * asking, where they like both as much or dismiss it, and where other drafts come before they choose.
   */
  ask(candidates: Candidate[]): Promise<number | null>;
}

/** What was learned, as a picture and in words. */
export class LeaningProfile extends LeaningElement {}

declare global {
  interface HTMLElementTagNameMap {
    "leaning-compare": LeaningCompare;
    "leaning-profile": LeaningProfile;
    "leaning-quiz": LeaningQuiz;
  }
}
