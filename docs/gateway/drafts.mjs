// Asks a gateway for drafts of a deck's first prompts, and prints them as a table for `leaning build`:
//
//   node drafts.mjs GATEWAY DECK NUMBER > drafts.jsonl

import { readFileSync } from "node:fs";

const [gateway, deck, number] = process.argv.slice(2);
if (number === undefined) {
  console.error("usage: node drafts.mjs GATEWAY DECK NUMBER");
  process.exit(2);
}
const { prompts } = JSON.parse(readFileSync(deck, "utf8"));

for (const prompt of prompts.slice(0, Number(number))) {
  const response = await fetch(new URL("/v1/chat/completions", gateway), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: "any",
      messages: [
        { role: "system", content: "You are a helpful assistant. Answer in at most 60 words." },
        { role: "user", content: prompt.text },
      ],
      n: 4,
      seed: 1,
      temperature: 0.8,
      max_tokens: 120,
    }),
  });
  const { choices, error } = await response.json();
  if (!choices) throw new Error(`${prompt.id}: ${error.message}`);
  for (const { index, message } of choices) {
    const row = { id: `${prompt.id}-${index}`, prompt: prompt.id, text: message.content };
    process.stdout.write(`${JSON.stringify(row)}\n`);
  }
}
