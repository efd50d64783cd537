// Compiled, not run: the typings refuse each of these.
import type {} from "leaning/react";

// @ts-expect-error: at most four
export const many = <leaning-quiz deck="deck.json" candidates-per-question={5} />;
// @ts-expect-error: no such attribute
export const unknown = <leaning-profile deck="deck.json" colour="red" />;
// @ts-expect-error: events tell counts only
export const curious = <leaning-quiz onleaning-answer={({ detail }) => console.log(detail.chose)} />;
