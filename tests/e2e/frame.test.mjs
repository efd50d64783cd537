// The sealed frame, on a page of another origin that tries to look into it.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { Key } from "selenium-webdriver";
import { BROWSERS, OPENING, serve, unhurried, until } from "./harness.mjs";
import { DECK } from "./states.mjs";

const WWW = new URL("../../www/", import.meta.url);
const { answers: _, ...deck } = JSON.parse(readFileSync(new URL(DECK, WWW), "utf8"));
const [{ candidates }] = deck.prompts;
const page = (body) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title></head><body>${body}</body></html>`;

/** A page that uses the frame as it is meant to be used. `localhost` is another site than 127.0.0.1. */
const FRIENDLY = `
import { createFrame } from "/pkg/frame.js";
const query = new URLSearchParams(location.search);
const src = query.get("src");
const number = (name) => (query.has(name) ? Number(query.get(name)) : undefined);
const deck = await (await fetch("/${DECK}")).json();
const candidates = deck.prompts[0].candidates.map(({ id, text, scores }) => ({ id, text, scores: new Float64Array(scores.slice(number("without") ?? 0)) }));
window.heard = [];
try {
  const options = { src, deck, candidates, maxQuestions: number("questions") ?? 2, retention: number("retention"), storage: query.get("storage") ?? "local", language: query.get("lang") ?? "en", ...(query.has("misspelt") && { maxQuestion: 3 }) };
  window.frame = createFrame(options);
  frame.ready.then(() => heard.push("ready"));
  frame.done.then(() => heard.push("done"));
  document.body.append(frame.element);
} catch ({ code, path }) {
  window.refused = [code, path];
}`;

/** Names that a page might hope for: methods, elements, storage, and what an interview is made of. */
const NAMES =
  "open next answer undo retract setWeight entries whatIf status rank compare observe profile archetype summary instructions laplaceApproximation exportLog importLog configure forget free interview quiz ready done show leaning Leaning";

/** A page that gets hold of whatever it can, in \`seen\`. Times are left out: they differ from visit to visit. */
const HOSTILE = `
const query = new URLSearchParams(location.search);
const element = document.querySelector("iframe");
window.seen = [];
const see = (...what) => seen.push(JSON.stringify(what));
addEventListener("message", ({ data }) => see("message", data));
for (const type of ["blur", "focus", "scroll", "resize", "hashchange", "popstate", "keydown", "click", "pointerdown"]) {
  addEventListener(type, () => see(type), true);
}
document.querySelector("#scroller").addEventListener("scroll", ({ target }) => see("scrolled", target.scrollTop));
// The page itself sets these two.
new ResizeObserver(() => [94, 504].includes(element.offsetHeight) || see("size", element.offsetHeight)).observe(element);
// The browser itself asks for an icon, at any time.
new PerformanceObserver((list) => {
  for (const { name, entryType } of list.getEntries()) if (!name.endsWith("/favicon.ico")) see(entryType, name);
}).observe({ entryTypes: ["resource", "layout-shift"].filter((type) => PerformanceObserver.supportedEntryTypes.includes(type)) });

