// The deck studio: files of every format become the deck that the command line makes, bad ones the same sentence, and
// nothing leaves the tab.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { Key } from "selenium-webdriver";
import { BROWSERS, serve, until } from "./harness.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PROGRAM = process.env.LEANING_CLI ?? join(ROOT, "target", "debug", "leaning");
const AXE = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** The budget for what the page loads before a deck or a reader, in bytes (brotli). */
const BUDGET = 150_000;
/** A page that goes on does more tasks than this while its worker has a second's work; a frozen one does two or three. */
const MOVING = 10;

const ROWS = [
  { id: "cabin", prompt: "packed", text: "A cabin by a lake", lively: 1, nature: 5 },
  { id: "market", prompt: "packed", text: "A night market, stall by stall", lively: 5, nature: 1 },
  { id: "huts", prompt: "rain", text: "Three summits", lively: 2, nature: 4.5 },
  { id: "opera", prompt: "rain", text: "The opera", lively: 4, nature: 2 },
];
const csv = (rows, separator = ",") =>
  [Object.keys(rows[0]), ...rows.map(Object.values)]
    .map((row) => row.map((value) => `"${value}"`).join(separator))
    .join("\n");
const lines = (rows) => rows.map((row) => JSON.stringify(row)).join("\n");
const deckOf = (scores) => ({
  format: "leaning-deck/1",
  id: "small",
  dimensions: [{ id: "x", low: "cheap", high: "dear" }],
  prompts: [
    { id: "p", candidates: scores.map((score, k) => ({ id: `c${k}`, text: `Text ${k}`, scores: [score] })) },
  ],
});
const FILES = {
  "places.csv": csv(ROWS),
  "places.tsv": csv(ROWS, "\t"),
  "places.json": JSON.stringify(ROWS, null, 2),
  "places.jsonl": lines(ROWS),
  "prompts.csv": csv([
    { id: "packed", text: "Your bag is packed." },
    { id: "rain", text: "It rains." },
  ]),
  // As spreadsheets save it where a comma is the decimal point.
  "semicolons.csv": csv(ROWS, ";").replaceAll(".5", ",5"),
  "bare.csv": csv(ROWS.map(({ id, prompt }) => ({ id, prompt }))),
  "deck.json": JSON.stringify(deckOf([-1, 1])),
  // Each broken in one place.
  "number.csv": csv(ROWS).replace('"4.5"', '"much"'),
  "ragged.csv": `${csv(ROWS)}\n"one","more"`,
  "twice.jsonl": lines([...ROWS, ROWS[0]]),
  "broken.jsonl": `${lines(ROWS)}\n{"id":`,
  "columns.csv": csv(ROWS.map(({ prompt: _, ...row }) => row)),
  "short.json": JSON.stringify(deckOf([-1, 1])).replace("[1]", "[1,2]"),
  "cut.json": JSON.stringify(deckOf([-1, 1])).slice(0, 60),
  "words.json": JSON.stringify({ ...deckOf([-1, 1]), words: { en: { aks: "?" } } }),
  "book.csv": "PK\u0003\u0004xl/workbook",
  "cut.parquet": "PAR1PAR1",
  // Something else.
  "cities.csv": "name,city\nAda,London\n",
  "settings.json": JSON.stringify({ name: "Ada", cities: ["London"] }, null, 2),
  "numbers.json": "[1, 2, 3]",
};
const SEEDS = ["parquet/responses.parquet", "safetensors/deck.safetensors"];

/** Two features of four responses, as a safetensors file. */
function features() {
  const metadata = { ids: JSON.stringify(ROWS.map(({ id }) => id)), names: '["price","size"]' };
  const tensor = { dtype: "F32", shape: [4, 2], data_offsets: [0, 32] };
  const header = Buffer.from(JSON.stringify({ features: tensor, __metadata__: metadata }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.from(new Float32Array([1, 2, 4, 0.5, 3, 3, 1, 7]).buffer)]);
}

