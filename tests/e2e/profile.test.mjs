// A person at their profile: they look at it, correct it, and delete answers.

import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Key } from "selenium-webdriver";
import { importSource } from "../../js/import-source.mjs";
import { BROWSERS, OPEN_ROOTS, serve, unhurried, until } from "./harness.mjs";

const { LANGUAGE_CODES } = await importSource("element/messages.ts");

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title>
<leaning-profile deck="decks/assistant-style-en.json" seed="3"></leaning-profile>
<script type="module">
window.leaning = import("./pkg/element.js");
await window.leaning;
window.told = [];
const profile = document.querySelector("leaning-profile");
for (const type of ["ready", "answer", "done", "error"])
  profile.addEventListener("leaning-" + type, ({ detail }) => told.push([type, detail]));
</script>`;

/** Its roots are open everywhere: the test looks at what is drawn, and the driver of WebKit takes no canvases. */
const PICTURED = PAGE.replace("assistant-style-en", "weekend").replace("<html", `${OPEN_ROOTS}<html`);

/** The width by which the table of a profile is too wide, and its cells that are not inside it, in pixels. */
const OUTSIDE = `
  const [scroll] = arguments;
  const { left, right } = scroll.getBoundingClientRect();
  const cells = [...scroll.querySelectorAll("tbody :is(th, td)")].filter((cell) => {
    const range = new Range();
    range.selectNodeContents(cell);
    const box = range.getBoundingClientRect();
    return box.width > 0 && (box.left < left - 1 || box.right > right + 1);
  });
  return { excess: scroll.scrollWidth - scroll.clientWidth, cells: cells.map(({ textContent }) => textContent) };`;

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`the profile in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve({ "/profile.html": PAGE, "/pictured.html": PICTURED }, name);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const profile = "document.querySelector('leaning-profile')";
    const run = (script, ...values) => driver.executeScript(script, ...values);
    const all = async (css) =>
      (await (await driver.findElement({ css: "leaning-profile" })).getShadowRoot()).findElements({ css });
    const text = async (css) => (await all(css))[0].getText();
    /** The text as it is laid out. WebKit's driver puts nothing between lines and cells. */
    const laidOut = (element) => driver.executeScript("return arguments[0].innerText", element);
    /** What screen readers hear. It may be seen elsewhere. */
    const heard = async () => run("return arguments[0].textContent", (await all("[role=status]"))[0]);
    const says = (words) => until(driver, async () => (await heard()) === words, words);
    const hasFocus = (control) =>
      run("return arguments[0].getRootNode().activeElement === arguments[0]", control);
    const told = () => run("return told");
    const means = () => run(`return ${profile}.interview.profile().dimensions.map(({ mean }) => mean)`);

    /** Opens the page and answers this many questions, each with the briefer of two candidates. */
    async function open(answers = 0) {
      await driver.get(`${site.url}/icon.svg`);
      await run("localStorage.clear()");
      await driver.get(`${site.url}/profile.html`);
      await until(driver, async () => (await all(".dimension")).length === 6, "the profile");
      await driver.executeAsyncScript(
        `const [count, done] = arguments;
        (async () => { for (let i = 0; i < count; i++) {
          const [one, other] = ${profile}.interview.next().candidates;
          await ${profile}.interview.answer({ chose: one.scores[0] > other.scores[0] ? 0 : 1 });
        } })().then(done, done);`,
        answers,
      );
      // A change by the page is drawn after the next paint.
      if (answers > 0)
        await until(
          driver,
          async () => (await text(".count")).startsWith(`Based on ${answers} answer`),
          "the answers",
        );
    }

    test("each dimension is shown in a picture, in words and in a table, which follow every answer", async () => {
      await open();
      assert.equal(
        await text(".count"),
        "We don't know your taste yet. Answer a few questions, or set the dots yourself.",
      );
      assert.equal(await text(".answers > p"), "No answers yet.");
      await open(6);
      assert.equal(await text(".count"), "Based on 6 answers.");
      const dimensions = await run(`return ${profile}.interview.profile().dimensions`);
      const rows = await all(".dimension");
      const table = await all("tbody tr");
      await (await all(".table > summary"))[0].click();
      const STRENGTH = { slight: "a bit more", fair: "more", strong: "much more" };
      for (const [place, dimension] of dimensions.entries()) {
        const { label, mean, rmsDifference, direction, low, high, end, standing, strength } = dimension;
        const words = {
          leans: `${STRENGTH[strength]} ${end} than ${direction === "low" ? high : low}`,
          indifferent: "no strong preference",
          open: "too early to say",
        }[standing];
        const [shown, cells] = [
          await laidOut(rows[place]),
          (await laidOut(table[place])).replaceAll("\t", " "),
        ];
        assert.ok(shown.includes(label) && shown.includes(words), shown);
        assert.doesNotMatch(shown, /\d/, "numbers are in the table alone");
        const number = new Intl.NumberFormat("en", {
          minimumFractionDigits: 2,
          maximumFractionDigits: 2,
          signDisplay: "exceptZero",
        }).format(mean * rmsDifference);
        assert.ok(cells.includes(label) && cells.includes(words) && cells.includes(` ${number} `), cells);
      }
      assert.equal((await all(".entry")).length, 5);
      await (await all("[data-action=all]"))[0].click();
      assert.equal((await all(".entry")).length, 6);
      assert.equal((await all("[data-action=all]")).length, 0);
      assert.deepEqual(
        (await told()).map(([type]) => type),
        ["ready", ...Array(6).fill("answer")],
      );
    });

    test("the numbers fit a narrow phone in every language, each with its head", async () => {
      await open(6);
      for (const language of LANGUAGE_CODES) {
        await run("document.documentElement.lang = arguments[0]", language);
        const isTranslated = async () => (await (await all(".stage"))[0].getAttribute("lang")) === language;
        await until(driver, isTranslated, language);
        await (await all(".table > summary"))[0].click();
        const [scroll] = await all(".table-scroll");
        for (const width of [336, 296]) {
          await run(`${profile}.style.width = arguments[0]`, `${width}px`);
          const found = await run(OUTSIDE, scroll);
          assert.deepEqual(found, { excess: 0, cells: [] }, `${language}, ${width} px wide`);
        }
        const shown = await run(
          `const [columns, cells] = ["thead th", "tbody tr:first-child > *"].map((css) => [...arguments[0].querySelectorAll(css)]);
          return cells.slice(2).map((cell, place) =>
            cell.dataset.head === columns[place + 2].textContent && getComputedStyle(cell, "::before").display === "block")`,
          scroll,
        );
        assert.deepEqual(shown, [true, true, true], language);
        await run(`${profile}.style.width = ""`);
      }
    });

    test("what was said after a change is gone once the answers change elsewhere", async () => {
      await open(1);
      await (await all("[data-action=restart]"))[0].click();
      await unhurried(driver);
      await (await all("[data-action=forget]"))[0].click();
      await says("Your answers are deleted.");
      // As a quiz beside it does, or another tab.
      await driver.executeAsyncScript(
        `${profile}.interview.setWeight("brevity", 1).then(arguments[0], arguments[0])`,
      );
      await says("");
      assert.equal((await all(".entry")).length, 1);
    });

    test("a dot moved by keyboard makes one statement, which is marked and can be undone", async () => {
      await open(4);
      const before = await means();
      const [slider] = await all("input[type=range]");
      await run("arguments[0].focus()", slider);
      const answered = (await told()).length;
      for (let press = 0; press < 3; press++) await driver.actions().sendKeys(Key.END).perform();
      assert.match(await slider.getAttribute("aria-valuetext"), /^99% towards brief$/);
      await until(
        driver,
        async () => (await all(".own-statement:not([hidden])")).length === 1,
        "the statement is marked",
      );
      assert.match(await heard(), /^Saved: Length, much more brief than thorough\.$/);
      const [beside] = await all(".dimension .beside-control");
      assert.equal(await beside.getText(), await heard(), "it is seen where the dot is");
      assert.ok(await hasFocus(slider), "the next key moves the dot further");
      const after = await means();
      assert.ok(after[0] > before[0] + 0.3, `${before[0]} to ${after[0]}`);
      const { answers } = JSON.parse(await run(`return ${profile}.interview.exportLog()`));
      assert.deepEqual(
        answers.slice(4).map(({ kind, dimension }) => [kind, dimension]),
        [["statement", "brevity"]],
      );
      assert.equal((await told()).length, answered, "a statement is no answer");
      assert.match(
        await laidOut((await all(".entry"))[0]),
        /^You set this yourself\s+Length\s+Moved towards: brief/,
      );
      await (await all("[data-action=undo-statement]"))[0].click();
      await says("Undone.");
      assert.deepEqual(await means(), before, "to the bit");
      assert.equal((await all(".own-statement:not([hidden])")).length, 0);
      assert.ok(await hasFocus(slider), "the focus is on the dot again");
    });

    test("a dot is dragged by pointer", async () => {
      await open(2);
      const [, slider] = await all("input[type=range]");
      const { width } = await slider.getRect();
      const value = Number(await slider.getAttribute("value")) || 0;
      const x = Math.round((value / 200) * (width - 24));
      const actions = driver.actions({ async: true });
      await actions
        .move({ origin: slider, x, y: 0 })
        .press()
        .move({ origin: slider, x: x + 40, y: 0 })
        .move({ origin: slider, x: x + 80, y: 0 })
        .release()
        .perform();
      await until(
        driver,
        async () => (await all(".own-statement:not([hidden])")).length === 1,
        "the statement is marked",
      );
      const { answers } = JSON.parse(await run(`return ${profile}.interview.exportLog()`));
      assert.equal(answers.at(-1).dimension, "casual");
    });

    // Only its driver scrolls like a finger.
    test("a finger that scrolls the page over a dot moves nothing", {
      skip: name !== "chromium",
    }, async () => {
      await open(8);
      const before = await means();
      const [slider] = await all("input[type=range]");
      await run(
        "document.body.style.paddingBottom = '200vh'; arguments[0].scrollIntoView({ block: 'center' })",
        slider,
      );
      const [left, top] = await run(
        "const { left, top, height } = arguments[0].getBoundingClientRect(); return [left + 20, top + height / 2]",
        slider,
      );
      const scrolled = await run("return scrollY");
      await driver.sendAndGetDevToolsCommand("Emulation.setTouchEmulationEnabled", { enabled: true });
      const touch = (type, touchPoints) =>
        driver.sendAndGetDevToolsCommand("Input.dispatchTouchEvent", { type, touchPoints });
      await touch("touchStart", [{ x: left, y: top }]);
      for (let moved = 15; moved <= 150; moved += 15) await touch("touchMove", [{ x: left, y: top - moved }]);
      await touch("touchEnd", []);
      await driver.sleep(800);
      await driver.sendAndGetDevToolsCommand("Emulation.setTouchEmulationEnabled", { enabled: false });
      assert.ok((await run("return scrollY")) > scrolled + 50, "the page has scrolled");
      assert.deepEqual(await means(), before);
      assert.equal((await all(".stated")).length, 0);
    });

    test("any answer can be deleted, and the focus goes to the next", async () => {
      await open(4);
      const before = JSON.parse(await run(`return ${profile}.interview.exportLog()`)).answers;
      await (await all("[data-action=delete]"))[1].click();
      await says("Deleted. Based on 3 answers.");
      const gone = JSON.parse(await run(`return ${profile}.interview.exportLog()`)).answers.at(-1);
      assert.deepEqual([gone.kind, gone.of], ["retract", before[2].id]);
      assert.equal((await all(".entry")).length, 3);
      const [notice] = await all(".entry:first-child + .beside-control");
      assert.equal(await notice.getText(), "Deleted. Based on 3 answers.", "it is seen where the answer was");
      const [, second] = await all("[data-action=delete]");
      assert.ok(await hasFocus(second));
    });

    // WebKit may break a line before a picture where no other engine does.
    const breaks = name === "webkit" && "WebKit breaks lines before pictures";
    test("the bar of a shift stands beside its end, however wide the profile is", {
      skip: breaks,
    }, async () => {
      await open(6);
      const shifts = await all(".shift");
      const apart = await run(
        `const apart = [];
        for (let width = 200; width < 400; width += 4) {
          ${profile}.style.width = width + "px";
          for (const move of [...arguments].flatMap((shift) => [...shift.querySelectorAll(".move")])) {
            const [end, bar] = move.children;
            const line = [...end.getClientRects()].at(-1);
            if (bar.getBoundingClientRect().top > line.bottom) apart.push(width + " px: " + end.textContent);
          }
        }
        ${profile}.style.width = "";
        return apart;`,
        ...shifts,
      );
      assert.deepEqual(apart, []);
    });

    test("while a dot is moved, an example shows what would be picked instead, and nothing is recorded", async () => {
      await open(6);
      const deck = await (await fetch(`${site.url}/decks/assistant-style-en.json`)).json();
      assert.equal((await all(".preview .pick")).length, 1, "the pick as it is");
      assert.equal(await text(".changed"), "Drag a dot to see it change.");
      const log = await run(`return ${profile}.interview.exportLog()`);
      const [slider] = await all("input[type=range]");
      // As a finger that has not let go.
      const changed = await run(
        `const [deck, slider] = arguments;
        slider.value = -80;
        slider.dispatchEvent(new Event("input"));
        const { mean } = ${profile}.interview.laplaceApproximation();
        const { axisLimit, dimensions: [{ rmsDifference }] } = ${profile}.interview.profile();
        const other = mean.with(0, (-0.8 * axisLimit) / rmsDifference);
        const best = (weights, { candidates }) => {
          const rewards = candidates.map(({ scores }) => scores.reduce((sum, score, j) => sum + score * weights[j], 0));
          return rewards.indexOf(Math.max(...rewards));
        };
        return deck.prompts.filter((prompt) => best(mean, prompt) !== best(other, prompt)).length;`,
        deck,
        slider,
      );
      assert.ok(changed > 0);
      assert.equal(await text(".changed"), `${changed} of 34 picks would change.`);
      assert.equal((await all(".preview .excerpt")).length, 2);
      assert.equal(await run(`return ${profile}.interview.exportLog()`), log);
      await run("arguments[0].focus()", slider);
      await driver.actions().sendKeys(Key.ESCAPE).perform();
      assert.equal((await all(".preview .pick")).length, 1, "the dot is let go");
      await driver.sleep(600);
      assert.equal(await run(`return ${profile}.interview.exportLog()`), log);
    });

    test("the result stands above in a sentence, as at the end of the quiz", async () => {
      await open();
      assert.equal((await all(".summary:not([hidden])")).length, 0);
      await open(8);
      const summary = await driver.executeAsyncScript(
        `${profile}.interview.summary({ language: "en" }).then(arguments[0]);`,
      );
      await until(driver, async () => (await text(".summary")) === summary, summary);
    });

    test("there is a text to take along as soon as something is clear, and not before", async () => {
      const seen = new Set();
      for (const answers of [1, 2, 8]) {
        await open(answers);
        const instructions = await driver.executeAsyncScript(
          `${profile}.interview.instructions({ language: "en" }).then(arguments[0]);`,
        );
        const isClear = instructions !== "";
        const offers = async () => (await all("[data-action=instructions], [data-action=share]")).length > 0;
        await until(
          driver,
          async () => (await offers()) === isClear,
          `after ${answers} answers: ${instructions}`,
        );
        seen.add(isClear);
      }
      assert.equal(seen.size, 2);
    });

    test("pictures of what was chosen stand in the list in small, and no picture is fetched for an answer", async () => {
      await driver.get(`${site.url}/icon.svg`);
      await run("localStorage.clear()");
      await driver.get(`${site.url}/pictured.html`);
      await until(driver, async () => (await all(".dimension")).length > 0, "the profile");
      assert.equal(await text("h2"), "Your kind of weekend", "in the deck's words");
      const before = site.requests.length;
      const names = await driver.executeAsyncScript(
        `const done = arguments[0];
        (async () => { const names = []; for (let i = 0; i < 3; i++) {
          const { candidates } = ${profile}.interview.next();
          names.unshift(candidates[1].image.alt);
          await ${profile}.interview.answer({ chose: 1 });
        } return names; })().then(done, (error) => done(String(error)));`,
      );
      await until(driver, async () => (await all(".entry")).length === 3, "the answers");
      const pictures = await run(
        `return [...${profile}.shadowRoot.querySelectorAll(".entry .thumbnail")].map((canvas) => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return {
            name: canvas.getAttribute("aria-label"),
            height: canvas.getBoundingClientRect().height,
            colours: new Set(new Uint32Array(data.buffer)).size,
          };
        });`,
      );
      assert.deepEqual(
        pictures.map((picture) => picture.name),
        names,
      );
      for (const { height, colours } of pictures) {
        assert.equal(height, 44);
        assert.ok(colours > 3, "something is drawn");
      }
      assert.deepEqual(site.requests.slice(before), []);
    });

    test("an answer about drafts is told by the message that they were about, which no log holds", async () => {
      await open();
      const message =
        "Should I tell my landlord about the dripping tap, or mend it myself on Saturday morning?";
      await driver.executeAsyncScript(
        `const [message, done] = arguments;
        (async () => {
          const compare = document.createElement("leaning-compare");
          compare.deck = "decks/assistant-style-en.json";
          const ready = new Promise((resolve) => compare.addEventListener("leaning-ready", resolve, { once: true }));
          document.body.append(compare);
          await ready;
          const { prompts: [{ candidates }] } = await (await fetch("decks/chat.json")).json();
          window.drafts = candidates;
          document.body.append(Object.assign(document.createElement("textarea"), { id: "message" }));
          document.querySelector("#message").focus();
          window.asked = compare.ask(candidates, { message });
          await new Promise((resolve) => setTimeout(resolve, 700));
        })().then(done, done);`,
        message,
      );
      const drafts = await (await driver.findElement({ css: "leaning-compare" })).getShadowRoot();
      const choose = await drafts.findElement({ css: ".choose" });
      await run("arguments[0].focus(); arguments[0].click();", choose);
      await until(driver, async () => (await all(".entry")).length === 1, "the answer");
      const written = () => run("return document.activeElement.id === 'message'");
      await until(driver, written, "the focus goes back to where the person writes");
      // The 80th letter is the space before "morning".
      assert.equal(await text(".entry q"), `${message.slice(0, message.indexOf(" morning"))}…`);
      const chosen = await driver.executeAsyncScript(
        "asked.then((index) => arguments[0](drafts[index].text))",
      );
      // Drivers differ in the breaks of lines that are cut off.
      const words = (of) => of.split(/\s+/).join(" ");
      const [excerpt] = await all(".entry .excerpt");
      const kept = words(await laidOut(excerpt)).trim();
      assert.match(kept, /^.{60,80}…$/);
      assert.ok(words(chosen).startsWith(`${kept.slice(0, -1)} `), "it ends after a word");
      const log = await run(`return ${profile}.interview.exportLog()`);
      assert.ok(!log.includes("landlord"), log);
    });

    test("the axes of a row lie at one height, whatever wraps above and below them", async () => {
      await open();
      await driver.manage().window().setRect({ width: 1280, height: 900 });
      // The driver of WebKit takes no list of elements.
      const top = (axis) => run("return Math.round(arguments[0].getBoundingClientRect().top)", axis);
      const heights = async () => Promise.all((await all(".dimension .axis")).map(top));
      const assertRows = async () => {
        const tops = await heights();
        const rows = [0, 2, 4].map((place) => tops.slice(place, place + 2));
        for (const [left, right] of rows) assert.equal(left, right, JSON.stringify(tops));
        assert.ok(tops[0] < tops[2] && tops[2] < tops[4], JSON.stringify(tops));
      };
      const [label] = await all(".dimension .label");
      await run("arguments[0].textContent = 'Words that wrap '.repeat(12)", label);
      const high = (await all(".dimension .high"))[3];
      await run("arguments[0].textContent = 'an end that wraps '.repeat(8)", high);
      await assertRows();
      await run(`return ${profile}.interview.setWeight("structure", 1)`);
      await until(driver, async () => (await all(".stated")).length > 0, "the statement");
      await assertRows();
    });

    test("answers on one place of an order stand apart, as a list", async () => {
      await open();
      await driver.executeAsyncScript(
        `const [done] = arguments;
        (async () => {
          const { Leaning } = await window.leaning;
          const given = await (await fetch("decks/assistant-style-en.json")).json();
          const deck = { ...given, answers: { kind: "order" } };
          const interview = await Leaning.open({ deck, storage: "memory", seed: 3, candidatesPerQuestion: 4 });
          interview.next();
          await interview.answer({ order: [3, [0, 2], 1] });
          await ${profile}.interview.importLog(interview.exportLog());
        })().then(done, done);`,
      );
      await until(driver, async () => (await all(".entry")).length === 1, "the answer");
      assert.equal((await all(".entry .excerpt")).length, 4);
      assert.equal((await all(".entry .together > li")).length, 2);
    });

    test("without any answer there is nothing to save or delete", async () => {
      const actions = async () => {
        const words = [];
        for (const action of await all(".secondary-buttons > *"))
          if (await action.isDisplayed()) words.push(await laidOut(action));
        return words;
      };
      await open();
      assert.deepEqual(await actions(), ["Load"]);
      await open(1);
      assert.deepEqual(await actions(), ["Save", "Copy", "Load", "Delete my answers"]);
      // It is still in the log.
      await (await all("[data-action=delete]"))[0].click();
      await until(driver, async () => (await all(".entry")).length === 0, "the deletion");
      assert.deepEqual(await actions(), ["Save", "Copy", "Load", "Delete my answers"]);
      await (await all("[data-action=restart]"))[0].click();
      await unhurried(driver);
      await (await all("[data-action=forget]"))[0].click();
      await says("Your answers are deleted.");
      assert.deepEqual(await actions(), ["Load"]);
    });

    test("answers are saved, deleted and loaded again; a file that holds none changes nothing", async () => {
      await open(3);
      const log = await run(`return ${profile}.interview.exportLog()`);
      await (await all("[data-action=restart]"))[0].click();
      assert.equal(await text(".confirm-question"), "Delete all your answers?");
      await (await all("[data-action=stay]"))[0].click();
      assert.equal(await text(".count"), "Based on 3 answers.");
      await (await all("[data-action=restart]"))[0].click();
      // What has just appeared wants to be read first.
      await unhurried(driver);
      await (await all("[data-action=forget]"))[0].click();
      await says("Your answers are deleted.");
      assert.equal((await all(".entry")).length, 0);
      const folder = mkdtempSync(join(tmpdir(), "leaning-"));
      // The override would turn the rest of the sentence around.
      const wrong = join(folder, "bro\u202eken.json");
      writeFileSync(wrong, "{}");
      writeFileSync(join(folder, "answers.json"), log);
      await (await all("input[type=file]"))[0].sendKeys(wrong);
      await until(
        driver,
        async () =>
          /^\u2068broken\.json\u2069 has no answers for this quiz\. Nothing was changed\.$/.test(
            await text("[role=status]"),
          ),
        "what is wrong",
      );
      await (await all("input[type=file]"))[0].sendKeys(join(folder, "answers.json"));
      await says("Loaded. There are 3 answers now.");
      assert.equal((await all(".entry")).length, 3);
    });
  });
}
