// Answers that are stored encrypted: in the storage of the page, and in the browser's folder on the disk.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { BROWSERS, serve, unhurried, until } from "./harness.mjs";
import { DECK } from "./states.mjs";

const page = (body) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title></head><body>${body}</body></html>`;

const SCRIPT = `
import { init, Leaning } from "/pkg/index.js";
await init();
const deck = await (await fetch("/${DECK}")).json();
window.start = (options) => Leaning.open({ deck, storage: "encrypted", ...options });
window.readStorage = () => JSON.stringify(Object.entries(localStorage));
window.loaded = true;`;

const PAGES = {
  "/plain.js": SCRIPT,
  "/plain.html": page('<script type="module" src="/plain.js"></script>'),
  "/quiz.html": page(
    `<leaning-quiz deck="/${DECK}" storage="encrypted" max-questions="9"></leaning-quiz><script type="module" src="/pkg/element.js"></script>`,
  ),
};

/** Whether any file of a folder has the text, in one byte a character or in two. */
function isOnDisk(folder, text) {
  const wanted = [Buffer.from(text, "latin1"), Buffer.from(text, "utf16le")];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .some((entry) => {
      const bytes = readFileSync(join(entry.parentPath ?? entry.path, entry.name));
      return wanted.some((one) => bytes.includes(one));
    });
}

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`an encrypted storage, in ${name}`, () => {
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

    async function open(path = "/plain.html", browser = driver) {
      await browser.get(site.url + path);
      if (path === "/plain.html")
        await until(browser, () => browser.executeScript("return window.loaded"), "it");
    }
    /** Runs the body of an asynchronous function in the page. */
    async function run(body, browser = driver) {
      const script = `const done = arguments[0]; (async () => { ${body} })().then((value) => done([value]), ({ code, message }) => done([null, code ?? message]))`;
      const [value, error] = await browser.executeAsyncScript(script);
      if (error) throw new Error(error);
      return value;
    }
    async function clean() {
      await open();
      await run(`localStorage.clear();
        for (const { name } of await indexedDB.databases?.() ?? [{ name: "leaning" }])
          await new Promise((resolve) => { indexedDB.deleteDatabase(name).onsuccess = resolve; });`);
      await open();
    }

    test("an answer is stored when the call returns, nothing of it can be read, and it is there again later", async () => {
      await clean();
      const { before, after, log, stored } = await run(`
        const interview = await start();
        interview.next();
        const before = readStorage();
        interview.answer({ chose: 0 });
        const after = readStorage();
        return { before, after, log: interview.exportLog(), stored: interview.status().stored }`);
      assert.notEqual(after, before);
      assert.equal(stored, true);
      const [{ id, shown }] = JSON.parse(log).answers;
      for (const text of [id, ...shown, "leaning-answers", "chose", JSON.parse(log).deck.id]) {
        assert.ok(!after.includes(text), text);
        assert.ok(log.includes(text), text);
      }
      await open();
      assert.equal(await run("return (await start()).exportLog()"), log);
    });

    test("answers of different lengths are stored with one length", async () => {
      await clean();
      const lengths = await run(`
        const lengths = [];
        for (const [index, answer] of ["tie", "skip", { chose: 0 }].entries()) {
          const interview = await start({ storageKey: "key-" + index });
          interview.next();
          const before = readStorage().length;
          await interview.answer(answer);
          lengths.push(readStorage().length - before);
        }
        return lengths`);
      assert.equal(new Set(lengths).size, 1, `${lengths}`);
    });

    test("what was stored in clear is encrypted when it is opened", async () => {
      await clean();
      const log = await run(`
        const interview = await start({ storage: "local" });
        interview.next();
        await interview.answer({ chose: 0 });
        return interview.exportLog()`);
      const [encrypted, left] = await run("return [(await start()).exportLog(), readStorage()]");
      assert.equal(encrypted, log);
      assert.ok(!left.includes(JSON.parse(log).answers[0].id));
    });

    test("forgetting deletes the answers and their key, and the interview goes on with another", async () => {
      await clean();
      const { keys, left, log } = await run(`
        const key = () => new Promise((resolve) => {
          indexedDB.open("leaning").onsuccess = ({ target: { result } }) => {
            const all = result.transaction("keys").objectStore("keys").getAll();
            all.onsuccess = () => { result.close(); resolve(all.result.map(({ id, wrapping }) => [id, wrapping.extractable])); };
          };
        });
        const interview = await start();
        interview.next();
        await interview.answer({ chose: 0 });
        const keys = await key();
        const forgotten = interview.forget();
        // While there is no key, an answer waits for it.
        interview.next();
        interview.answer({ chose: 1 });
        const inClear = readStorage();
        await forgotten;
        keys.push(...await key());
        return { keys, left: [inClear, readStorage()], log: interview.exportLog() }`);
      const [[before, extractable], [after]] = keys;
      assert.equal(keys.length, 2);
      assert.notEqual(before, after);
      assert.equal(extractable, false);
      const [{ id }] = JSON.parse(log).answers;
      for (const one of left) assert.ok(!one.includes(id));
      await open();
      assert.equal(
        await run("return (await start()).exportLog()"),
        log,
        "the answer after forgetting is kept",
      );
    });

    test("when another tab forgets, its answers are gone here too, and later ones are stored", async () => {
      await clean();
      const [first, second, stored] = await run(`
        const frame = document.createElement("iframe");
        frame.src = location.href;
        document.body.append(frame);
        while (!frame.contentWindow.loaded) await new Promise((resolve) => setTimeout(resolve, 50));
        const here = await start();
        const there = await frame.contentWindow.start();
        here.next();
        await here.answer({ chose: 0 });
        const first = there.status().answered;
        await there.forget();
        here.next();
        await here.answer({ chose: 0 });
        while (!here.status().stored) await new Promise((resolve) => setTimeout(resolve, 50));
        return [first, there.status().answered, here.status().answered]`);
      assert.deepEqual([first, second, stored], [1, 1, 1]);
      await open();
      assert.equal(await run("return (await start()).status().answered"), 1);
    });

    for (const [title, without] of [
      [
        "without IndexedDB the answers stay in memory, and nothing is stored in clear",
        'Object.defineProperty(window, "indexedDB", { value: undefined });',
      ],
      [
        "where IndexedDB never answers, the answers stay in memory, and nobody waits for ever",
        `const later = setTimeout;
        window.setTimeout = (work, time) => later(work, time / 20);
        IDBFactory.prototype.open = () => ({});`,
      ],
    ])
      test(title, async () => {
        await clean();
        const [stored, answered, left] = await run(`
        ${without}
        const interview = await start();
        interview.next();
        await interview.answer({ chose: 0 });
        const { stored, answered } = interview.status();
        return [stored, answered, readStorage()]`);
        assert.deepEqual([stored, answered, left], [false, 1, "[]"]);
      });

    test("a stored text that was changed is set aside, and the interview begins anew", async () => {
      await clean();
      const changed = await run(`
        const interview = await start();
        interview.next();
        await interview.answer({ chose: 0 });
        const [place, text] = Object.entries(localStorage).find(([, text]) => text.length > 100);
        const changed = text.slice(0, -9) + "AAAAAAAA=";
        localStorage.setItem(place, changed);
        return changed`);
      await open();
      const [answered, aside] = await run(`
        const interview = await start();
        interview.next();
        await interview.answer({ chose: 0 });
        return [interview.status().answered, Object.values(localStorage).filter((text) => text.length > 100).length]`);
      assert.equal(answered, 1);
      assert.equal(aside, 2, changed);
    });

    test("the quiz keeps its answers encrypted", async () => {
      await clean();
      const count = async () => {
        const root = await (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot();
        const [button] = await root.findElements({ css: "button.choose" });
        return button && [button, await (await root.findElement({ css: ".count" })).getText()];
      };
      await open("/quiz.html");
      const [button] = await until(driver, count, "a question");
      await unhurried(driver);
      await button.click();
      const second = async () => (await count())?.[1] === "Question 2 of 9";
      await until(driver, second, "the next question");
      await open("/quiz.html");
      await until(driver, second, "the same question");
      const stored = await run("return JSON.stringify(Object.entries(localStorage))");
      assert.ok(!stored.includes("leaning-answers"));
    });

    if (name === "chromium") {
      test("in the browser's folder there is nothing readable, before and after forgetting", async () => {
        const found = async (storage) => {
          const profile = mkdtempSync(join(tmpdir(), "leaning-"));
          const visit = async (body) => {
            const browser = await start({ profile });
            try {
              await open("/plain.html", browser);
              return await run(body, browser);
            } finally {
              await browser.quit();
            }
          };
          try {
            const log = await visit(`
              const interview = await start({ storage: "${storage}" });
              for (let asked = 0; asked < 3; asked++) { interview.next(); await interview.answer({ chose: 0 }); }
              return interview.exportLog()`);
            const { answers } = JSON.parse(log);
            const texts = [...answers.map(({ id }) => id), `"chose":"${answers[0].chose}"`];
            const kept = texts.map((text) => isOnDisk(profile, text));
            const answered = await visit(`
              const interview = await start({ storage: "${storage}" });
              const { answered } = interview.status();
              await interview.forget();
              return answered`);
            assert.equal(answered, 3);
            return [kept, texts.map((text) => isOnDisk(profile, text))];
          } finally {
            rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
          }
        };
        const nothing = [false, false, false, false];
        const everything = [true, true, true, true];
        assert.deepEqual(
          await found("local"),
          [everything, everything],
          "the search finds what is not encrypted",
        );
        assert.deepEqual(await found("encrypted"), [nothing, nothing]);
      });
    }
  });
}
