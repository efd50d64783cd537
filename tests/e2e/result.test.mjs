// The result of the quiz, what a person may take along, and the settings of what is shown on the way to it.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, OPEN_ROOTS, serve, unhurried, until } from "./harness.mjs";

/** A deck with two candidates in each prompt, of which the first lies at the high ends. */
function deck({ dimensions = 2, ...more } = {}) {
  const ends = (place) => ({
    id: `d${place}`,
    label: `Trait ${place}`,
    low: `low${place}`,
    high: `high${place}`,
  });
  const prompts = Array.from({ length: 12 }, (_, place) => ({
    id: `p${place}`,
    text: `Question ${place}`,
    candidates: [1, -1].map((sign) => ({
      id: sign > 0 ? "high" : "low",
      text: `${sign > 0 ? "High" : "Low"} ${place}`,
      // Each prompt is mostly about one dimension.
      scores: Array.from({ length: dimensions }, (_, of) => sign * (of === place % dimensions ? 1 : 0.1)),
    })),
  }));
  return JSON.stringify({
    format: "leaning-deck/1",
    id: "result",
    title: "Up or down?",
    dimensions: Array.from({ length: dimensions }, (_, place) => ends(place)),
    prompts,
    ...more,
  });
}

const archetypes = [
  { id: "up", name: "The Mountaineer", text: "Always up.", weights: { d0: 1, d1: 1 } },
  { id: "down", name: "The Diver", weights: { d0: -1, d1: -1 } },
];

/** One prompt tells a little more than the other, in twenty times the words. */
const wordy = JSON.stringify({
  format: "leaning-deck/1",
  id: "wordy",
  dimensions: [{ id: "a", label: "A", low: "low", high: "high" }],
  prompts: [
    { id: "long", text: "Long", score: 1, words: 100 },
    { id: "short", text: "Short", score: 0.9, words: 5 },
  ].map(({ id, text, score, words }) => ({
    id,
    text,
    candidates: [1, -1].map((sign, place) => ({
      id: `c${place}`,
      text: "word ".repeat(words),
      scores: [sign * score],
    })),
  })),
});

/** Three candidates in each of two prompts, so that a prompt comes again. */
const few = JSON.stringify({
  format: "leaning-deck/1",
  id: "few",
  dimensions: [{ id: "a", label: "A", low: "low", high: "high" }],
  prompts: [1, 0.8].map((scale, place) => ({
    id: `p${place}`,
    text: `Question ${place}`,
    candidates: [1, 0, -1].map((score, index) => ({
      id: `c${index}`,
      text: `Option ${index}`,
      scores: [score * scale],
    })),
  })),
});

const page = (attributes) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title>
<meta name="viewport" content="width=device-width">${OPEN_ROOTS}
<script>
  window.given = {};
  const stub = (name, value) => Object.defineProperty(navigator, name, { value, configurable: true });
  stub("clipboard", { writeText: async (text) => { given.copied = text; } });
  stub("share", async (shared) => { given.shared = shared; });
  stub("canShare", ({ files }) => files.length === 1);
  given.written = [];
  // Those of the card: it is drawn on no other canvas.
  const { fillText } = OffscreenCanvasRenderingContext2D.prototype;
  OffscreenCanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    given.written.push(text);
    fillText.call(this, text, ...rest);
  };
