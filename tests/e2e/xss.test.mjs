// A deck can never run script: published payloads in every text field, with and without Markdown.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { BROWSERS, OPEN_ROOTS, serve } from "./harness.mjs";

const folder = new URL("xss/", import.meta.url);
const PAYLOADS = readdirSync(folder).flatMap(
  (file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")).vectors,
);
/** Payloads in a deck. Each is a prompt, a candidate of two others, and an end or label of a dimension. */
const GROUP = 21;

// The page forbids nothing, so that only the widget can keep a payload from running.
const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title>${OPEN_ROOTS}</head><body><div id="place"></div>
<script type="module">
window.fired = [];
for (const name of ["alert", "prompt", "confirm", "print", "msgbox"]) window[name] = () => fired.push(name);
const { markdown } = await import("./pkg/markdown.js");
await import("./pkg/element.js");

const tick = (time) => new Promise((resolve) => setTimeout(resolve, time));
// A change by the page is drawn after the next paint.
const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => setTimeout(resolve))));
/** The names of all elements and attributes, and all addresses, that were seen. */
window.seen = { elements: new Set(), attributes: new Set(), addresses: new Set() };
function look(root) {
  for (const element of root.querySelectorAll("*")) {
    // The forms of the elements have a class, those of payloads have none.
    seen.elements.add(element.localName + (element.localName === "form" && element.className ? " of ours" : ""));
    for (const { name, value } of element.attributes) {
      seen.attributes.add(name);
      if (/^(xlink:)?(href|src|action|data|poster)$/.test(name)) seen.addresses.add(value);
    }
  }
}

function deckOf(texts) {
  const at = (i) => texts[i % texts.length];
  const dimensions = Array.from({ length: Math.ceil(texts.length / 3) }, (_, j) => ({
    id: at(j).replaceAll("/", "") + j, label: at(3 * j), low: at(3 * j + 1), high: at(3 * j + 2), description: at(j),
  }));
  const scores = (i) => dimensions.map((_, j) => Math.sin(1 + i * 7.3 + j * 3.1));
  const id = (i) => at(i).replaceAll("/", "") + i;
  return {
    format: "leaning-deck/1", id: id(0), title: at(1), language: at(2), version: at(3), dimensions,
    prompts: texts.map((text, i) => ({ id: id(i), text, candidates: [1, 2].map((k) => ({ id: id(i + k), text: at(i + k), scores: scores(2 * i + k) })) })),
  };
}

async function mount(tag, properties) {
  const element = document.createElement(tag);
  Object.assign(element, { storage: "memory", ...properties });
  const ready = new Promise((resolve) => {
    for (const event of ["leaning-ready", "leaning-error"]) element.addEventListener(event, resolve, { once: true });
  });
  document.getElementById("place").append(element);
  await ready;
  look(element.shadowRoot);
  return element;
}

