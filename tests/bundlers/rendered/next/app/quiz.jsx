"use client";

import "leaning/element";
import { useEffect, useRef, useState } from "react";
import { told } from "../../told.js";

export function Quiz() {
  const quiz = useRef(null);
  const [heard, setHeard] = useState("");
  // React gives an element that came from the server no listeners: https://github.com/react/react/issues/35446.
  useEffect(() => {
    const { current } = quiz;
    const tell = () => setHeard(told(current));
    current.addEventListener("leaning-done", tell);
    return () => current.removeEventListener("leaning-done", tell);
  }, []);
  return (
    <>
      <p id="heard">{heard}</p>
      <leaning-quiz ref={quiz} deck="/deck.json" max-questions={3}>
        Loading …
      </leaning-quiz>
    </>
  );
}
