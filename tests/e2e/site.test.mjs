// The first screen of the site, as a visitor sees it before they scroll.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  BROWSERS,
  FAMILIES,
  published,
  requireFamily,
  serve,
  siteInFamily,
  unhurried,
  until,
} from "./harness.mjs";

/** The size of a small laptop's page. */
const [WIDTH, HEIGHT] = [1280, 720];
const QUESTIONS = 4;

/** The pages of the site. */
const PAGES = ["/", "/chat.html", "/weekend.html", "/notifications.html"];

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`the pages of the site in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      // A window cannot be made as narrow as a frame.
      const frames = PAGES.map(
        (page) => `<iframe src="${page}" style="width: 320px; height: 640px; border: 0">x</iframe>`,
      );
      site = await serve({ "/frames.html": `<!doctype html><title>t</title>${frames.join("")}` }, name);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    test("no page is wider than a narrow phone", async () => {
      await driver.get(`${site.url}/frames.html`);
      const ready = `return [...document.querySelectorAll("iframe")].every(({ contentDocument }) =>
        contentDocument.querySelector("leaning-quiz, leaning-compare")?.interview);`;
      await until(driver, () => driver.executeScript(ready), "the pages");
      await driver.sleep(500);
      const excess = await driver.executeScript(
        `return [...document.querySelectorAll("iframe")].map(({ contentDocument }) => {
          contentDocument.getElementById("example")?.click();
          for (const details of contentDocument.querySelectorAll("details")) details.open = true;
          const { scrollWidth, clientWidth } = contentDocument.documentElement;
          return scrollWidth - clientWidth;
        });`,
      );
      assert.deepEqual(
        excess,
        PAGES.map(() => 0),
      );
    });
  });

  describe(`the words of the site in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve({}, name);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const run = (script, ...values) => driver.executeScript(script, ...values);
    const quiz = "document.querySelector('leaning-quiz').interview";

    /** Opens a page, and does something with its interview. */
    async function open(path, work = "") {
      await driver.get(site.url + path);
      await until(driver, () => run(`return Boolean(${quiz})`), "the interview");
      await run(`const interview = ${quiz}; return (async () => { ${work} })()`);
    }
    const empty = async () => {
      await driver.get(`${site.url}/icon.svg`);
      await run("localStorage.clear()");
    };
    const ANSWER = "interview.next(); await interview.answer({ chose: 0 });";
    const invitation = (css) =>
      run(
        `const node = document.querySelector(arguments[0]);
        return [...node.children].some((child) => child.hidden) ? node.innerText.trim() : node.textContent`,
        css,
      );

    test("the headlines say how often one will be asked, after earlier answers, a chat and a deletion", async () => {
      const pages = [
        ["/", ".hero > p:last-child", /^Pick the answer you like, (.*)\. See /, "times", "eight times"],
        ["/weekend.html", "header > p:last-child", /two places, (.*)\. Your best/, "times", "eight times"],
        ["/notifications.html", "header > p:last-child", /are set by (.*)\. You/, "choices", "six choices"],
      ];
      for (const [path, css, pattern, noun, before] of pages) {
        const says = async () => pattern.exec(await invitation(css))?.[1];
        await empty();
        await open(path);
        assert.equal(await says(), before);
        await open(path, ANSWER);
        assert.equal(await says(), before, "it stands still while one answers");
        // A chat about the same deck.
        await open(
          path,
          `const question = interview.next();
          await interview.observe(question.candidates, { chose: 1 });`,
        );
        await open(path);
        const total = before.startsWith("six") ? 6 : 8;
        assert.equal(await run(`return ${quiz}.status().remaining`), total - 2);
        const left = { 4: "four", 6: "six" }[total - 2];
        assert.equal(await says(), `${left} more ${noun}`);
        await open(path, `while (interview.next()) { ${ANSWER} }`);
        const ended =
          noun === "times" ? /^(See your taste|Your best places come out)/ : /set by your choices\./;
        await until(driver, async () => ended.test(await invitation(css)), "no invitation beside the result");
        await open(path);
        assert.match(await invitation(css), ended);
        await run("return document.querySelector('leaning-quiz').forget()");
        await until(driver, async () => (await says()) === before, "all of them again");
      }
    });

    test("a deletion is said, and can be taken back, until something new is there, in whichever tab", async () => {
      await empty();
      await open("/", ANSWER + ANSWER);
      const first = await driver.getWindowHandle();
      const said = () => driver.findElement({ id: "said" }).getText();
      const press = (id) => run("document.getElementById(arguments[0]).click()", id);
      // Far below the quiz, as on a phone.
      await run("document.querySelector('main').style.paddingBlockEnd = '100vh'");
      await run("document.getElementById('delete').scrollIntoView()");
      await press("delete");
      await until(driver, async () => /^Your answers are deleted\./.test(await said()), "the deletion");
      await until(driver, () => run("return document.activeElement.matches('#said button')"), "the way back");
      await unhurried(driver);
      const isInView = `const { top, bottom } = document.activeElement.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;`;
      assert.equal(await run(isInView), true, "the way back is in view");
      assert.equal(await driver.findElement({ id: "save" }).isDisplayed(), false);
      await driver.switchTo().newWindow("tab");
      // A dot that is set is no answer.
      await open("/", 'await interview.setWeight("warmth", 1);');
      await driver.close();
      await driver.switchTo().window(first);
      await until(driver, async () => (await said()) === "", "no word about a deletion");
      assert.equal((await driver.findElements({ css: "#said button" })).length, 0);
      assert.ok(await driver.findElement({ id: "save" }).isDisplayed(), "there is something to save");
      await press("delete");
      await until(driver, async () => /^Your answers are deleted\./.test(await said()), "the deletion");
      await run("document.querySelector('#said button').click()");
      await until(driver, async () => (await said()) === "Your answers are back.", "they are back");
      const entries = await run(`return ${quiz}.entries().map(({ kind }) => kind)`);
      assert.deepEqual(entries, ["statement"]);
    });

    test("lists are lists, in the questions and in the ranking", async () => {
      await empty();
      await open("/", `for (let i = 0; i < 8; i++) { ${ANSWER} }`);
      await until(driver, () => driver.findElement({ id: "ranking" }).isDisplayed(), "the ranking");
      const texts = await run(
        "return [...document.querySelectorAll('#ranking .text')].map((node) => [node.textContent, node.querySelectorAll('li').length])",
      );
      assert.equal(texts.length, 4);
      assert.ok(
        texts.some(([, items]) => items > 0),
        `${texts}`,
      );
      for (const [text] of texts) assert.doesNotMatch(text, /^- /m);
      assert.equal(await run("return typeof document.querySelector('leaning-quiz').renderer"), "function");
    });
  });

  for (const family of FAMILIES) {
    describe(`the site in ${name}, in ${family}`, () => {
      let site;
      let driver;
      before(async () => {
        site = await serve({ ...published, ...siteInFamily(family) }, name);
        driver = await start({ width: WIDTH, height: HEIGHT });
      });
      after(async () => {
        await driver?.quit();
        await site?.close();
      });

      test("the buttons of the first questions are above the fold, and all of one height", async () => {
        await driver.get(`${site.url}/`);
        await requireFamily(driver, family);
        const find = async () => (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot();
        const root = await until(driver, find, "the quiz");
        for (let question = 1; question <= QUESTIONS; question++) {
          const starts = async () =>
            (await (await root.findElement({ css: ".count" })).getText()).startsWith(`Question ${question} `);
          await until(driver, starts, `question ${question}`);
          await driver.sleep(100);
          const rects = await Promise.all(
            (await root.findElements({ css: ".foot button" })).map((button) => button.getRect()),
          );
          assert.equal(rects.length, 4);
          assert.equal(await driver.executeScript("return scrollY"), 0);
          for (const { y, height } of rects) {
            assert.ok(y + height <= HEIGHT, `question ${question}: ${y + height}`);
            assert.equal(Math.round(height), Math.round(rects[0].height), `question ${question}`);
          }
          await driver.executeScript(
            "return document.querySelector('leaning-quiz').interview.answer({ chose: 0 })",
          );
        }
      });
    });
  }
}