/** Result, messages and status of the command line on the files. */
function leaning(folder, ...args) {
  const { stdout, stderr } = spawnSync(PROGRAM, args, { cwd: folder, encoding: "utf8" });
  return { stdout, message: stderr.trim().replace(/^leaning: /, "") };
}

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`the deck studio in ${name}`, () => {
    let site;
    let driver;
    let folder;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "leaning-studio-"));
      for (const [file, text] of Object.entries(FILES)) writeFileSync(join(folder, file), text);
      writeFileSync(join(folder, "features.safetensors"), features());
      for (const seed of SEEDS)
        copyFileSync(join(ROOT, "fuzz", "seeds", seed), join(folder, seed.split("/")[1]));
      const frame = `<iframe src="/studio.html" style="width: 320px; height: 640px; border: 0" title="t"></iframe>`;
      site = await serve(
        {
          "/frame.html": `<!doctype html><html lang="en"><title>t</title>${frame}`,
          "/axe.js": AXE,
        },
        name,
      );
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
      rmSync(folder, { recursive: true, force: true });
    });
    beforeEach(async () => {
      await open();
      if (await isHidden("deck")) return;
      await press("clear");
      await until(driver, () => isHidden("deck"), "no deck");
      await open();
    });

    async function open() {
      await driver.get(`${site.url}/studio.html`);
      // The worker has answered once its first call is done.
      await until(
        driver,
        () =>
          driver.executeScript("return document.querySelector('main').getAttribute('aria-busy') === 'false'"),
        "the page",
      );
      await driver.executeScript(`
        const create = URL.createObjectURL;
        URL.createObjectURL = (blob) => { if (blob.type === "application/json") window.saved = blob; return create.call(URL, blob); };`);
    }

    const text = (id) => driver.executeScript("return document.getElementById(arguments[0]).textContent", id);
    const press = (id) => driver.executeScript("document.getElementById(arguments[0]).click()", id);
    const isHidden = (id) => driver.executeScript("return document.getElementById(arguments[0]).hidden", id);
    const find = (css) => driver.findElement({ css });

    /** Hands files to the page as a drop does, since WebKit's driver cannot set several in a field. */
    async function drop(...files) {
      const given = files.map((file) => [file, readFileSync(join(folder, file)).toString("base64")]);
      await driver.executeScript(
        `const data = new DataTransfer();
        for (const [name, base64] of arguments[0])
          data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt())], name));
        document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));`,
        given,
      );
      await until(
        driver,
        async () => (await text("flaw")) || /is read|…$/.exec(await text("said"))?.[0] === "is read",
        "the file to be read",
      );
    }

    /** Makes the deck of the table that is shown. */
    async function build() {
      await press("build");
      await until(
        driver,
        async () => (await text("flaw")) || (await text("said")).startsWith("The deck is made."),
        "a deck",
      );
    }

    const verdict = (expected) =>
      until(driver, async () => expected.test(await text("verdict")), `the verdict ${expected}`);

    /** The deck as it is downloaded. */
    async function download() {
      await driver.executeScript("window.saved = undefined");
      await press("download");
      await until(driver, () => driver.executeScript("return window.saved !== undefined"), "the download");
      return JSON.parse(
        await driver.executeAsyncScript("const [done] = arguments; window.saved.text().then(done)"),
      );
    }

    /** Checks a deck with the command line. */
    function check(deck) {
      writeFileSync(join(folder, "made.json"), JSON.stringify(deck));
      return JSON.parse(
        execFileSync(PROGRAM, ["check", "made.json", "--json"], { cwd: folder, stdio: "pipe" }),
      );
    }

    // First, since WebKit shows each download in a bar of its own, which leaves less and less of the page in view.
    test("a deck is written by keyboard, tried at once, and accepted by the command line", async () => {
      await find("#write").sendKeys(Key.ENTER);
      await until(driver, async () => !(await isHidden("deck")), "the deck");
      await until(
        driver,
        () => driver.executeScript("return document.activeElement.id === 'title'"),
        "the focus",
      );
      await verdict(/prompts: |there is nothing|differ/);
      const active = () => driver.switchTo().activeElement();
      await active().sendKeys("Rooms");
      const fields = await driver.findElements({ css: "#dimensions input" });
      await fields[1].sendKeys("Price");
      await fields[2].sendKeys("cheap");
      await fields[3].sendKeys("dear");
      const areas = await driver.findElements({ css: "#prompts textarea" });
      await areas[0].sendKeys("Which room?");
      await areas[1].sendKeys("Spa");
      await areas[2].sendKeys("Lobby");
      const [score] = await driver.findElements({ css: "#prompts input[type=number]" });
      await score.sendKeys(Key.END, Key.BACK_SPACE, "2");
      await verdict(/valid/);
      await find("#try").sendKeys(Key.ENTER);
      const asks = "return document.querySelector('leaning-quiz')?.interview?.next()?.prompt.text";
      await until(driver, async () => (await driver.executeScript(asks)) === "Which room?", "the quiz");
      // Once it is laid out.
      const fits = `const trying = document.querySelector(".trying");
        return trying.scrollHeight === trying.clientHeight`;
      await until(driver, () => driver.executeScript(fits), "a question that needs no scrolling");
      // Afterwards, since Firefox shows a download in a window of its own, which takes the keyboard.
      const deck = await download();
      assert.equal(check(deck).pairs, 1);
      assert.deepEqual(deck.dimensions, [{ id: "first", label: "Price", low: "cheap", high: "dear" }]);
    });

    for (const file of [
      "places.csv",
      "places.tsv",
      "semicolons.csv",
      "places.json",
      "places.jsonl",
      "responses.parquet",
    ]) {
      test(`${file} becomes the deck that the command line makes, bit for bit`, async () => {
        await drop(file);
        assert.equal(await text("flaw"), "");
        await build();
        await verdict(/^✓ The deck is valid\.$/);
        const { stdout } = leaning(folder, "build", "--responses", file, "--scores", "all", "--json");
        const deck = await download();
        assert.deepEqual(deck, JSON.parse(stdout));
        assert.equal(check(deck).valid, true);
      });
    }

    test("features in another file are read as the command line reads them", async () => {
      await drop("bare.csv", "features.safetensors");
      await build();
      const tables = ["--responses", "bare.csv", "--features", "features.safetensors"];
      const { stdout } = leaning(folder, "build", ...tables, "--scores", "all", "--json");
      assert.deepEqual(await download(), JSON.parse(stdout));
    });

    test("style and the texts of prompts in another file are read as the command line reads them", async () => {
      await drop("places.csv", "prompts.csv");
      await press("by-style");
      await build();
      const styled = leaning(
        folder,
        ...["build", "--responses", "places.csv", "--prompts", "prompts.csv", "--style", "--json"],
      );
      assert.deepEqual(await download(), JSON.parse(styled.stdout));
    });

    test("a deck as JSON and one as safetensors are shown as they are", async () => {
      await drop("deck.json");
      await verdict(/valid/);
      assert.deepEqual(await download(), JSON.parse(FILES["deck.json"]));
      await drop("deck.safetensors");
      await until(driver, async () => /^s$/.test(await find("#id").getAttribute("value")), "the other deck");
      assert.equal(check(await download()).id, "s");
      // The deck before is not lost.
      await press("undo");
      await until(
        driver,
        async () => (await find("#id").getAttribute("value")) === "small",
        "the deck before",
      );
    });

    test("a bad file gets the sentence of the command line, and what was there stays", async () => {
      await drop("deck.json");
      await verdict(/valid/);
      const build = ["build", "--scores", "all", "--responses"];
      const bad = [
        ...["number.csv", "ragged.csv", "twice.jsonl", "broken.jsonl", "book.csv"].map((file) => [
          file,
          build,
        ]),
        ...["short.json", "cut.json", "words.json"].map((file) => [file, ["check"]]),
      ];
      for (const [file, command] of bad) {
        await drop(file);
        const { message } = leaning(folder, ...command, file);
        assert.equal(await text("flaw"), message, file);
        assert.match(message, new RegExp(`^${file}: `));
      }
      await drop("cut.parquet");
      assert.match(await text("flaw"), /^cut\.parquet: expected valid Parquet data, found it broken/);
      assert.deepEqual(await download(), JSON.parse(FILES["deck.json"]));
    });

    test("a file about something else is named, and what is expected is said in plain words", async () => {
      for (const file of ["columns.csv", "cities.csv", "settings.json", "numbers.json"]) {
        await drop(file);
        const { message } = leaning(folder, "build", "--scores", "all", "--responses", file);
        const flaw = await text("flaw");
        assert.ok(flaw.startsWith(`${message}. The studio reads a deck, or a table with a row for`), flaw);
        assert.ok(message.startsWith(`${file}: `));
      }
    });

    /** Types into the fields of a dimension. */
    const type = (dimension, ...words) =>
      driver.executeScript(
        `const [dimension, words] = arguments;
        const fields = document.querySelectorAll("#dimensions .card")[dimension].querySelectorAll("input");
        for (const [k, text] of words.entries()) {
          fields[k + 1].value = text;
          fields[k + 1].dispatchEvent(new Event("input"));
        }`,
        dimension,
        words,
      );

    test("what was typed is kept when texts of prompts come later, and when the deck is made again", async () => {
      await drop("places.csv");
      await build();
      await verdict(/valid/);
      await type(0, "Liveliness", "quiet", "loud");
      await driver.executeScript(`
        const write = (selector, place, value) => {
          const field = document.querySelectorAll(selector)[place];
          field.value = value;
          field.dispatchEvent(new Event("input"));
        };
        write("#title", 0, "Weekends");
        write("#prompts .candidates textarea", 1, "Stalls");
        write("#prompts .scores input", 0, "7");`);
      await drop("prompts.csv");
      assert.match(await text("said"), /its texts are in your deck\. What you typed before is kept\.$/);
      const kept = await download();
      assert.equal(kept.title, "Weekends");
      assert.deepEqual(kept.dimensions, [
        { id: "lively", label: "Liveliness", low: "quiet", high: "loud" },
        { id: "nature" },
      ]);
      assert.deepEqual(
        kept.prompts.map((prompt) => prompt.text),
        ["Your bag is packed.", "It rains."],
      );
      const [{ candidates }] = kept.prompts;
      assert.deepEqual(
        candidates.map((one) => one.text),
        ["A cabin by a lake", "Stalls"],
      );
      assert.equal(candidates[0].scores[0], 7);
      // Its warnings are about the deck as it is now.
      const warnings = "return [...document.querySelectorAll('#warnings li')].map((one) => one.textContent)";
      const unnamed = (await driver.executeScript(warnings)).filter((one) => one.includes("no names"));
      assert.equal(unnamed.length, 1, unnamed.join("\n"));
      assert.match(unnamed[0], /^nature has/);

      // After a reload with a mended table, whose texts and numbers count.
      await open();
      writeFileSync(join(folder, "mended.csv"), csv(ROWS).replace("A cabin", "A hut"));
      await drop("mended.csv", "prompts.csv");
      await build();
      assert.match(await text("said"), /What you typed before is kept\.$/);
      const mended = await download();
      assert.deepEqual(mended.dimensions, kept.dimensions);
      assert.equal(mended.title, "Weekends");
      assert.equal(mended.prompts[0].candidates[0].text, "A hut by a lake");
    });

    test("nothing that was typed comes into the deck of another table", async () => {
      await drop("places.csv");
      await build();
      await type(0, "Liveliness", "quiet", "loud");
      const rows = ROWS.map((row) => ({ ...row, id: `x-${row.id}`, prompt: `x-${row.prompt}` }));
      writeFileSync(join(folder, "other.csv"), csv(rows));
      await drop("other.csv");
      await build();
      assert.deepEqual((await download()).dimensions, [{ id: "lively" }, { id: "nature" }]);
    });

    test("a dimension that differs mostly between prompts gets a note", async () => {
      const scores = [
        [0, 3],
        [2, 5],
      ];
      const prompts = scores.map((of, p) => ({ ...deckOf(of).prompts[0], id: `p${p}` }));
      writeFileSync(join(folder, "between.json"), JSON.stringify({ ...deckOf([0, 1]), prompts }));
      await drop("between.json");
      await verdict(/valid/);
      assert.match(await text("within-note"), /^x is below 80%: /);
      assert.match(await find("#within .number").getText(), /^69%$/);
      await drop("deck.json");
      await until(driver, async () => (await text("within-note")) === "", "no note");
    });

    test("what is drawn are the numbers of leaning check", async () => {
      await drop("places.csv");
      await build();
      await verdict(/valid/);
      const report = check(await download());
      const numbers = await driver.executeScript(
        "return [...document.querySelectorAll('#gauges .number, #within .number')].map((one) => one.textContent)",
      );
      assert.deepEqual(numbers, [
        `${report.bits.best.toFixed(2)} bits`,
        `${report.bits.bestTen.toFixed(2)} bits`,
        `spread ${report.spread.typical.toFixed(2)}`,
        `spread ${report.spread.largest.toFixed(2)}`,
        ...report.withinPrompts.map((share) => `${Math.round(100 * share)}%`),
      ]);
      const warnings = () =>
        driver.executeScript(
          "return [...document.querySelectorAll('#warnings li')].map((one) => one.textContent)",
        );
      // Here the page has what the command line has options for.
      const here = report.warnings.map((warning) =>
        warning
          .replace(" (--labels)", ". Name them under Dimensions.")
          .replace(" (--prompts)", ". Write them under Prompts."),
      );
      assert.deepEqual(await warnings(), here);
      assert.ok(here.some((warning) => warning.startsWith("lively and nature have no names")));
      // What is mended is no longer complained about.
      const fields = await driver.findElements({ css: "#dimensions input" });
      await fields[2].sendKeys("quiet");
      await fields[3].sendKeys("loud");
      await until(
        driver,
        async () => (await warnings()).some((warning) => warning.startsWith("nature has no names")),
        "the mended name",
      );
      assert.equal((await warnings()).length, here.length);
      const best = await driver.executeScript("return document.querySelectorAll('#best > li').length");
      assert.equal(best, report.prompts);
    });

    test("scores by style are those of leaning build, and follow the texts", async () => {
      await drop("deck.json");
      await verdict(/valid/);
      const write = (place, words) =>
        driver.executeScript(
          `const area = document.querySelectorAll("#prompts .candidates textarea")[arguments[0]];
          area.value = arguments[1];
          area.dispatchEvent(new Event("input"));`,
          place,
          words,
        );
      // Both texts are alike in style.
      await press("styled");
      await until(driver, async () => /no dimension varies/.test(await text("flaw")), "the flaw");
      assert.deepEqual(await download(), JSON.parse(FILES["deck.json"]));
      const texts = ["Thanks! Maybe you could ask them, I guess?", "Write to them at once."];
      for (const [place, words] of texts.entries()) await write(place, words);
      await press("styled");
      await until(driver, async () => !(await isHidden("typed")), "scores by style");
      const rows = texts.map((words, place) => ({ id: `c${place}`, prompt: "p", text: words }));
      writeFileSync(join(folder, "texts.jsonl"), lines(rows));
      const made = JSON.parse(
        leaning(folder, "build", "--responses", "texts.jsonl", "--style", "--json").stdout,
      );
      const deck = await download();
      assert.deepEqual(deck.dimensions, made.dimensions);
      assert.deepEqual(deck.prompts, made.prompts);
      const scores = () =>
        driver.executeScript(
          "return [...document.querySelectorAll('.candidates li:first-child input')].map((one) => one.value)",
        );
      const shown = await scores();
      await write(0, "Write.");
      await until(driver, async () => (await scores()).join() !== shown.join(), "other scores");
      const { prompts } = await download();
      const rounded = prompts[0].candidates[0].scores.map((score) => `${Number(score.toPrecision(6))}`);
      assert.deepEqual(await scores(), rounded);
    });

    test("a large deck is shown in parts, and a new prompt at the end gets the focus", async () => {
      const prompts = Array.from({ length: 23 }, (_, k) => ({
        ...deckOf([k, k + 1]).prompts[0],
        id: `p${k}`,
      }));
      writeFileSync(join(folder, "parts.json"), JSON.stringify({ ...deckOf([0, 1]), prompts }));
      await drop("parts.json");
      assert.equal(await text("prompts-title"), "Prompts 1 to 10 of 23");
      await press("later");
      await until(
        driver,
        async () => (await text("prompts-title")) === "Prompts 11 to 20 of 23",
        "the next part",
      );
      await press("add-prompt");
      await until(
        driver,
        async () => (await text("prompts-title")) === "Prompts 21 to 24 of 24",
        "the last part",
      );
      const focused =
        "return document.querySelector('#prompts > li:last-child').contains(document.activeElement)";
      await until(driver, () => driver.executeScript(focused), "the focus");
      assert.equal((await download()).prompts.length, 24);
    });

    test("a half-made deck survives a reload, a deletion is undone, and it can be deleted", async () => {
      await drop("deck.json");
      await verdict(/valid/);
      await driver.executeScript("document.querySelector('#prompts details').open = true");
      const buttons = (label) =>
        driver.findElement({ xpath: `//div[@id='deck']//button[normalize-space()='${label}']` });
      await buttons("Delete candidate c1").click();
      await verdict(/there is nothing|small\.json: /);
      await open();
      await verdict(/there is nothing|small\.json: /);
      const { prompts } = await download();
      assert.deepEqual(
        prompts[0].candidates.map(({ id }) => id),
        ["c0"],
      );

      await drop("deck.json");
      await verdict(/valid/);
      await driver.executeScript("document.querySelector('#prompts details').open = true");
      await buttons("Delete candidate c1").click();
      await verdict(/small\.json: /);
      assert.equal(await text("undo"), "Bring back candidate c1");
      await press("undo");
      await verdict(/valid/);
      assert.deepEqual(await download(), JSON.parse(FILES["deck.json"]));

      await press("clear");
      await until(driver, async () => await isHidden("deck"), "no deck");
      await find("#said button").sendKeys(Key.ENTER);
      await verdict(/valid/);
      await press("clear");
      await until(driver, async () => await isHidden("deck"), "no deck");
      await open();
      assert.equal(await isHidden("deck"), true);
    });

    test("a flaw leads to its place", async () => {
      await drop("deck.json");
      await verdict(/valid/);
      await driver.executeScript(`const input = document.querySelectorAll("#prompts input[type=number]")[1];
        input.value = "";
        input.dispatchEvent(new Event("input"));`);
      await verdict(
        /^small\.json: prompts\[0\]\.candidates\[1\]\.scores\[0\]: .*\(prompt "p", candidate "c1"\)$/,
      );
      await press("go");
      const isThere = `const all = [...document.querySelectorAll("#prompts input[type=number]")];
        return all.indexOf(document.activeElement) === 1`;
      await until(driver, () => driver.executeScript(isThere), "the focus");
    });

    test("the page goes on while 100,000 rows are read, made into a deck and checked", async () => {
      await driver.executeScript(`
        const rows = ["id,prompt,text,x,y"];
        for (let i = 0; i < 100000; i++) rows.push([i, Math.floor(i / 4), "Text " + i, (i * 7919) % 101, (i * 104729) % 97].join());
        const data = new DataTransfer();
        data.items.add(new File([rows.join("\\n")], "large.csv"));
        // The tasks that the page has done by each sentence that it says.
        let tasks = 0;
        const count = () => { tasks++; setTimeout(count); };
        window.saying = [];
        const said = document.getElementById("said");
        new MutationObserver(() => window.saying.push([said.textContent, tasks])).observe(said, { childList: true });
        document.dispatchEvent(new DragEvent("drop", { dataTransfer: data }));
        count();`);
      const has = async (words) => words.test((await text("said")) + (await text("flaw")));
      await driver.wait(() => has(/large\.csv is read/), 120_000, "the table", 200);
      await press("build");
      await driver.wait(() => has(/The deck is made/), 120_000, "the deck", 200);
      const saying = await driver.executeScript("return window.saying");
      const tasksBy = (words) => saying.find(([said]) => said.startsWith(words))[1];
      assert.ok(tasksBy("large.csv is read") - tasksBy("Reading") > MOVING, JSON.stringify(saying));
      assert.ok(tasksBy("The deck is made") - tasksBy("Making") > MOVING, JSON.stringify(saying));
      // Prompts are shown in parts.
      assert.match(await text("prompts-title"), /^Prompts 1 to 10 of 25,?000$/);
      assert.match(await text("verdict"), /valid/);
    });

    test("nothing is uploaded: the site is asked for its own files alone", async () => {
      const before = site.requests.length;
      await open();
      await drop("places.csv", "prompts.csv");
      await build();
      await verdict(/valid/);
      await press("try");
      await until(
        driver,
        () => driver.executeScript("return document.querySelector('leaning-quiz')?.interview"),
        "the quiz",
      );
      await download();
      const asked = site.requests.slice(before);
      const own = /^GET \/(studio\.html|favicon\.ico|[\w./-]+\.(js|css|svg|wasm))$/;
      assert.deepEqual(
        asked.filter((request) => !own.test(request)),
        [],
      );
      const loaded = await driver.executeScript(
        "return performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin)",
      );
      assert.deepEqual([...new Set(loaded)], [site.url]);
    });

    test("a deck with pictures is tried without asking the server for them", async () => {
      const deck = deckOf([-1, 1]);
      for (const [k, candidate] of deck.prompts[0].candidates.entries()) {
        candidate.image = { src: `img/secret-${k}.svg`, alt: `Picture ${k}`, width: 3, height: 2 };
        delete candidate.text;
      }
      writeFileSync(join(folder, "pictures.json"), JSON.stringify(deck));
      await drop("pictures.json");
      await verdict(/valid/);
      await press("try");
      const shown =
        "return document.querySelector('leaning-quiz')?.interview?.next()?.candidates.map(({ text }) => text).sort()";
      await until(
        driver,
        async () => (await driver.executeScript(shown))?.join() === "Picture 0,Picture 1",
        "the quiz",
      );
      assert.deepEqual(
        site.requests.filter((request) => request.includes("secret")),
        [],
      );
      assert.deepEqual(await download(), deck);
    });

    test("the page is small before a deck is checked", async () => {
      const before = site.requests.length;
      await open();
      const files = [...new Set(site.requests.slice(before))].map((request) => request.split(" ")[1]);
      const sizes = files
        .filter((path) => path !== "/favicon.ico")
        .map(
          (path) =>
            brotliCompressSync(readFileSync(join(ROOT, path.startsWith("/pkg/") ? "." : "www", path))).length,
        );
      const sum = sizes.reduce((a, b) => a + b, 0);
      assert.ok(sum > 0 && sum <= BUDGET, `${sum} bytes`);
    });

    test("nothing is wider than a narrow phone in either direction or with text twice as large, and axe-core finds nothing", async () => {
      await drop("places.csv", "prompts.csv");
      await build();
      await verdict(/valid/);
      await driver.get(`${site.url}/frame.html`);
      const inFrame = "const { contentDocument: page } = document.querySelector('iframe');";
      await until(
        driver,
        () => driver.executeScript(`${inFrame} return page.getElementById("pictures")?.hidden === false`),
        "the deck in the frame",
      );
      for (const [direction, width, size] of [
        ["ltr", "320px", "100%"],
        ["rtl", "320px", "100%"],
        ["ltr", "640px", "200%"],
      ]) {
        const excess = await driver.executeScript(
          `${inFrame}
          page.documentElement.dir = arguments[0];
          document.querySelector("iframe").style.width = arguments[1];
          page.documentElement.style.fontSize = arguments[2];
          for (const details of page.querySelectorAll("details")) details.open = true;
          const { scrollWidth, clientWidth } = page.documentElement;
          return scrollWidth - clientWidth;`,
          direction,
          width,
          size,
        );
        assert.equal(excess, 0, `${direction} ${size}`);
      }
      await open();
      await verdict(/valid/);
      const violations = await driver.executeAsyncScript(
        `const [tags, done] = arguments;
        for (const details of document.querySelectorAll("details")) details.open = true;
        const script = Object.assign(document.createElement("script"), { src: "/axe.js" });
        script.addEventListener("load", () =>
          axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }).then(
            ({ violations }) => done(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + " " + target))),
            (error) => done([String(error)]),
          ));
        document.head.append(script);`,
        RULES,
      );
      assert.deepEqual(violations, []);
    });
  });
}
