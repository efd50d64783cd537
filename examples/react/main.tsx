import "leaning/element";
import type { LeaningCompare } from "leaning/element";
import { markdown } from "leaning/markdown";
import type {} from "leaning/react";
import { useRef, useState } from "react";
import { createRoot } from "react-dom/client";

const DECK = "/decks/assistant-style-en.json";
const MESSAGES = { skip: "Next" };

function App() {
  const [shown, setShown] = useState(true);
  const [count, setCount] = useState(0);
  const [heard, setHeard] = useState("");
  const compare = useRef<LeaningCompare>(null);
  const hear = (name: string, answered: number) => setHeard((before) => `${before}${name} ${answered}, `);
  return (
    <>
      <button type="button" id="toggle" onClick={() => setShown(!shown)}>
        Remove or put back
      </button>{" "}
      <button type="button" id="again" onClick={() => setCount(count + 1)}>
        Count
      </button>{" "}
      <output id="count">{count}</output>
      <p id="heard">{heard}</p>
      {shown && (
        <leaning-quiz
          deck={DECK}
          max-questions={4}
          renderer={markdown}
          messages={MESSAGES}
          onleaning-ready={({ detail }) => hear("ready", detail.asked)}
          onleaning-answer={({ detail }) => hear("answer", detail.asked)}
          onleaning-done={({ detail }) => hear("done", detail.asked)}
          onleaning-error={({ detail }) => hear(detail.code, 0)}
        >
          <p>Loading …</p>
        </leaning-quiz>
      )}
      <leaning-compare deck={DECK} ref={compare} />
      <leaning-profile deck={DECK} theme="light" />
    </>
  );
}

createRoot(document.getElementById("app")!).render(<App />);
