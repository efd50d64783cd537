// The lab: runs in workers, their picture, table and file, and the ways to get around in it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { By, Key } from "selenium-webdriver";
import { BROWSERS, serve, until } from "./harness.mjs";

const AXE = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const RECORDED = JSON.parse(readFileSync(new URL("../fixtures/simulate.json", import.meta.url), "utf8"));
/** A short run of the settings that the recorded figures have. */
const LIKE_RECORDED =
  "deck=weekend&people=prior&on=all&answers=10&count=60&strategies=information-gain+random";
const SHORT = "deck=weekend&answers=3&count=20";
const BROKEN = JSON.stringify({
  format: "leaning-deck/1",
  id: "mine",
  dimensions: [{ id: "a" }],
  prompts: [{ id: "p" }],
});
const OWN = JSON.stringify({
  ...{ format: "leaning-deck/1", id: "mine", title: "My own", dimensions: [{ id: "a" }, { id: "b" }] },
  prompts: [0, 1, 2, 3].map((p) => ({
    id: `p${p}`,
    candidates: [0, 1, 2].map((c) => ({ id: `c${c}`, scores: [c - 1, (c + p) % 3] })),
  })),
});

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`the lab in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      // A window cannot be made as narrow as a frame.
      const frame = (hash) =>
        `<iframe src="/lab.html#${hash}" style="width: 320px; height: 640px; border: 0">x</iframe>`;
      site = await serve({ "/frame.html": `<!doctype html><title>t</title>${frame(SHORT)}` }, name);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const run = (script, ...values) => driver.executeScript(script, ...values);
    const text = (id) => run("return document.getElementById(arguments[0]).textContent", id);
    const open = async (hash) => {
      // A page that differs behind the # alone would not load again.
      await driver.get(`${site.url}/icon.svg`);
      await driver.get(`${site.url}/lab.html#${hash}`);
      await until(driver, () => run("return document.getElementById('measure')?.length > 0"), "the form");
    };
    /** Opens the page without an address that would run, and fills in settings in the form of one. */
    const fillIn = async (settings) => {
      await open("");
      await run(
        `for (const [name, value] of new URLSearchParams(arguments[0])) {
          if (name === "strategies")
            for (const box of document.querySelectorAll("[name=strategy]")) box.checked = value.split(" ").includes(box.value);
          else document.getElementById("settings").elements.namedItem(name).value = value;
        }`,
        settings,
      );
    };
    const show = (measure) =>
      run(
        `const select = document.getElementById("measure");
        select.value = arguments[0];
        select.dispatchEvent(new Event("input", { bubbles: true }));`,
        measure,
      );
    const press = (id) => run("document.getElementById(arguments[0]).click()", id);
    const ended = () =>
      until(driver, async () => /^(Done|Stopped): /.test(await text("done")), "the end of the run");
    /** The figures of the table: a row of means by strategy for each number of answers, with half of their intervals. */
    const figures = async () => {
      const rows = await run(
        "return [...document.querySelectorAll('#table tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))",
      );
      return rows.map(([answers, ...cells]) => [
        Number(answers),
        ...cells.map((cell) => cell.split(" ± ").map(Number)),
      ]);
    };

    test("loads no engine before somebody runs something", async () => {
      const from = site.requests.length;
      await open("");
      assert.equal(await text("done"), "Nothing has run yet.");
      await driver.get(`${site.url}/lab.html?utm_source=letter`);
      await until(driver, () => run("return document.getElementById('measure')?.length > 0"), "the form");
      assert.equal(await text("done"), "Nothing has run yet.");
      assert.equal(await text("unused"), "", "nothing that is meant for the lab");
      assert.deepEqual(
        site.requests.slice(from).filter((request) => request.includes("/pkg/")),
        [],
      );
    });

    test("runs an address by itself, and keeps the chosen measure in it", async () => {
      await driver.get(`${site.url}/lab.html?${SHORT}&strategies=random&measure=pairs`);
      await until(driver, () => run("return document.getElementById('measure')?.length > 0"), "the form");
      await ended();
      assert.equal(await text("done"), "Done: 20 people interviewed.");
      assert.equal(await text("unused"), "");
      const rows = await figures();
      const address = await run("return location.href");
      assert.match(address, /\/lab\.html#deck=weekend&.*measure=pairs/, "what runs again is behind #");
      await show("harm");
      assert.match(await run("return location.hash"), /measure=harm/);
      assert.equal(await run("return document.querySelector('#again a').href === location.href"), true);
      await show("pairs");
      assert.deepEqual(await figures(), rows);
      await open(`${SHORT}&count=20&measure=open`);
      assert.equal(await run("return document.getElementById('profile').checked"), true, "it needs profiles");
      assert.equal(await run("return document.getElementById('measure').value"), "open");
    });

    test("says what to do before a profile was looked at, and what a regret above 1 is", async () => {
      const advice = "Tick “Look at profiles too” above, then press Run.";
      const shown = () =>
        run(
          "return [...document.querySelectorAll('#table tbody td'), document.querySelector('#chart')].map((one) => one.textContent)",
        );
      await open("");
      await show("open");
      assert.equal((await shown())[0], advice);
      assert.match((await shown())[1], /Tick “Look at profiles too” above,then press Run\./);
      await open(SHORT);
      await ended();
      await show("wrong");
      assert.equal((await shown())[0], advice);
      await show("regret");
      assert.equal((await figures()).length, 4);
      assert.match(await text("measure-about"), /above 1 the picks are worse than blind ones/);
    });

    test("shows figures that agree with `leaning simulate`", async () => {
      await open(LIKE_RECORDED);
      await press("run");
      await ended();
      assert.equal(await text("done"), "Done: 60 people interviewed, by 2 rules each.");
      const { after, curves } = RECORDED.find(({ deck, people }) => deck === "weekend" && people === "prior");
      const measures = await run(
        "return [...document.getElementById('measure').options].map(({ value }) => value)",
      );
      for (const measure of measures.filter((one) => one in curves[0])) {
        await show(measure);
        const rows = await figures();
        assert.deepEqual(
          rows.map(([answers]) => answers),
          after,
        );
        for (const [k, [answers, ...cells]] of rows.entries()) {
          for (const [place, [mean, half]] of cells.entries()) {
            const [expected, error] = curves[place][measure][k];
            // The recorded figures have an interval, too. 99.99% lie within four standard errors.
            const apart = Math.abs(mean - expected);
            const limit = 4 * Math.hypot(half / 1.96, error) + 0.001;
            assert.ok(
              apart <= limit,
              `${measure}, ${curves[place].strategy} after ${answers}: ${mean}, not ${expected}`,
            );
          }
        }
      }
    });

    test("repeats a run by its address, and offers the same figures as a file", async () => {
      await open(SHORT);
      await press("run");
      await ended();
      const first = await figures();
      const address = await run("return location.hash");
      assert.match(address, /deck=weekend&.*answers=3&count=20&seed=1&on=held-out/);
      assert.equal(await run("return document.querySelector('#again a').hash"), address);
      await open(address.slice(1));
      await press("run");
      await ended();
      assert.deepEqual(await figures(), first);
      const csv = await driver.executeAsyncScript(
        `const done = arguments[0];
        const { click } = HTMLAnchorElement.prototype;
        HTMLAnchorElement.prototype.click = function () {
          HTMLAnchorElement.prototype.click = click;
          done([this.download, URL.createObjectURL.text]);
        };
        const { createObjectURL } = URL;
        const BlobBefore = Blob;
        window.Blob = class extends BlobBefore {
          constructor(parts, options) { super(parts, options); URL.createObjectURL.text = parts.join(""); }
        };
        document.getElementById("save").click();
        window.Blob = BlobBefore;`,
      );
      assert.equal(csv[0], "leaning-lab.csv");
      const [, ...rows] = csv[1].trim().split("\r\n");
      const [answers, [mean]] = first.at(-1);
      const row = rows
        .map((one) => one.split(","))
        .find(
          (cells) => cells[4] === "information-gain" && cells[5] === "regret" && Number(cells[6]) === answers,
        );
      assert.equal(Number(Number(row[8]).toFixed(3)), mean);
      assert.equal(row[7], "20");
      await open(`${SHORT}&seed=2`);
      await press("run");
      await ended();
      assert.notDeepEqual(await figures(), first);
    });

    test("takes nothing of an address that makes no sense", async () => {
      await open("deck=../../etc&people=x&answers=-1&count=1e9&seed=a&on=&strategies=constructor+random");
      const settings = await run(
        "return Object.fromEntries([...new FormData(document.getElementById('settings'))].filter(([name]) => name !== ''))",
      );
      assert.deepEqual(settings, {
        ...{ deck: "assistant-style-en", people: "prior", strategy: "random", answers: "20" },
        ...{ count: "1000", seed: "1", on: "held-out" },
      });
      const unused = await text("unused");
      assert.match(
        unused,
        /^Not used of the address: deck=\.\.\/\.\.\/etc, which should be assistant-style-en, /,
      );
      assert.match(unused, /; answers=-1, which should be a whole number from 1 to 50; count=1e9, which /);
      assert.match(unused, /; strategies=constructor, which should be information-gain, /);
      await open(`${SHORT}&colour=${"r".repeat(100)}`);
      assert.match(await text("unused"), /: colour=r{33}…, which is no setting of the lab\.$/);
    });

    test("can be used by keys alone, stopped, and keeps what it has", async () => {
      await fillIn("deck=weekend&answers=20&count=20000");
      const active = () => driver.switchTo().activeElement();
      await run("document.getElementById('run').focus()");
      await (await active()).sendKeys(Key.ENTER);
      await until(driver, async () => /^\d/.test(await text("done")), "the first interviews");
      assert.equal(await text("said"), "Started.", "not every step is heard");
      await run("document.getElementById('cancel').focus()");
      assert.equal(await (await active()).getAttribute("id"), "cancel");
      await (await active()).sendKeys(Key.ENTER);
      await ended();
      assert.match(await text("done"), /^Stopped: [\d,]+ of 20,000 people interviewed, by 2 rules each\.$/);
      assert.match(
        await text("said"),
        /^Stopped\. Regret of the pick: Information gain 0\.\d\d after \d+ answers, /,
      );
      assert.equal(await (await active()).getAttribute("id"), "measure", "the focus goes on from the button");
      const before = await figures();
      assert.ok(before.length > 5);
      await driver.sleep(500);
      assert.deepEqual(await figures(), before, "nothing runs any more");
      assert.equal(await run("return document.getElementById('cancel').disabled"), true);
    });

    test("tells a part of the run at a time", async () => {
      await fillIn("deck=weekend&answers=3&count=80&strategies=random");
      await run(
        `window.heard = [];
        new MutationObserver(() => heard.push(document.getElementById("said").textContent))
          .observe(document.getElementById("said"), { childList: true });`,
      );
      await press("run");
      await ended();
      const heard = await run("return heard");
      assert.deepEqual(heard.slice(0, -1), [
        "Started.",
        "25 percent done.",
        "50 percent done.",
        "75 percent done.",
      ]);
      assert.match(heard.at(-1), /^Done\. Regret of the pick: Random pairs 0\.\d\d after 3 answers\.$/);
    });

    /** Gives a file to the page as somebody who drops it. */
    const drop = (file, content) =>
      run(
        `const transfer = new DataTransfer();
        transfer.items.add(new File([arguments[1]], arguments[0]));
        const event = new DragEvent("drop", { bubbles: true, cancelable: true });
        Object.defineProperty(event, "dataTransfer", { value: transfer });
        document.getElementById("drop").dispatchEvent(event);`,
        ...[file, content],
      );

    test("simulates a deck that is dropped in, and refuses what is none with the place", async () => {
      await open(SHORT);
      const said = (pattern) =>
        until(driver, async () => pattern.test(await text("deck-said")), `${pattern}`);
      const from = site.requests.length;
      await drop("broken.json", BROKEN);
      await said(/^broken\.json is not a deck that the lab can use\. .*prompts\[0\]/);
      await drop("text.json", "{");
      await said(/^text\.json is not a deck/);
      await drop("own.json", OWN);
      await said(/^own\.json has 4 prompts and 2 traits\.$/);
      assert.equal(
        await run("return document.getElementById('deck').selectedOptions[0].textContent"),
        "Your deck: My own",
      );
      await press("run");
      await ended();
      assert.match(await text("again"), /needs your deck file/);
      const posted = site.requests.slice(from).filter((request) => !request.startsWith("GET "));
      assert.deepEqual(posted, [], "nothing is sent");
      await open("deck=own&count=20");
      await said(/Drop its file here/);
    });

    test("shows of people without a taste what their profiles would say wrongly", async () => {
      await open(`${SHORT}&people=none&strategies=random`);
      await press("run");
      await ended();
      assert.equal(await run("return document.getElementById('measure').value"), "wrong");
      const rows = await figures();
      assert.deepEqual(rows[0], [0, [0, 0]], "nothing is said before the first answer");
      assert.ok(rows.every(([, [mean]]) => mean >= 0 && mean <= 1));
    });

    test("refuses to run without a rule, and says so where the box is", async () => {
      await fillIn(SHORT);
      await run("for (const box of document.querySelectorAll('[name=strategy]:checked')) box.click()");
      await press("run");
      assert.equal(
        await run("return document.querySelector('[name=strategy]').validationMessage"),
        "Choose at least one.",
      );
      assert.equal(await text("done"), "Nothing has run yet.");
    });

    test("says in plain words that the engine cannot be loaded", async () => {
      const without = await serve({ "/pkg/slim.js": (_, response) => response.writeHead(404).end() }, name);
      await driver.get(`${without.url}/lab.html#${SHORT}`);
      // Firefox may still show the page before, which looks the same.
      const isThere =
        "return location.origin === arguments[0] && document.getElementById('measure')?.length > 0";
      await until(driver, () => run(isThere, without.url), "the form");
      await press("run");
      await until(driver, async () => /could not be loaded/.test(await text("done")), "a plain sentence");
      assert.equal(await text("said"), await text("done"));
      await without.close();
    });

    test("fits a narrow phone, and nothing is moved while it runs", async () => {
      await driver.get(`${site.url}/frame.html`);
      await driver.switchTo().frame(0);
      await until(driver, () => run("return document.getElementById('measure')?.length > 0"), "the form");
      const measure = () =>
        run(
          `const { scrollWidth, clientWidth } = document.documentElement;
          document.getElementById("more").open = true;
          const top = (id) => document.getElementById(id).getBoundingClientRect().top + scrollY;
          return [scrollWidth - clientWidth, top("progress"), top("measure"), top("chart"), top("table-title")];`,
        );
      await measure();
      await press("run");
      await driver.sleep(100);
      const [, ...running] = await measure();
      await ended();
      const [excess, ...finished] = await measure();
      assert.equal(excess, 0);
      assert.deepEqual(
        finished.map((top) => Math.round(top)),
        running.map((top) => Math.round(top)),
      );
      await run("document.documentElement.dir = 'rtl'");
      assert.equal((await measure())[0], 0, "from right to left");
      await driver.switchTo().defaultContent();
    });

    test("has no faults that a machine can find, light and dark", async () => {
      await open(`${SHORT}&strategies=information-gain+random+d-optimal+a-optimal+margin+decision+thompson`);
      await press("run");
      await ended();
      assert.equal((await driver.findElements(By.css("#chart .curve"))).length, 7);
      for (const scheme of ["light", "dark"]) {
        await run("document.documentElement.style.colorScheme = arguments[0]", scheme);
        await run(AXE);
        const violations = await driver.executeAsyncScript(
          `const [rules, done] = arguments;
          axe.run(document, { runOnly: rules }).then(({ violations }) =>
            done(violations.map(({ id, nodes }) => id + " " + nodes.map(({ html }) => html.slice(0, 100)))));`,
          RULES,
        );
        assert.deepEqual(violations, [], scheme);
      }
    });
  });
}