/** Shows texts in every place that shows a text. */
window.show = async (texts, withMarkdown) => {
  const deck = deckOf(texts);
  const renderer = withMarkdown ? markdown : undefined;
  const quiz = await mount("leaning-quiz", { deck, renderer, maxQuestions: 400 });
  if (!quiz.interview) {
    await tick(50);
    throw new Error(quiz.shadowRoot.textContent);
  }
  for (let i = 0; quiz.interview.next() && i < 100; i++) {
    await quiz.interview.answer(i < 4 ? { chose: 0 } : "skip");
    await drawn();
    look(quiz.shadowRoot);
  }
  quiz.maxQuestions = 4;
  await tick(10);
  look(quiz.shadowRoot);
  const profile = await mount("leaning-profile", { deck, renderer });
  const opened = () => { for (const details of profile.shadowRoot.querySelectorAll("details")) details.open = true; };
  opened();
  await profile.interview.setWeight(deck.dimensions[0].id, 0.5);
  await tick(10);
  const files = new DataTransfer();
  files.items.add(new File([JSON.stringify({ format: texts[0] })], texts[1], { type: "application/json" }));
  const input = profile.shadowRoot.querySelector("input[type=file]");
  input.files = files.files;
  input.dispatchEvent(new Event("change"));
  await tick(20);
  look(profile.shadowRoot);
  const compare = await mount("leaning-compare", { deck, renderer });
  for (let i = 0; i + 1 < texts.length; i += 4) {
    compare.ask([0, 1].map((k) => ({ id: texts[i].replaceAll("/", ""), prompt: "p", text: texts[i + k], scores: deck.prompts[i].candidates[k].scores })));
    look(compare.shadowRoot);
    compare.shadowRoot.querySelector("[data-action=dismiss]")?.click();
  }
  // The host's own messages are texts too, and so are messages about a broken deck.
  const messages = Object.fromEntries(["ask", "choose", "tie", "why", "done", "match"].map((key, i) => [key, texts[i % texts.length]]));
  await mount("leaning-quiz", { deck, messages });
  for (const text of texts.slice(0, 6)) await mount("leaning-quiz", { deck: { ...deck, format: text } });
  await tick(50);
  document.getElementById("place").replaceChildren();
};
window.loaded = true;
</script></body></html>`;

const OWN = [
  "form of ours",
  ..."a article bdi button circle code dd details div dl dt em h2 h3 input label li ol p path progress rect section slot span strong summary svg table tbody td th thead tr ul".split(
    " ",
  ),
];
const MARKDOWN =
  "a blockquote br code del em h4 h5 h6 hr li ol p pre strong table tbody td th thead tr ul".split(" ");

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`a malicious deck in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve({ "/xss.html": PAGE }, name);
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    async function open() {
      await driver.get(`${site.url}/xss.html`);
      await driver.wait(() => driver.executeScript("return window.loaded === true"), 20_000, "the page");
    }
    const run = (script, ...values) =>
      driver.executeAsyncScript(
        `const done = arguments[arguments.length - 1]; (async () => { ${script} })().then(done, (error) => done("failed: " + error));`,
        ...values,
      );

    test("the payloads do run as HTML", async () => {
      await open();
      const fired = await run(
        // Some of them replace document.createElement.
        `const places = arguments[0].map(() => document.body.appendChild(document.createElement("div")));
        arguments[0].forEach((payload, i) => (places[i].innerHTML = payload));
        await new Promise((resolve) => setTimeout(resolve, 500));
        return fired.length;`,
        // Some need another server, or open a window with an alert of its own.
        PAYLOADS.filter((payload) => !/script src|iframe|textarea|xss\.rocks/i.test(payload)),
      );
      assert.ok(fired >= 5, `${fired}`);
    });

    for (const withMarkdown of [false, true]) {
      test(`none of ${PAYLOADS.length} runs in any text field${withMarkdown ? ", as Markdown" : ""}`, async () => {
        await open();
        const before = site.requests.length;
        for (let first = 0; first < PAYLOADS.length; first += GROUP) {
          const texts = PAYLOADS.slice(first, first + GROUP);
          assert.equal(
            await run("await show(arguments[0], arguments[1])", texts, withMarkdown),
            null,
            `from payload ${first}`,
          );
        }
        const { fired, elements, attributes, addresses } = await driver.executeScript(
          "return { fired, elements: [...seen.elements], attributes: [...seen.attributes], addresses: [...seen.addresses] }",
        );
        assert.deepEqual(fired, []);
        const allowed = withMarkdown ? [...OWN, ...MARKDOWN] : OWN;
        assert.deepEqual(
          elements.filter((element) => !allowed.includes(element)),
          [],
        );
        assert.ok(
          withMarkdown ? elements.includes("a") && elements.includes("blockquote") : !elements.includes("a"),
          `${elements}`,
        );
        assert.deepEqual(
          attributes.filter((attribute) => /^on|^src|^formaction|^srcdoc/.test(attribute)),
          [],
        );
        assert.deepEqual(
          addresses.filter((address) => !/^(https?|mailto):/.test(address)),
          [],
        );
        const late = site.requests
          .slice(before)
          .filter((request) => !/\/pkg\/chunk|\/pkg\/.*\.js|\.wasm/.test(request));
        assert.deepEqual(late, [], "nothing is fetched because of a text");
      });
    }
  });
}
