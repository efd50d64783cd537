// What was said is never lost, and what was deleted never comes back: in several tabs at once, with a storage that fails, and
// with texts in it that this version cannot read.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, OPEN_ROOTS, serve, unhurried, until } from "./harness.mjs";
import { DECK } from "./states.mjs";

const KEY = "leaning:assistant-style-en";

/**
 * A page without elements, with `say(when, act)`, which does something at a time of the clock, after the main thread was busy
 * for `BUSY` ms if the page asks for that.
 */
const page = (
  body = "",
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Test</title>${OPEN_ROOTS}</head>
<body>${body}<script type="module">
import { init, Leaning } from "/pkg/index.js";
const BUSY = 30;
window.open_ = async (options) => {
  await init();
  const deck = await (await fetch("/${DECK}")).text();
  window.leaning = await Leaning.open({ deck, stop: { questions: 500 }, ...options });
};
window.answer = async () => {
  leaning.next();
  await leaning.answer({ chose: 0 });
  return leaning.entries(1)[0].id;
};
window.at = (when, isBusy, act) =>
  new Promise((resolve) => {
    const wait = Math.max(0, when - Date.now() - (isBusy ? BUSY : 0));
    setTimeout(() => {
      while (isBusy && Date.now() < when);
      act().then(resolve);
    }, wait);
  });
window.ids = () => JSON.parse(localStorage.getItem("${KEY}") ?? '{"answers":[]}').answers.map(({ id }) => id);
</script>${body.includes("<leaning-") ? '<script type="module" src="/pkg/element.js"></script>' : ""}</body></html>`;

const QUIZ = `<script>
window.unsaved = 0;
addEventListener("DOMContentLoaded", () => document.querySelector("leaning-quiz").addEventListener("leaning-unsaved", ({ detail }) => {
  window.unsaved += detail === null ? 1 : 100;
}));
</script><leaning-quiz deck="${DECK}" max-questions="8" seed="2"></leaning-quiz>`;

const PAGES = {
  "/api.html": page(),
  "/quiz.html": page(QUIZ),
  "/empty.html": "<!doctype html><title>Empty</title>",
};

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`storage in ${name}`, () => {
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
    const runAsync = (script, ...values) => run(`return (async () => { ${script} })()`, ...values);
    const has = (condition) => until(driver, () => run(`return ${condition}`), condition);

    async function open(options) {
      await driver.get(`${site.url}/api.html`);
      await has("window.open_ !== undefined");
      await runAsync("await open_(arguments[0])".replace("arguments[0]", JSON.stringify(options ?? {})));
    }

    async function empty() {
      await driver.get(`${site.url}/empty.html`);
      await run("localStorage.clear()");
    }

    /** Two tabs with the same interview, and a function that lets both act at the same instant. */
    async function twoTabs() {
      await empty();
      const one = await driver.getWindowHandle();
      await open();
      await driver.switchTo().newWindow("tab");
      const other = await driver.getWindowHandle();
      await open();
      const both = async (acts, gap, isBusy) => {
        const when = Date.now() + 400;
        for (const [place, tab] of [one, other].entries()) {
          await driver.switchTo().window(tab);
          await run(
            `window.done = at(${when + place * gap}, ${isBusy}, ${acts[place]}).then((id) => { window.said = id; });`,
          );
        }
        const said = [];
        for (const tab of [one, other]) {
          await driver.switchTo().window(tab);
          said.push(await runAsync("await window.done; return window.said ?? null;"));
        }
        // The browser tells each tab of the other's writing, and both settle.
        await driver.sleep(300);
        return said;
      };
      const close = async () => {
        await driver.switchTo().window(other);
        await driver.close();
        await driver.switchTo().window(one);
      };
      return { both, close };
    }

    test("a page that writes itself again hears other tabs again from its next call on", async () => {
      await empty();
      const one = await driver.getWindowHandle();
      await open();
      await run(`document.open(); document.write("<!doctype html><p>Again"); document.close();
        window.changes = 0;
        leaning.addEventListener("change", () => window.changes++);
        leaning.status();`);
      await driver.switchTo().newWindow("tab");
      const other = await driver.getWindowHandle();
      await open();
      const id = await runAsync("return answer();");
      await driver.switchTo().window(one);
      await has("changes > 0");
      assert.deepEqual(await run("return leaning.entries().map(({ id }) => id)"), [id]);
      await driver.switchTo().window(other);
      await driver.close();
      await driver.switchTo().window(one);
    });

    test("two tabs that answer at the same instant lose nothing, and deleting wins", async () => {
      const { both, close } = await twoTabs();
      const ANSWER = "answer";
      const FORGET = "() => leaning.forget()";
      for (const [gap, isBusy] of [
        [0, false],
        [0, true],
        [2, true],
        [15, true],
      ]) {
        const where = `${gap} ms apart, ${isBusy ? "busy" : "idle"}`;
        const first = await both([ANSWER, ANSWER], gap, isBusy);
        assert.deepEqual(
          first.filter((id) => id === null),
          [],
          where,
        );
        let stored = await run("return ids()");
        assert.deepEqual([...stored].sort(), [...first].sort(), `the first answers, ${where}`);
        const later = await both([ANSWER, ANSWER], gap, isBusy);
        stored = await run("return ids()");
        assert.deepEqual([...stored].sort(), [...first, ...later].sort(), `later answers, ${where}`);
        await both([FORGET, ANSWER], gap, isBusy);
        const left = await run("return ids()");
        assert.deepEqual(
          left.filter((id) => stored.includes(id)),
          [],
          `deleted answers, ${where}`,
        );
        // A pause, so that what comes next does not count as said at once.
        await both([FORGET, FORGET], 0, false);
        assert.deepEqual(await run("return ids()"), []);
        await driver.sleep(2100);
      }
      await close();
    });

    test("whatever the storage fails at, the log is the one before or the one after", async () => {
      await empty();
      await open();
      const trouble = await runAsync(`
        const names = ["getItem", "setItem", "removeItem"];
        const plain = Object.fromEntries(names.map((name) => [name, Storage.prototype[name]]));
        let calls = 0;
        let failing = Infinity;
        for (const name of names) {
          Storage.prototype[name] = function (...values) {
            if (calls++ === failing) throw new DOMException("", "QuotaExceededError");
            return plain[name].apply(this, values);
          };
        }
        const acts = [
          () => answer(),
          () => leaning.undo(),
          () => answer(),
          () => leaning.setWeight("brevity", 0.4),
          () => answer(),
          () => leaning.observe([{ id: "a", scores: [1, 0, 0, 0, 0, 0] }, { id: "b", scores: [0, 1, 0, 0, 0, 0] }], { chose: 0 }),
        ];
        const trouble = [];
        for (failing = 0; failing < 40; failing++) {
          calls = 0;
          await leaning.forget();
          let before = [];
          for (let step = 0; step < 30; step++) {
            try {
              await acts[step % acts.length]();
            } catch (error) {
              trouble.push("step " + step + ", call " + failing + ": " + error);
            }
            const here = JSON.parse(leaning.exportLog()).answers.map(({ id }) => id);
            const stored = JSON.parse(plain.getItem.call(localStorage, "${KEY}") ?? '{"answers":[]}').answers.map(({ id }) => id);
            const is = (log) => JSON.stringify(stored) === JSON.stringify(log);
            if (!is(here) && !is(before)) trouble.push("step " + step + ", call " + failing + ": stored " + stored.length);
            if (leaning.status().stored && !is(here)) trouble.push("step " + step + ", call " + failing + ": said to be stored");
            before = stored;
          }
        }
        Object.assign(Storage.prototype, plain);
        await leaning.forget();
        return trouble;
      `);
      assert.deepEqual(trouble, []);
    });

    test("nothing is written over answers that could not be read, and all of them are stored once they can", async () => {
      await empty();
      await open();
      await runAsync("for (let i = 0; i < 3; i++) await answer();");
      await open();
      const steps = await runAsync(`
        const look = () => [ids().length, leaning.status().answered, leaning.status().stored];
        const plain = Storage.prototype.getItem;
        const fail = () => { Storage.prototype.getItem = () => { throw new DOMException("", "UnknownError"); }; };
        fail();
        const deck = await (await fetch("/${DECK}")).text();
        leaning.free();
        await open_();
        await answer();
        await answer();
        const during = leaning.status();
        Storage.prototype.getItem = plain;
        const untouched = ids().length;
        // Two answers at once might as well be those of another tab: these are older.
        const now = Date.now;
        Date.now = () => now() + 60_000;
        await answer();
        const after = look();
        fail();
        await answer();
        Storage.prototype.getItem = plain;
        const again = look();
        Date.now = now;
        return { during: [during.answered, during.stored], untouched, after, again };`);
      assert.deepEqual(steps, {
        during: [2, false],
        untouched: 3,
        after: [6, 6, true],
        again: [6, 7, false],
      });
    });

    test("a storage that takes texts and drops them is told, and what it only seems to remove is not said to be removed", async () => {
      await empty();
      await open();
      const found = await runAsync(`
        const names = ["setItem", "removeItem"];
        const plain = Object.fromEntries(names.map((name) => [name, Storage.prototype[name]]));
        const drop = (name) => { Storage.prototype[name] = () => {}; };
        const mend = () => Object.assign(Storage.prototype, plain);
        const look = () => [ids().length, leaning.status().answered, leaning.status().stored];
        drop("setItem");
        await answer();
        await answer();
        const dropped = look();
        mend();
        await answer();
        const kept = look();
        drop("setItem");
        drop("removeItem");
        const refused = await leaning.forget().then(() => "forgotten", ({ code }) => code);
        const left = look();
        mend();
        drop("removeItem");
        await leaning.forget();
        const emptied = localStorage.getItem("${KEY}");
        mend();
        return { dropped, kept, refused, left, emptied, after: leaning.status().answered };`);
      assert.deepEqual(found, {
        dropped: [0, 2, false],
        kept: [3, 3, true],
        refused: "not-deleted",
        left: [3, 3, true],
        emptied: "",
        after: 0,
      });
    });

    test("an event of the storage that the page sends itself deletes nothing", async () => {
      await empty();
      await open();
      const left = await runAsync(`
        await answer();
        await answer();
        for (const given of [undefined, { key: "${KEY}" }, { key: "${KEY}", newValue: "" }]) dispatchEvent(new StorageEvent("storage", given));
        dispatchEvent(new Event("storage"));
        return [ids().length, leaning.status().answered];`);
      assert.deepEqual(left, [2, 2]);
    });

    test("a clock that goes backwards or is none loses no answer", async () => {
      await empty();
      await open({ retention: 5 });
      const counts = await runAsync(`
        const now = Date.now;
        const counts = [];
        for (const time of [() => now() - 1e12, () => -5, () => NaN, () => Infinity, () => 1e300, () => "noon", now]) {
          Date.now = time;
          await answer();
          counts.push([ids().length, leaning.status().answered]);
        }
        return counts;`);
      // What was said in 1969 is older than five days by any other clock.
      for (const [stored, answered] of counts) assert.equal(stored, answered, JSON.stringify(counts));
      assert.deepEqual(counts[0], [1, 1]);
    });

    test("the person is told at once when answers are in the page alone", async () => {
      await empty();
      await driver.get(`${site.url}/quiz.html`);
      const root = async () => (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot();
      const notice = async () => (await (await root()).findElements({ css: ".notice" }))[0];
      const choose = async () => {
        await unhurried(driver);
        await (await (await root()).findElement({ css: "button.choose" })).click();
      };
      const asks = (question) =>
        until(
          driver,
          async () =>
            (await (await (await root()).findElement({ css: ".count" })).getText()).startsWith(
              `Question ${question} `,
            ),
          `question ${question}`,
        );
      await until(
        driver,
        async () => (await (await root()).findElements({ css: "button.choose" })).length > 0,
        "a question",
      );
      await choose();
      await asks(2);
      assert.equal(await (await notice()).isDisplayed(), false);
      await run(`
        window.plain = Storage.prototype.setItem;
        Storage.prototype.setItem = () => { throw new DOMException("", "QuotaExceededError"); };
      `);
      await choose();
      await asks(3);
      assert.equal(
        await (await notice()).getText(),
        "Your answers are only on this page and disappear when you close it.",
      );
      const announced = await run(
        "return document.querySelector('leaning-quiz').shadowRoot.querySelector('[role=status]').textContent",
      );
      assert.match(announced, /^Kept on this page only\. /);
      assert.equal(await run("return window.unsaved"), 1);
      await run("Storage.prototype.setItem = window.plain");
      await choose();
      await asks(4);
      assert.equal(await (await notice()).isDisplayed(), false, "there is room again");
      assert.equal(await run(`return ids().length`), 3, "and all answers are stored");
      assert.equal(await run("return window.unsaved"), 1);
    });

    test("a text that cannot be read is set aside, and the person is told", async () => {
      await empty();
      await open();
      await runAsync("await answer(); await answer();");
      await run(`localStorage.setItem("${KEY}", localStorage.getItem("${KEY}").slice(0, -20))`);
      await driver.get(`${site.url}/quiz.html`);
      const root = await until(
        driver,
        async () => (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot(),
        "the quiz",
      );
      const notice = await until(
        driver,
        async () => {
          const [found] = await root.findElements({ css: ".notice" });
          return (await found?.isDisplayed()) && found.getText();
        },
        "the notice",
      );
      assert.equal(notice, "Some of your saved answers could not be read. A copy of them is kept.");
      assert.equal(await run("return ids().length"), 1);
      assert.ok((await run(`return localStorage.getItem("${KEY}:damaged")`)).length > 100);
      await runAsync("await document.querySelector('leaning-quiz').forget()");
      assert.equal(await run("return localStorage.length"), 0);
    });

    test("where there is no room to set a text aside, the person is told of both", async () => {
      await empty();
      await run(`localStorage.setItem("${KEY}", "x".repeat(4_000_000))`);
      await driver.get(`${site.url}/quiz.html`);
      const notice = () =>
        run("return document.querySelector('leaning-quiz').shadowRoot.querySelector('.notice').textContent");
      await until(driver, notice, "the notice");
      assert.equal(
        await notice(),
        "Some of your saved answers could not be read. A copy of them is kept. " +
          "Your answers are only on this page and disappear when you close it.",
      );
      assert.equal(await run(`return localStorage.getItem("${KEY}").length`), 4_000_000);
    });

    test("a log of thousands of answers stays short, and opens with the same bits", async () => {
      await empty();
      await open();
      const lengths = [];
      const entries = [];
      // In parts that are done before a script has to be.
      for (let from = 0; from < 2000; from += 250) {
        const [length, count] = await runAsync(`
          const d = leaning.laplaceApproximation().mean.length;
          const numbers = (place) => Array.from({ length: d }, (_, j) => Math.sin(place * 7919 + j * 104729));
          for (let place = ${from}; place < ${from + 250}; place += 1) {
            const candidates = [1, 2].map((one) => ({ id: String(one), scores: numbers(2 * place + one) }));
            const [first, second] = candidates.map(({ scores }) => scores[0] - scores[1]);
            await leaning.observe(candidates, { chose: first > second ? 0 : 1 });
          }
          return [localStorage.getItem("${KEY}").length, ids().length];
        `);
        lengths.push(length);
        entries.push(count);
      }
      const [belief, status] = await runAsync("return [leaning.laplaceApproximation(), leaning.status()];");
      assert.equal(status.answered, 2000);
      assert.equal(status.entries, 2000);
      assert.ok(status.summedUp > 1200, `${status.summedUp} are summed up`);
      assert.ok(Math.max(...entries) <= 768, `${entries} entries are stored`);
      assert.ok(Math.max(...lengths) < 4 * lengths[0], `${lengths} characters are stored`);
      await open();
      const [again, listed] = await runAsync(
        "return [leaning.laplaceApproximation(), leaning.entries().length];",
      );
      assert.deepEqual(again, belief);
      assert.equal(listed, 2000 - status.summedUp);
      await runAsync("await leaning.forget();");
      assert.equal(await run(`return localStorage.getItem("${KEY}")`), null);
    });

    test("answers in memory live as long as the page, in an element or not", async () => {
      await driver.get(`${site.url}/quiz.html`);
      await runAsync(`
        document.querySelector("leaning-quiz").remove();
        const quiz = document.createElement("leaning-quiz");
        quiz.deck = "${DECK}";
        quiz.storage = "memory";
        const shown = () => {
          const ready = new Promise((resolve) => quiz.addEventListener("leaning-ready", resolve, { once: true }));
          document.body.append(quiz);
          return ready;
        };
        await shown();
        quiz.interview.next();
        await quiz.interview.answer({ chose: 0 });
        quiz.remove();
        await new Promise((resolve) => setTimeout(resolve, 50));
        await shown();
      `);
      assert.equal(await run("return document.querySelector('leaning-quiz').interview.status().answered"), 1);
    });
  });
}
