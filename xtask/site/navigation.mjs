// The navigation that all pages of the site have. `node xtask/site/navigation.mjs` writes it into the pages of www/,
// `--check` fails if a page has another one.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const WWW = fileURLToPath(new URL("../../www/", import.meta.url));

/** Each place has the pages that belong to it, the first of which the navigation leads to. */
const PLACES = [
  { label: "Chat", pages: ["chat.html"] },
  { label: "Lab", pages: ["lab.html", "calibration.html"] },
  { label: "Studio", pages: ["studio.html"] },
  { label: "Docs", pages: ["docs/"] },
  { label: "Privacy", pages: ["privacy.html"] },
];
const HOME = ["index.html"];

/** The navigation of a page, named by its path from the site's root. */
export function navigation(page) {
  const root = "../".repeat(page.split("/").length - 1);
  // A page within a place is not the page that the link leads to.
  const current = (pages) => {
    const isHere = page === pages[0] || page === `${pages[0]}index.html`;
    const isWithin = pages.some((place) => page === place || (place.endsWith("/") && page.startsWith(place)));
    return isHere ? ' aria-current="page"' : isWithin ? ' aria-current="true"' : "";
  };
  const links = PLACES.map(
    ({ label, pages }) => `<a href="${root}${pages[0]}"${current(pages)}>${label}</a>`,
  );
  return `<nav class="site" aria-label="Site">
<a class="brand" href="${root || "./"}"${current(HOME)}><span>Leaning</span></a>
${links.join("\n")}
</nav>`;
}

/** The page with the navigation at its top, in the place of an earlier one or of a brand alone. */
export function withNavigation(html, page) {
  return html
    .replace(/<nav class="site".*?<\/nav>\n/s, "")
    .replace(/<p class="brand">.*?<\/p>\n/s, "")
    .replace(/(<body[^>]*>\n)/, (body) => `${body}${navigation(page)}\n`);
}

/** The pages of www/. */
export const pages = () => readdirSync(WWW).filter((name) => name.endsWith(".html"));

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const isCheck = process.argv.includes("--check");
  for (const page of pages()) {
    const html = readFileSync(WWW + page, "utf8");
    const wanted = withNavigation(html, page);
    if (html === wanted) continue;
    if (isCheck) {
      console.error(`www/${page} has another navigation; \`node xtask/site/navigation.mjs\` writes it.`);
      process.exitCode = 1;
    } else {
      writeFileSync(WWW + page, wanted);
    }
  }
}
