// The example of an extension: choices on its options page decide what its popup suggests, without a permission and
// without a request.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { deck } from "../../examples/extension/deck.js";
import { extensionUrl } from "./extension-url.mjs";
import { BROWSERS, clickAtRest, serve, unhurried, until } from "./harness.mjs";

const FOLDER = fileURLToPath(new URL("../../target/examples/extension", import.meta.url));
const BREAKS = deck.prompts.flatMap(({ candidates }) => candidates);
const [MOVING, COMPANY] = [0, 2];
const scoresOf = (text) => BREAKS.find((one) => one.text === text).scores;
/** How much a person likes a break who wants company, and then to move. */
const liking = (text) => 2 * scoresOf(text)[COMPANY] + scoresOf(text)[MOVING];
const start = BROWSERS.chromium;
const missing = start ? "the examples are not built" : "only Chromium takes a folder as an extension";

describe("the extension in chromium", { skip: start && existsSync(FOLDER) ? false : missing }, () => {
  const url = extensionUrl(FOLDER);
  let site;
  let driver;
  before(async () => {
    site = await serve({}, "chromium");
    driver = await start({ extension: FOLDER });
  });
  after(async () => {
    await driver?.quit();
    await site?.close();
  });

  const text = async (css) => (await driver.findElement({ css })).getText();
  const inside = async (css) =>
    (await (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot()).findElements({ css });
  const hosts = async () => {
    const names = "return performance.getEntriesByType('resource').map(({ name }) => name)";
    return (await driver.executeScript(names)).filter((name) => !name.startsWith(`${url}/`));
  };

  /** Opens the popup as a tab, and returns the texts of the breaks that it suggests. */
  async function suggested() {
    await driver.get(`${url}/popup.html`);
    await until(driver, async () => (await text("p")) !== "", "the breaks");
    const items = await driver.findElements({ css: "li" });
    const texts = await Promise.all(items.map((item) => item.getText()));
    assert.equal(texts.length, 3);
    assert.deepEqual(await hosts(), []);
    return texts;
  }

  test("the popup suggests by the choices of the options page, and nothing is fetched", async () => {
    await suggested();
    assert.equal(await text("p"), "You have not chosen yet.");
    // The driver of Chromium does not see the tab that a click on the link opens.
    await driver.get(await driver.findElement({ css: "a" }).getProperty("href"));
    for (let place = 0; place < 6; place++) {
      const answered = "return document.querySelector('leaning-quiz').interview?.status().answered";
      await until(
        driver,
        async () =>
          (await driver.executeScript(answered)) === place && (await inside(".choose")).length === 2,
        `question ${place + 1}`,
      );
      await unhurried(driver);
      const texts = await Promise.all((await inside(".choose .text")).map((shown) => shown.getText()));
      await clickAtRest(driver, (await inside(".choose"))[liking(texts[0]) > liking(texts[1]) ? 0 : 1]);
    }
    await until(driver, async () => (await inside(".choose")).length === 0, "the end");
    assert.deepEqual(await hosts(), []);
    const [best] = await suggested();
    assert.equal(await text("p"), "Picked by your choices: 6");
    assert.equal(scoresOf(best)[COMPANY], 1);
  });

  test("it has no permission, and its policy keeps it from every host", async () => {
    await driver.get(`${url}/popup.html`);
    const permissions = "return chrome.permissions.getAll()";
    assert.deepEqual(await driver.executeScript(permissions), { origins: [], permissions: [] });
    const before = site.requests.length;
    const refused = await driver.executeAsyncScript(
      `const [address, done] = arguments;
      fetch(address).then(() => done(false), () => done(true));`,
      `${site.url}/icon.svg`,
    );
    assert.equal(refused, true);
    assert.equal(site.requests.length, before);
  });
});
