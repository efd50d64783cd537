// The documents of the site: which files of the repository become pages, in which order and under which heading.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const GROUPS = {
  Start: ["README.md", "docs/faq.md"],
  Guide: [
    "docs/using.md",
    "docs/element.md",
    "docs/frame.md",
    "docs/chats.md",
    "docs/surveys.md",
    "docs/python.md",
    "docs/gateway.md",
    "docs/words.md",
    "docs/sharing.md",
    "examples/README.md",
  ],
  Decks: ["docs/decks.md", "docs/example-decks.md", "docs/scoring.md", "docs/style.md"],
  Reference: ["docs/api.md", "docs/deck-format.md", "docs/tables.md"],
  "How well it works": [
    "docs/theory.md",
    "docs/experiments.md",
    "docs/real-data.md",
    "docs/benchmark.md",
    "docs/performance.md",
    "docs/privacy.md",
    "docs/checks.md",
  ],
  Project: ["docs/architecture.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"],
};

/** The page of the README, which is where the documents begin. */
const START = "README.md";

/**
 * All documents as `{ group, source, page, markdown, title }`: the path in the repository, the name of the page in docs/,
 * the text, and its first heading. `generated` are `{ markdown }` by source for documents that no file has, perhaps with more
 * properties of the document. A file of docs/ that no group
 * names stands in the last one. Files of a group that do not exist are left out.
 */
export function documents(generated) {
  const found = readdirSync(`${ROOT}docs`).filter((name) => name.endsWith(".md"));
  const sources = new Set(found.map((name) => `docs/${name}`));
  const listed = Object.entries(GROUPS).flatMap(([group, files]) =>
    files.map((source) => ({ group, source })),
  );
  for (const { source } of listed) sources.delete(source);
  const rest = [...sources].map((source) => ({ group: "Project", source }));
  return [...listed, ...rest].flatMap(({ group, source }) => {
    const { markdown, ...more } = generated[source] ?? { markdown: read(source) };
    if (markdown === undefined) return [];
    const title = source === START ? "Overview" : /^# (.+)$/m.exec(markdown)[1].replaceAll("`", "");
    return { group, source, page: pageOf(source), markdown, title, ...more };
  });
}

function pageOf(source) {
  if (source === START) return "index.html";
  const [folder, file] = source.split("/").slice(-2);
  const name = file === "README.md" ? folder : (file ?? folder).replace(/\.md$/, "");
  return `${name.toLowerCase()}.html`;
}

function read(source) {
  try {
    return readFileSync(ROOT + source, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}
