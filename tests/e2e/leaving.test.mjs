// A person who answers and leaves in the same instant has answered: the answer is stored before the click or the key press
// has ended, and outlives whatever the page or the person does then.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Key } from "selenium-webdriver";
import { BROWSERS, OPEN_ROOTS, serve, unhurried, until } from "./harness.mjs";
import { DECK } from "./states.mjs";

const KEY = "leaning:assistant-style-en";
/** The answer to this request never comes. */
const HELD = "/held";

/**
 * A page with `count()`, the number of entries in the stored log, and `leave(how)`, which calls `how` with that number at
 * the end of the next click or key press. Its listener is the last to hear of the event.
 */
const page = (
  body,
  head = "",
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Test</title>${head}
<script>
window.count = () => JSON.parse(localStorage.getItem("${KEY}"))?.answers.length ?? 0;
window.leave = (how) => {
  for (const type of ["click", "keydown"]) addEventListener(type, () => how(count()), { once: true });
};
addEventListener("pagehide", () => sessionStorage.setItem("atPageHide", count()));
</script></head><body>${body}<script type="module" src="/pkg/element.js"></script></body></html>`;

const QUIZ = `<leaning-quiz deck="${DECK}" max-questions="8" seed="2"></leaning-quiz>`;
const COMPARE = `<leaning-compare deck="${DECK}"></leaning-compare>
<script type="module">
const { prompts } = await (await fetch("decks/chat.json")).json();
document.querySelector("leaning-compare").candidates = prompts[0].candidates;
</script>`;
const PROFILE = `<leaning-profile deck="${DECK}"></leaning-profile>`;

const PAGES = {
  "/quiz.html": page(QUIZ),
  "/open-quiz.html": page(QUIZ, OPEN_ROOTS),
  "/compare.html": page(COMPARE),
  "/profile.html": page(PROFILE),
  "/other.html": page(""),
};

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`leaving in ${name}`, () => {
    let site;
    let driver;
    /** The request that is never answered, once there is one. */
    let held;
    before(async () => {
      const hold = (request) => {
        held = request;
      };
      site = await serve({ ...PAGES, [HELD]: hold }, name);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    const run = (script, ...values) => driver.executeScript(script, ...values);
    const stored = () => run("return count()");
    const ELEMENTS = { css: "leaning-quiz, leaning-compare, leaning-profile" };
    const first = (css, within = driver) =>
      until(
        within,
        async () => (await (await within.findElement(ELEMENTS)).getShadowRoot()).findElement({ css }),
        css,
      );
    const choose = async (within) => {
      const choice = await first("button.choose", within);
      await unhurried(within ?? driver);
      await choice.click();
    };
    const asks = (question, within) =>
      until(
        within ?? driver,
        async () => (await (await first(".count", within)).getText()) === `Question ${question} of 8`,
        `question ${question}`,
      );

    /** Opens a page with nothing stored. */
    async function open(path) {
      await driver.get(`${site.url}/other.html`);
      await run("localStorage.clear()");
      await driver.get(site.url + path);
    }

    const press = async (key) => {
      await unhurried(driver);
      await driver.actions().sendKeys(key).perform();
    };
    const ACTS = [
      ["/quiz.html", "an answer by a click", () => choose()],
      [
        "/quiz.html",
        "an answer by a key",
        async () => {
          const choice = await first("button.choose");
          await run("arguments[0].focus()", choice);
          await press("1");
        },
      ],
      ["/compare.html", "a choice between drafts", () => choose()],
      [
        "/profile.html",
        "a dot moved by a pointer",
        async () => {
          const origin = await first("input[type=range]");
          await driver.actions({ async: true }).move({ origin, x: 40, y: 0 }).click().perform();
        },
      ],
    ];
    for (const [path, what, act] of ACTS) {
      test(`${what} is stored when the event ends`, async () => {
        await open(path);
        await first("button.choose, input[type=range]");
        await run("leave((count) => { window.atEnd = count; })");
        await act();
        assert.equal(await run("return window.atEnd"), 1);
      });
    }

    test("an answer is stored when its click leads to another page, and the quiz goes on after it when the person comes back", async () => {
      await open("/quiz.html");
      await asks(1);
      await run("leave((count) => location.assign(`/other.html?${count}`))");
      await choose();
      await until(
        driver,
        async () => (await driver.getCurrentUrl()).endsWith("/other.html?1"),
        "the other page",
      );
      assert.equal(await run("return sessionStorage.getItem('atPageHide')"), "1");
      assert.equal(await stored(), 1);
      // From the back-forward cache or not, as the browser sees fit.
      await driver.navigate().back();
      await asks(2);
      await choose();
      await asks(3);
      assert.equal(await stored(), 2);
    });

    test("an answer is stored when its click takes the quiz away", async () => {
      await open("/quiz.html");
      await asks(1);
      await run("leave(() => document.querySelector('leaning-quiz').remove())");
      await choose();
      assert.equal(await stored(), 1);
    });

    test("an answer is stored when its click closes the tab, or the person does right after it", async () => {
      await open("/quiz.html");
      const first = await driver.getWindowHandle();
      for (const [place, closes] of ["page", "person"].entries()) {
        await driver.switchTo().newWindow("tab");
        await driver.get(`${site.url}/quiz.html`);
        await asks(place + 1);
        if (closes === "page") await run("leave(() => window.close())");
        await choose().catch(gone);
        await driver.close().catch(gone);
        await driver.switchTo().window(first);
        await until(
          driver,
          async () => (await stored()) === place + 1,
          `the answer, closed by the ${closes}`,
        );
      }
    });

    test("a dot moved by keys is stored when the page is left or takes the profile away", async () => {
      for (const leave of [
        () => run("document.querySelector('leaning-profile').remove()"),
        () => driver.get(`${site.url}/other.html`),
      ]) {
        await open("/profile.html");
        await run("arguments[0].focus()", await first("input[type=range]"));
        await press(Key.ARROW_RIGHT);
        await leave();
        assert.equal(await stored(), 1);
      }
    });

    // If the browser itself is killed, it may not have written what it stored: Chromium and Firefox take a few seconds.
    test("an answer is stored when the browser is closed right after its click", {
      skip: name === "webkit" && "its driver keeps no profile",
    }, async () => {
      const profile = mkdtempSync(join(tmpdir(), "leaning-"));
      try {
        for (const question of [1, 2]) {
          const other = await start({ profile });
          try {
            await other.get(`${site.url}/quiz.html`);
            await asks(question, other);
            await choose(other);
          } finally {
            await other.quit();
          }
        }
      } finally {
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
      }
    });

    test("an answer is stored when the page's process is killed at the end of its click", {
      skip: name !== "chromium",
    }, async () => {
      await open("/other.html");
      const page = await openKillable(driver, `${site.url}/open-quiz.html`);
      const choice = await until(driver, () => page.evaluate(CHOICE), "a choice");
      // Nothing else can run in the page before it is killed, since the request never ends.
      await page.evaluate(`leave(() => {
        const request = new XMLHttpRequest();
        request.open("GET", "${HELD}", false);
        request.send();
      })`);
      await unhurried(driver);
      page.click(choice);
      const request = await until(driver, () => held, "the end of the click");
      page.kill();
      await until(driver, () => request.socket.destroyed, "the end of the process");
      await until(driver, async () => (await stored()) === 1, "the answer");
    });
  });
}

/** The middle of the first choice, once it is drawn. Works in an open root only. */
const CHOICE = `(() => {
  const choice = document.querySelector("leaning-quiz")?.shadowRoot.querySelector("button.choose");
  if (!choice) return null;
  const { left, top, width, height } = choice.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
})()`;

/**
 * Opens a tab that may be killed: it has a process of its own, and a connection beside the driver, which would wait for the
 * end of the click.
 */
async function openKillable(driver, url) {
  await driver.executeScript("window.open(arguments[0], '_blank', 'noopener')", url);
  const connection = await driver.createCDPConnection("page");
  const capabilities = await driver.getCapabilities();
  const { debuggerAddress } = capabilities.get("goog:chromeOptions");
  const target = await until(
    driver,
    async () =>
      (await (await fetch(`http://${debuggerAddress}/json/list`)).json()).find((tab) => tab.url === url),
    "the tab",
  );
  connection.sessionId = null;
  const { result } = await connection.send("Target.attachToTarget", { targetId: target.id, flatten: true });
  connection.sessionId = result.sessionId;
  const tell = (method, parameters) => connection.execute(method, parameters, null);
  return {
    evaluate: async (expression) => {
      const { result } = await connection.send("Runtime.evaluate", { expression, returnByValue: true });
      return result.result.value;
    },
    click: (place) => {
      for (const type of ["mousePressed", "mouseReleased"])
        tell("Input.dispatchMouseEvent", { type, ...place, button: "left", clickCount: 1 });
    },
    kill: () => tell("Page.crash", {}),
  };
}

/** The window may be gone before the driver knows. */
function gone(error) {
  if (!/NoSuchWindow|NoSuchFrame|WebDriverError/.test(error.name)) throw error;
}
