// With `retention`, answers are gone once their days are over: from the storage, from the page and from what it exports.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, OPEN_ROOTS, serve, unhurried, until } from "./harness.mjs";
import { DECK } from "./states.mjs";

const KEY = "leaning:assistant-style-en";
const DAYS = 30;
const EVERYWHERE = ["storage", "page", "export"];
/** Noon of a day in UTC. */
const FIRST_DAY = Date.UTC(2026, 10, 29, 12);

/** A page whose clock shows what the test has set, and goes on from there. */
const page = (
  attribute,
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title>${OPEN_ROOTS}
<script>{
  const own = Date.now.bind(Date);
  const start = own();
  let offset = 0;
  window.setClock = (time) => { offset = time - own(); };
  if (localStorage.clock) setClock(Number(localStorage.clock));
  Date.now = () => own() + offset;
}</script></head><body>
<leaning-quiz deck="${DECK}" ${attribute}></leaning-quiz><leaning-profile deck="${DECK}" ${attribute}></leaning-profile>
<script type="module" src="/pkg/element.js"></script></body></html>`;

const PAGES = {
  "/kept.html": page(""),
  "/days.html": page(`retention="${DAYS}"`),
  "/wrong.html": page('retention="soon"'),
  "/empty.html": "<!doctype html><title>Empty</title>",
};

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`retention in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve(PAGES, name);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const run = (script, ...values) => driver.executeScript(script, ...values);
    const has = (condition) => until(driver, () => run(`return ${condition}`), condition);
    const answers = "document.querySelector('leaning-profile').interview?.status().answered";

    async function open(path, time) {
      await driver.get(`${site.url}/empty.html`);
      await run("localStorage.clock = arguments[0]", time);
      await driver.get(site.url + path);
      await has("document.querySelector('leaning-quiz').interview !== undefined");
      await has("document.querySelector('leaning-profile').interview !== undefined");
    }

    /** Answers one question on the first day and another on the next. */
    async function answerTwice(path) {
      await driver.get(`${site.url}/empty.html`);
      await run("localStorage.clear()");
      const said = [];
      for (const day of [0, 1]) {
        await open(path, FIRST_DAY + day * 864e5);
        await unhurried(driver);
        await run(
          "document.querySelector('leaning-quiz').shadowRoot.querySelector('[part~=choose]').click()",
        );
        await has(`${answers} === ${day + 1}`);
        said.push(
          ...(await run(
            `return JSON.parse(localStorage[${JSON.stringify(KEY)}]).answers.slice(-1).map(({ id }) => id)`,
          )),
        );
      }
      return said;
    }

    /** In which of storage, page and export there is something of each of these entries. */
    async function search(ids) {
      const found = await run(
        `const { interview } = document.querySelector("leaning-profile");
         return {
           storage: JSON.stringify(Object.entries(localStorage)),
           page: JSON.stringify(interview.entries()),
           export: interview.exportLog(),
         };`,
      );
      return ids.map((id) => EVERYWHERE.filter((place) => found[place].includes(id)));
    }

    test("nothing of an answer is left in the storage, the page and an export when its days are over", async () => {
      const said = await answerTwice("/days.html");
      await open("/days.html", FIRST_DAY + DAYS * 864e5);
      assert.deepEqual(await search(said), [EVERYWHERE, EVERYWHERE]);
      assert.match(await run(`return localStorage[${JSON.stringify(KEY)}]`), /"at":"2026-11-29"/);
      await open("/days.html", FIRST_DAY + (DAYS + 1) * 864e5);
      assert.deepEqual(await search(said), [[], EVERYWHERE]);
      // The page stays open, and is looked at again the next day.
      await run(
        `setClock(${FIRST_DAY + (DAYS + 2) * 864e5}); document.dispatchEvent(new Event("visibilitychange"))`,
      );
      assert.deepEqual(await search(said), [[], []]);
      assert.equal(await run(`return ${JSON.stringify(KEY)} in localStorage`), false);
      await has(`${answers} === 0`);
    });

    test("the same search finds it in all three without the attribute", async () => {
      const said = await answerTwice("/kept.html");
      await open("/kept.html", FIRST_DAY + 2 * DAYS * 864e5);
      assert.deepEqual(await search(said), [EVERYWHERE, EVERYWHERE]);
      assert.doesNotMatch(await run(`return localStorage[${JSON.stringify(KEY)}]`), /"at"/);
    });

    test("a number that is none is an error that names the attribute, and deletes nothing", async () => {
      await answerTwice("/kept.html");
      await driver.get(`${site.url}/wrong.html`);
      await run(`addEventListener("error", () => {}); window.told = [];
        const quiz = document.querySelector("leaning-quiz");
        quiz.addEventListener("leaning-error", ({ detail: { code, path } }) => told.push([code, path].join(": ")));
        quiz.seed = 3;`);
      await has("told.length > 0");
      assert.deepEqual(await run("return told"), ["options: retention"]);
      assert.equal(await run(`return JSON.parse(localStorage[${JSON.stringify(KEY)}]).answers.length`), 2);
    });
  });
}