</script>
<leaning-quiz storage="memory" seed="1" max-questions="10" ${attributes}></leaning-quiz>
<script type="module" src="/pkg/element.js"></script>`;

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`the result of the quiz in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve(
        {
          "/two.json": deck({ archetypes }),
          "/seven.json": deck({ dimensions: 7 }),
          "/wordy.json": wordy,
          "/few.json": few,
          "/result.html": page('deck="two.json"'),
          "/fit.html": page('deck="two.json" show-fit'),
          "/guess.html": page('deck="two.json" reveal="guess"'),
          "/profile.html": page('deck="two.json"').replaceAll("leaning-quiz", "leaning-profile"),
          "/live.html": page('deck="seven.json" picture="live"'),
          "/none.html": page('deck="two.json" picture="none"'),
          "/question.html": page('deck="wordy.json"'),
          "/word.html": page('deck="wordy.json" per="word"'),
          "/again.html": page('deck="few.json"'),
          "/tall.html": page('deck="tall.json" style="inline-size: 340px; --leaning-fold-height: 6rem"'),
          "/tall.json": deck().replaceAll(/"text":"(High|Low) \d+"/g, `"text":"${"many words ".repeat(60)}"`),
        },
        name,
      );
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const run = (script, ...values) =>
      driver.executeScript(
        `const quiz = document.querySelector("leaning-quiz"); const root = quiz.shadowRoot; ${script}`,
        ...values,
      );
    const root = async () => (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot();
    const all = async (css) => (await root()).findElements({ css });
    const text = async (css) => (await all(css))[0]?.getText();
    const shown = async (css) => {
      const displayed = await Promise.all((await all(css)).map((element) => element.isDisplayed()));
      return displayed.filter(Boolean).length;
    };
    async function open(path) {
      await driver.get(site.url + path);
      await until(driver, async () => (await all(".candidate")).length > 0, "the question");
    }
    async function click(css) {
      await until(driver, async () => (await all(css)).length > 0, css);
      await unhurried(driver);
      await (await all(css))[0].click();
    }
    /** Gives answers as the page's own code may, always for the high ends. */
    const answer = (count) =>
      run(
        `const [count] = arguments;
        return (async () => {
          for (let i = 0; i < count; i++) {
            const { candidates } = quiz.interview.next();
            await quiz.interview.answer({ chose: candidates.findIndex(({ name }) => name.endsWith("/high")) });
          }
        })()`,
        count,
      );
    const result = async () => {
      await answer(10);
      await until(driver, async () => Boolean(await text(".summary")), "the result");
    };

    test("the result names the archetype that the person is closest to", async () => {
      await open("/result.html");
      await result();
      assert.equal(await text(".archetype-name"), "The Mountaineer");
      assert.match(await text(".archetype"), /^You are closest to\s*The Mountaineer\s*Always up\.$/);
      assert.match(await text(".summary"), /high0/);
      assert.equal(await shown(".numbers"), 0, "the numbers are folded");
    });

    test("the text for an assistant is shown first, may be changed, and is copied as it stands", async () => {
      await open("/result.html");
      await result();
      await click("[data-action=instructions]");
      await until(driver, async () => (await all("textarea")).length === 1, "the text");
      assert.equal(
        await run("return root.querySelector('textarea').value"),
        await run("return quiz.interview.instructions({ language: 'en' })"),
      );
      assert.equal(await run("return root.activeElement.tagName"), "TEXTAREA");
      assert.match(await text(".take-along .note"), /leaves this device/);
      assert.equal(await run("return given.copied"), null, "nothing is copied yet");
      await run("root.querySelector('textarea').value = 'Be brief.'");
      await click("[data-action=copy-instructions]");
      await until(driver, () => run("return given.copied === 'Be brief.'"), "the copy");
      const said = () => run("return root.querySelector('[role=status]').textContent");
      await until(driver, async () => (await said()) === "Copied.", "the word about it");
      assert.equal(await shown("[data-action=share]"), 1, "the card may still be shared");
    });

    test("a result from one place alone says that it may be off", async () => {
      await open("/result.html");
      for (let i = 0; i < 10; i++) {
        await driver.executeScript(
          "return document.querySelector('leaning-quiz').interview.answer({ chose: 0 })",
        );
        await driver.executeScript("document.querySelector('leaning-quiz').interview.next()");
      }
      await until(driver, async () => (await all(".person-fit")).length === 1, "the doubt");
      assert.match(await text(".person-fit"), /in the same place/);
    });

    test("a card is shared with the summary and the traits, and without answers or a link", async () => {
      await open("/result.html");
      await result();
      const before = site.requests.length;
      await click("[data-action=share]");
      await until(driver, () => run("return Boolean(given.shared)"), "the sheet");
      const summary = await text(".summary");
      assert.deepEqual(await run("return Object.keys(given.shared).sort()"), ["files", "text"]);
      assert.equal(await run("return given.shared.text"), summary);
      const card = await driver.executeAsyncScript(`const done = arguments[0];
        const [file] = given.shared.files;
        createImageBitmap(file).then(({ width, height }) => done({ type: file.type, width, height }));`);
      assert.equal(card.type, "image/png");
      assert.ok(card.width === 1080 && card.height > 400, `${card.width} × ${card.height}`);
      // Without the characters that isolate the direction of a text.
      const written = await run("return given.written.map((text) => text.replace(/[\u2068\u2069]/g, ''))");
      assert.equal(written[0], "Up or down?", "the deck's title");
      for (const words of ["The Mountaineer", "Trait 0", "high1"])
        assert.ok(written.includes(words), `${words} in ${written}`);
      assert.doesNotMatch(written.join(), /Question|High|Low|http/);
      assert.equal(site.requests.length, before, "no request tells that it is shared");
    });

    test("where there is no sheet to share by, the card is saved", async () => {
      await open("/result.html");
      await result();
      await run(`Object.defineProperty(navigator, "share", { value: undefined });
        HTMLAnchorElement.prototype.click = function () { given.saved = [this.download, new URL(this.href).protocol]; };`);
      await click("[data-action=share]");
      await until(driver, () => run("return Boolean(given.saved)"), "the card");
      assert.deepEqual(await run("return given.saved"), ["leaning.png", "blob:"]);
      const said = () => run("return root.querySelector('[role=status]').textContent");
      await until(driver, async () => (await said()) === "Saved to your downloads.", "the word about it");
    });

    test("the profile offers the text for an assistant, and keeps what the person makes of it", async () => {
      await driver.get(`${site.url}/profile.html`);
      const look = (script) =>
        driver.executeScript(
          `const element = document.querySelector("leaning-profile"); const root = element.shadowRoot; ${script}`,
        );
      const offers = (action) =>
        look(`return root?.querySelector("[data-action=${action}]")?.checkVisibility() ?? false`);
      await until(driver, () => look("return Boolean(element.interview)"), "the profile");
      assert.equal(await offers("instructions"), false, "nothing is known yet");
      await look("return element.interview.setWeight('d0', 2)");
      await until(driver, () => offers("instructions"), "the button");
      await look("root.querySelector('[data-action=instructions]').click()");
      await until(driver, () => look("return root.activeElement?.tagName === 'TEXTAREA'"), "the text");
      await look("root.querySelector('textarea').value += ' Please.'");
      await look("return element.interview.setWeight('d1', 2)");
      await until(
        driver,
        () => look("return root.querySelector('.summary').textContent.includes('high1')"),
        "it",
      );
      await look("root.querySelector('[data-action=copy-instructions]').click()");
      await until(driver, () => look("return /high0.*Please[.]$/s.test(given.copied)"), "the copy");
    });

    test("a guess is sealed before the sixth answer and told after it, and changes nothing else", async () => {
      const visits = [];
      for (const path of ["/guess.html", "/result.html"]) {
        await open(path);
        await run(`given.details = [];
          quiz.addEventListener("leaning-answer", ({ detail }) => given.details.push(detail));
          quiz.addEventListener("leaning-done", ({ detail }) => given.details.push(detail));`);
        const asked = [];
        const told = [];
        for (let question = 1; question <= 10; question++) {
          await until(
            driver,
            () => run("return quiz.interview.status().answered === given.details.length"),
            "it",
          );
          asked.push(await run("return quiz.interview.next().candidates.map(({ name }) => name)"));
          // A guess waits until the browser is idle.
          if (question > 5) await driver.sleep(1200);
          await unhurried(driver);
          const wanted = question === 7 ? "low" : "high";
          await run(`const { candidates } = quiz.interview.next();
            root.querySelectorAll(".choose")[candidates.findIndex(({ name }) => name.endsWith("${wanted}"))].click();`);
          await until(
            driver,
            () => run(`return quiz.interview.status().answered === ${question}`),
            "the answer",
          );
          if (question < 10) told.push(await run("return root.querySelector('.guess')?.textContent ?? ''"));
        }
        const log = JSON.parse(await run("return quiz.interview.exportLog()"));
        visits.push({
          told,
          asked,
          answers: log.answers.map(({ id, ...answer }) => answer),
          details: await run("return given.details"),
        });
      }
      const [guessing, plain] = visits;
      assert.deepEqual(guessing.told.slice(0, 5), ["", "", "", "", ""]);
      for (const [index, words] of guessing.told.slice(5).entries())
        assert.match(
          words,
          index === 1 ? /^We guessed a different one \(\d+% sure\)/ : /^We guessed that \(\d+% sure\)/,
        );
      assert.deepEqual({ ...guessing, told: plain.told }, plain);
    });

    test("the estimated match is shown to whom the page wants it shown", async () => {
      await open("/result.html");
      await answer(3);
      await until(driver, async () => (await text(".count")).startsWith("Question 4"), "the question");
      assert.equal((await all("[part=fit]")).length, 0);
      await open("/fit.html");
      await answer(3);
      await until(driver, async () => /^Estimated match: \d+%$/.test(await text("[part=fit]")), "the match");
    });

    test("a live picture shows the five clearest of seven dimensions, and all on demand", async () => {
      await open("/live.html");
      await until(driver, async () => (await shown(".dimension")) === 5, "five dimensions");
      await click("[data-action=see-all]");
      await until(driver, async () => (await shown(".dimension")) === 7, "seven dimensions");
      assert.equal(await shown("[data-action=see-all]"), 0);
    });

    test("a quiz without a picture ends in words alone", async () => {
      await open("/none.html");
      await result();
      assert.equal((await all(".dimension")).length, 0);
      assert.equal((await all(".so-far")).length, 0);
    });

    test("questions are chosen for what they tell per word where the page wants that", async () => {
      for (const [path, prompt] of [
        ["/question.html", "Long"],
        ["/word.html", "Short"],
      ]) {
        await open(path);
        assert.equal(await text(".prompt"), prompt);
      }
    });

    test("a prompt that comes again says so, and an undone question does not", async () => {
      await open("/again.html");
      assert.equal(await shown(".again"), 0);
      await click(".choose");
      await until(driver, async () => (await text(".count")).startsWith("Question 2"), "the second question");
      await click("[data-action=undo]");
      await until(driver, async () => (await text(".count")).startsWith("Question 1"), "the first again");
      assert.equal(await shown(".again"), 0);
      const prompts = new Set();
      for (let question = 1; question <= 3; question++) {
        await until(driver, async () => (await text(".count")).startsWith(`Question ${question}`), "it");
        const prompt = await text(".prompt");
        assert.equal(await shown(".again"), prompts.has(prompt) ? 1 : 0, prompt);
        prompts.add(prompt);
        await click(".choose");
      }
    });

    test("a result that was asked for early is still there in another language", async () => {
      await open("/result.html");
      await answer(2);
      await click("[data-action=finish]");
      await until(driver, async () => (await text("h2")) === "Your result", "the result");
      await run("quiz.lang = 'de'");
      await until(driver, async () => (await all(".stage:lang(de)")).length === 1, "German");
      assert.equal((await all(".candidate")).length, 0);
      assert.equal((await all(".done")).length, 1);
    });

    test("the chosen card is ticked, over the next question, and not without motion", {
      skip: name !== "chromium",
    }, async () => {
      for (const [motion, ticks] of [
        ["no-preference", 1],
        ["reduce", 0],
      ]) {
        const features = [{ name: "prefers-reduced-motion", value: motion }];
        await driver.sendAndGetDevToolsCommand("Emulation.setEmulatedMedia", { features });
        await open("/result.html");
        await run(`window.ticks = 0; new MutationObserver((changes) => {
          for (const { addedNodes } of changes) for (const node of addedNodes) ticks += node.className === "tick";
        }).observe(root, { childList: true, subtree: true });`);
        await click(".choose");
        await until(driver, async () => (await text(".count")).startsWith("Question 2"), "the next question");
        assert.equal(await run("return ticks"), ticks, motion);
        await until(driver, async () => (await all(".tick")).length === 0, "its end");
      }
    });

    test("the tick covers one card, although the chosen one was unfolded and taller", {
      skip: name !== "chromium",
    }, async () => {
      const features = [{ name: "prefers-reduced-motion", value: "no-preference" }];
      await driver.sendAndGetDevToolsCommand("Emulation.setEmulatedMedia", { features });
      await open("/tall.html");
      await click("[data-action=fold]");
      const height = () => run('return root.querySelector(".candidate").getBoundingClientRect().height');
      const before = await height();
      await run(`const box = (element) => {
          const { top, bottom } = element.getBoundingClientRect();
          return [Math.round(top), Math.round(bottom)];
        };
        window.ticked = [];
        new MutationObserver(() => {
          const tick = root.querySelector(".tick");
          if (tick) window.ticked = [box(tick), box(root.querySelector(".candidate"))];
        }).observe(root, { childList: true, subtree: true });`);
      await click(".choose");
      await until(driver, () => run("return ticked.length > 0"), "the tick");
      assert.ok(before > (await height()) + 50, "the card was taller");
      const [tick, card] = await run("return ticked");
      assert.deepEqual(tick, card);
    });
  });
}