window.peek = () => {
  const inside = element.contentWindow;
  const found = [];
  const names = new Set("${NAMES} document localStorage sessionStorage indexedDB customElements body quiz getSelection find innerHeight scrollY performance navigator name history".split(" "));
  for (const name of names) {
    try {
      found.push([name, typeof inside[name]]);
    } catch (error) {
      if (error.name !== "SecurityError") found.push([name, error.name]);
    }
  }
  found.push(["frames", inside.length, element.contentDocument === null, history.length, scrollY]);
  // When a question takes the focus depends on how busy the machine is. So this is seen, at whatever look.
  see("the focus is in the frame", document.activeElement === element);
  found.push(["box", element.getBoundingClientRect().toJSON()]);
  found.push(["find", typeof find === "function" && find("Chosen for you")]);
  return found;
};
window.flood = () => {
  const inside = element.contentWindow;
  for (const name of "${NAMES}".split(" ")) {
    for (const message of [name, { [name]: true }, { type: name }, { method: name, args: [] }, JSON.stringify({ format: "leaning-frame/1", [name]: 1 })]) {
      inside.postMessage(message, "*");
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => see("port", data);
      inside.postMessage(message, "*", [port2]);
      window.port?.postMessage(message);
    }
  }
};
window.open_ = (deck, more) => {
  const { port1, port2 } = new MessageChannel();
  window.port ??= port1;
  port1.onmessage = ({ data }) => see("port", data);
  const opening = { format: "leaning-frame/1", deck, candidates: [], maxQuestions: 3, language: "en", theme: null, ...more };
  element.contentWindow.postMessage(JSON.stringify(opening), "*", [port2]);
};
window.squeeze = (width, height) => {
  element.style.width = width;
  element.style.height = height;
};
element.src = query.get("src");`;

/** A frame with the flaw that the hostile page is after. */
const LEAKY = `
addEventListener("message", ({ ports: [port] }) => {
  if (port) window.port = port;
});
for (const button of document.querySelectorAll("button")) {
  button.onclick = () => port.postMessage(button.textContent);
}`;

const PAGES = {
  "/friendly.js": FRIENDLY,
  "/friendly.html": page('<script type="module" src="/friendly.js"></script>'),
  "/hostile.js": HOSTILE,
  "/hostile.html": page(
    `<div id="scroller" style="block-size: 540px; overflow: auto">
    <iframe sandbox="allow-scripts allow-same-origin" style="inline-size: 900px; block-size: 500px"></iframe>
    <div style="block-size: 900px"></div></div><script src="/hostile.js"></script>`,
  ),
  "/leaky.js": LEAKY,
  "/leaky.html": page('<button>one</button><button>two</button><script src="/leaky.js"></script>'),
};

/** WebKit's driver cannot look into closed roots. The frame's policy allows no script but those whose hash it names. */
function openedFrame() {
  const hash = createHash("sha256").update(OPENING).digest("base64");
  return readFileSync(new URL("../../pkg/frame.html", import.meta.url), "utf8")
    .replace("script-src ", (directive) => `${directive}'sha256-${hash}' `)
    .replace("<body>", () => `<body><script>${OPENING}</script>`);
}

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`the sealed frame, in ${name}`, () => {
    let site;
    let other;
    let frameUrl;
    let driver;
    before(async () => {
      const pages = { ...PAGES, ...(name === "webkit" && { "/pkg/frame.html": openedFrame() }) };
      site = await serve(pages, name);
      other = await serve(pages, name);
      frameUrl = other.url.replace("127.0.0.1", "localhost");
      driver = await start();
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
      await other?.close();
    });

    const run = (script, ...values) => driver.executeScript(script, ...values);
    const outside = () => driver.switchTo().defaultContent();
    async function inside() {
      await outside();
      await until(driver, async () => (await driver.findElements({ css: "iframe" })).length > 0, "the frame");
      await driver.switchTo().frame(0);
    }
    async function open(path, query = {}) {
      await driver.get(`${site.url}${path}?${new URLSearchParams(query)}`);
    }
    const first = (css) => until(driver, async () => (await driver.findElements({ css }))[0], css);
    const inQuiz = async (css) =>
      (await (await driver.findElement({ css: "leaning-quiz" })).getShadowRoot()).findElements({ css });
    /** Chooses a candidate by its place, or presses another button by its action, and waits for what comes then. */
    async function choose(place, progress) {
      const find = async () =>
        typeof place === "number"
          ? (await inQuiz("button.choose"))[place]
          : (await inQuiz(`[data-action=${place}]`))[0];
      const button = await until(driver, find, "a button");
      await unhurried(driver);
      await button.click();
      await until(
        driver,
        async () =>
          (await Promise.all((await inQuiz(".count")).map((count) => count.getText()))).includes(progress),
        progress,
      );
    }
    const heard = async () => {
      await outside();
      return run("return window.heard ?? []");
    };

    test("a person is interviewed in it and reads the best candidate, and the page hears ready and done", async () => {
      await open("/friendly.html", { src: `${frameUrl}/pkg/frame.html` });
      await until(driver, async () => (await heard()).length === 1, "ready");
      const before = [site.requests.length, other.requests.length];
      await inside();
      const note = await first(".note");
      assert.equal(await note.getText(), "The page around this box can't see your answers.");
      await choose(0, "Question 2 of 2");
      await choose(1, "Based on 2 answers.");
      const chosen = await first(".chosen:not([hidden]) p");
      const shown = (await chosen.getText()).replace(/\s+/g, "");
      assert.ok(candidates.some(({ text }) => text.replace(/\s+/g, "") === shown));
      assert.deepEqual(await heard(), ["ready"]);
      await inside();
      await (await first("footer button")).click();
      await until(driver, async () => (await heard()).length === 2, "done");
      assert.deepEqual(await heard(), ["ready", "done"]);
      assert.deepEqual([site.requests.length, other.requests.length], before);
      // The answers are there the next time, in the storage of the frame's origin.
      await open("/friendly.html", { src: `${frameUrl}/pkg/frame.html` });
      assert.equal(await run("return localStorage.length"), 0);
      await inside();
      await first(".chosen:not([hidden])");
    });

    test("what the frame would not take is refused on the page, since the frame says nothing", async () => {
      const src = `${frameUrl}/pkg/frame.html`;
      for (const [more, ...expected] of [
        [{ lang: "de_DE" }, "options", "language"],
        [{ questions: 0 }, "options", "maxQuestions"],
        [{ misspelt: 1 }, "options", "maxQuestion"],
        [{ without: 1 }, "candidates", "[0].scores"],
      ]) {
        await open("/friendly.html", { src, ...more });
        assert.deepEqual(await until(driver, () => run("return window.refused"), "the error"), expected);
      }
    });

    test("it keeps answers for as many days as the page passes", async () => {
      const src = `${frameUrl}/pkg/frame.html`;
      await open("/friendly.html", { src, retention: 0.5 });
      const refused = await until(driver, () => run("return window.refused"), "the error");
      assert.deepEqual(refused, ["options", "retention"]);
      const key = "leaning:assistant-style-en";
      /** Makes the only answer so many days older. */
      const age = (days) =>
        run(
          `const log = JSON.parse(localStorage["${key}"]);
          log.answers[0].at = new Date(Date.now() - arguments[0] * 864e5).toISOString().slice(0, 10);
          localStorage["${key}"] = JSON.stringify(log);`,
          days,
        );
      await open("/friendly.html", { src, retention: 30 });
      await inside();
      await first("leaning-quiz");
      await run("localStorage.clear()");
      await open("/friendly.html", { src, retention: 30 });
      await inside();
      await choose(0, "Question 2 of 2");
      assert.match(await run(`return localStorage["${key}"]`), /"at":"\d{4}-\d{2}-\d{2}"/);
      for (const [days, progress] of [
        [29, "Question 2 of 2"],
        [32, "Question 1 of 2"],
      ]) {
        await age(days);
        await open("/friendly.html", { src, retention: 30 });
        await inside();
        await first("leaning-quiz");
        const count = async () => (await inQuiz(".count"))[0]?.getText();
        await until(driver, async () => (await count()) === progress, progress);
      }
      assert.equal(await run(`return "${key}" in localStorage`), false);
    });

    test("in a sandbox without an origin it works, says that nothing is kept, and may be served by the page's own origin", async () => {
      for (const origin of [frameUrl, site.url]) {
        await open("/friendly.html", { src: `${origin}/pkg/frame.html`, storage: "memory" });
        await until(driver, async () => (await heard()).length === 1, "ready");
        assert.equal(await run("return frame.element.getAttribute('sandbox')"), "allow-scripts");
        await inside();
        await until(
          driver,
          async () => (await (await first(".note")).getText()).includes("disappear when you close it"),
          "the note",
        );
        await choose(0, "Question 2 of 2");
        await assert.rejects(run("return localStorage.length"), "there is no storage in it");
      }
    });

    test("it offers no card to share, which its sandbox would not let anybody save", async () => {
      for (const storage of ["local", "memory"]) {
        await open("/friendly.html", { src: `${frameUrl}/pkg/frame.html`, storage, questions: 8 });
        await inside();
        // Of a person who likes brief answers there is something to share.
        const find = async () =>
          (await inQuiz("[data-action=share]"))[0] ?? (await inQuiz("button.choose"))[0];
        for (let answers = 0; answers < 8; answers++) {
          const button = await until(driver, find, "a button");
          if ((await button.getAttribute("data-action")) === "share") break;
          await unhurried(driver);
          const lengths = await Promise.all(
            (await inQuiz(".candidate .text")).map(async (text) => (await text.getText()).length),
          );
          await (await inQuiz("button.choose"))[lengths[0] < lengths[1] ? 0 : 1].click();
          const count = async () => (await inQuiz(".count"))[0]?.getText();
          const isNext = async () => (await count()) !== `Question ${answers + 1} of 8`;
          await until(driver, isNext, "the next question");
        }
        const [share] = await until(
          driver,
          async () => {
            const found = await inQuiz("[data-action=share]");
            return found.length > 0 && found;
          },
          "the end",
        );
        assert.equal(await share.isDisplayed(), false);
        assert.ok(await first("footer button"));
      }
    });

    test("it speaks the language that the page names", async () => {
      await open("/friendly.html", { src: `${frameUrl}/pkg/frame.html`, lang: "de-x-du", storage: "memory" });
      await inside();
      assert.equal(await (await first("footer button")).getText(), "Fertig");
      assert.match(await (await first(".note")).getText(), /sieht deine Antworten nicht/);
    });

    test("on the page's own origin it is refused by both sides, and by itself it opens nothing", async () => {
      await open("/friendly.html", { src: "/pkg/frame.html" });
      assert.deepEqual(await until(driver, () => run("return window.refused"), "the error"), [
        "options",
        "src",
      ]);
      await open("/hostile.html", { src: "/pkg/frame.html" });
      await inside();
      const says = async () => (await (await first("body p")).getText()) !== "";
      await until(driver, says, "a word");
      await outside();
      await run("open_(arguments[0])", JSON.stringify(deck));
      await inside();
      assert.equal((await driver.findElements({ css: "leaning-quiz" })).length, 0);
      await driver.get(`${frameUrl}/pkg/frame.html`);
      await until(driver, says, "a word");
    });

    /** Everything that a hostile page sees while a person gives these answers. */
    async function watch(places) {
      await open("/hostile.html", { src: `${frameUrl}/pkg/frame.html` });
      await inside();
      await until(driver, () => run("return document.readyState === 'complete'"), "the frame");
      // It is the storage of this frame on this page, which differs from that of the frame by itself.
      await run("localStorage.clear()");
      await outside();
      const peeked = [];
      const attack = async () => {
        peeked.push(await run("return peek()"));
        await run("flood()");
        for (const [width, height] of [
          ["200px", "90px"],
          ["900px", "500px"],
        ]) {
          await run("squeeze(...arguments)", width, height);
        }
        peeked.push(await run("return peek()"));
      };
      await attack();
      await run("open_(arguments[0], { candidates: arguments[1] })", JSON.stringify(deck), candidates);
      await until(driver, () => run("return seen.some((one) => one.includes('ready'))"), "ready");
      await inside();
      await first("leaning-quiz");
      for (const [index, place] of places.entries()) {
        await choose(place, index < 2 ? `Question ${index + 2} of 3` : "Based on 3 answers.");
        await outside();
        await attack();
        // The page takes the focus back after each answer.
        await run("document.activeElement.blur(); focus()");
        await inside();
      }
      await first(".chosen:not([hidden])");
      // Tab by tab the focus goes through everything, and what it reaches is scrolled into view.
      for (let tab = 0; tab < 8; tab++) await driver.actions().sendKeys(Key.TAB).perform();
      await outside();
      // Another deck is not taken, and text fragments find nothing.
      await run("open_('{}', { maxQuestions: 1 })");
      const src = `${frameUrl}/pkg/frame.html`;
      for (const hash of ["#:~:text=Chosen", "#stage", "#leaning-quiz"]) {
        await run(
          "document.querySelector('iframe').contentWindow.location.replace(arguments[0])",
          src + hash,
        );
        peeked.push(await run("return peek()"));
      }
      await inside();
      assert.equal(
        (await driver.findElements({ css: ".chosen:not([hidden])" })).length,
        1,
        "it still stands there",
      );
      await outside();
      return { seen: await run("return seen"), peeked };
    }

    test("a hostile page sees the same whatever is answered", async () => {
      const one = await watch([0, 0, 0]);
      const two = await watch([1, "tie", 1]);
      for (const { seen } of [one, two]) {
        assert.deepEqual(
          seen.filter((what) => /message|port/.test(what)),
          ['["port","ready"]'],
        );
      }
      const found = one.peeked.flat().filter(([, type]) => type === "object" || type === "string");
      assert.deepEqual(found, [], "nothing in the frame can be read");
      assert.deepEqual(two.peeked, one.peeked);
      assert.deepEqual([...new Set(two.seen)].sort(), [...new Set(one.seen)].sort());
    });

    test("the hostile page hears a frame that leaks", async () => {
      const heardFrom = async (place) => {
        await open("/hostile.html", { src: `${frameUrl}/leaky.html` });
        await inside();
        const button = await until(
          driver,
          async () => (await driver.findElements({ css: "button" }))[place],
          "it",
        );
        await outside();
        await run("open_('')");
        await inside();
        await until(driver, () => run("return window.port !== undefined"), "the port");
        await button.click();
        await outside();
        return until(driver, () => run("return seen.find((what) => what.includes('port'))"), "a message");
      };
      assert.notEqual(await heardFrom(0), await heardFrom(1));
    });

    test("hostile decks send nothing, break nothing out, and get no other message", async () => {
      const leak = `${site.url}/leak`;
      const [prompt, ...others] = deck.prompts;
      const text = `<img src="${leak}" onerror="parent.postMessage(1, '*')"><script>parent.postMessage(2, '*')</script>`;
      const image = { src: `${leak}.png`, alt: "leak" };
      const withImages = prompt.candidates.map((candidate) => ({ ...candidate, text, image }));
      const decks = [
        JSON.stringify(`${leak}.json`),
        JSON.stringify([`${leak}.json`]),
        "null",
        "{",
        `{"__proto__": {"deck": "${leak}.json"}, "toString": 1, "dimensions": {"length": -1}}`,
        JSON.stringify({
          ...deck,
          title: text,
          words: { en: { done: text } },
          prompts: [{ ...prompt, text, image, candidates: withImages }, ...others],
        }),
        JSON.stringify({ ...deck, prior: { mean: deck.dimensions.map(() => 1e308), covariance: [] } }),
      ];
      for (const hostile of decks) {
        await open("/hostile.html", { src: `${frameUrl}/pkg/frame.html` });
        await inside();
        await until(driver, () => run("return document.readyState === 'complete'"), "the frame");
        await outside();
        await run("open_(...arguments)", hostile, { candidates: [{ text, scores: "no" }] });
        await until(driver, () => run("return seen.some((one) => one.includes('ready'))"), "ready");
        await inside();
        await until(
          driver,
          async () => (await inQuiz("h2, [role=alert]")).length > 0,
          "the question or a word",
        );
        await outside();
        const messages = (await run("return seen")).filter((what) => /message|port/.test(what));
        assert.deepEqual(messages, ['["port","ready"]'], hostile.slice(0, 80));
      }
      assert.deepEqual(
        site.requests.filter((request) => request.includes("/leak")),
        [],
      );
    });

    test("messages of another window, or without the one port, open nothing", async () => {
      await open("/hostile.html", { src: `${frameUrl}/pkg/frame.html` });
      await inside();
      await until(driver, () => run("return document.readyState === 'complete'"), "the frame");
      await outside();
      await run(
        `const [deck] = arguments;
        const text = JSON.stringify({ format: "leaning-frame/1", deck, candidates: [], maxQuestions: 3, language: "en", theme: null });
        const inside = document.querySelector("iframe").contentWindow;
        inside.postMessage(text, "*");
        inside.postMessage(text, "*", [new MessageChannel().port1, new MessageChannel().port1]);
        inside.postMessage(JSON.parse(text), "*", [new MessageChannel().port1]);
        inside.postMessage(" ".repeat(9e6) + text, "*", [new MessageChannel().port1]);
        for (const wrong of [{ maxQuestions: 0 }, { maxQuestions: 1e9 }, { language: "<b>" }, { theme: "x" }, { candidates: [null] }, { candidates: {} }, { deck: {} }, { format: "leaning-frame/2" }]) {
          inside.postMessage(JSON.stringify({ ...JSON.parse(text), ...wrong }), "*", [new MessageChannel().port1]);
        }
        const sibling = document.body.appendChild(document.createElement("iframe"));
        const script = sibling.contentDocument.createElement("script");
        script.textContent = "addEventListener('message', ({ data }) => parent.frames[0].postMessage(data, '*', [new MessageChannel().port1]))";
        sibling.contentDocument.body.append(script);
        sibling.contentWindow.postMessage(text, "*");`,
        JSON.stringify(deck),
      );
      await unhurried(driver);
      await inside();
      assert.equal((await driver.findElements({ css: "leaning-quiz" })).length, 0);
      await outside();
      await run("open_(arguments[0])", JSON.stringify(deck));
      await inside();
      await first("leaning-quiz");
    });
  });
}
