// Pages as they are: prototypes that are frozen or patched, browsers that lack something, elements that are moved, hidden
// or made by an old script, and a chat that waits. Whatever the page does, the element works or says that it does not.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { BROWSERS, OPEN_ROOTS, serve } from "./harness.mjs";
import { DECK } from "./states.mjs";

const PKG = new URL("../../pkg/", import.meta.url);

/** Helpers for the scripts below. They come before the page's own scripts, and so are there whatever those patch. */
const HELPERS = `
const stringify = JSON.stringify;
const later = setTimeout;
window.events = [];
window.uncaught = [];
for (const name of ["ready", "answer", "done", "error"])
  addEventListener("leaning-" + name, ({ detail }) => events.push({ name, ...detail }), true);
// A browser that puts off a notification to the next frame says so, which is no exception.
addEventListener("error", ({ message }) => message.startsWith("ResizeObserver loop") || uncaught.push(message));
addEventListener("unhandledrejection", ({ reason }) => uncaught.push(String(reason)));
window.pause = (time) => new Promise((resolve) => later(resolve, time));
window.look = async (condition, what) => {
  for (let tries = 0; tries < 300; tries++) {
    const found = await condition();
    if (found) return found;
    await pause(30);
  }
  throw new Error("waited in vain: " + what + ", " + stringify(events) + ", " + uncaught);
};
window.own = () => document.querySelector("[deck], leaning-quiz, leaning-compare, leaning-profile");
window.inside = (css, element = own()) => element?.shadowRoot?.querySelector(css);
/** Answers one question, once somebody can have read it. */
window.answer = async (given) => {
  await look(() => inside(".choose", given ?? own()), "a question");
  const element = given ?? own();
  const { asked } = element.interview.status();
  await look(() => {
    inside(".choose", element)?.click();
    return element.interview.status().asked > asked;
  }, "an answer");
};
window.drafts = () => [
  { id: "a", text: "One", scores: [2, 0, 0, 1, 0, -1] },
  { id: "b", text: "Two", scores: [-2, 1, 0, -1, 0, 1] },
];
/** The end of a promise as a word, or "pending". */
window.outcome = (promise) =>
  Promise.race([
    promise.then((value) => "resolved " + value, (error) => "rejected " + error.code),
    pause(3000).then(() => "pending"),
  ]);
/** Takes a part of the language away, or gives it back. Firefox's driver has a language of its own. */
window.setListFormat = (format) => {
  const { ListFormat } = Intl;
  Intl.ListFormat = format;
  return ListFormat;
};
window.sentence = () => inside("[role=alert]")?.textContent;`;

const QUIZ = `<leaning-quiz deck="/${DECK}" storage="memory" seed="3" max-questions="6"><p>Our own words</p></leaning-quiz>`;
const COMPARE = `<leaning-compare deck="/${DECK}" storage="memory" seed="3"></leaning-compare>`;
const LOAD = '<script type="module" src="/pkg/element.js"></script>';

const page = (body, { script = "", load = LOAD } = {}) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title>${OPEN_ROOTS}
<script>${HELPERS}</script><script>${script}</script></head><body>${body}${load}</body></html>`;

/** A page whose script makes a quiz, sets it up by \`code\` and puts it into the page. */
const made = (code, script = "") =>
  page(
    `<script type="module">
import "/pkg/element.js";
const quiz = document.createElement("leaning-quiz");
quiz.innerHTML = "<p>Our own words</p>";
Object.assign(quiz, { deck: "/${DECK}", storage: "memory", seed: 3, maxQuestions: 6 });
${code};
document.body.append(quiz);
</script>`,
    { script, load: "" },
  );

/** A library of 2008 that brings lists and elements what browsers did not have. */
const OLD_LIBRARY = `
Array.prototype.toJSON = function () { return "[" + this.map(String).join(", ") + "]"; };
Array.prototype.entries = function () { return this.slice(); };
Array.from = (list) => (list && list.length !== undefined ? Array.prototype.slice.call(list) : []);
Array.prototype.each = Array.prototype.forEach;
Element.prototype.remove = function () { this.parentNode.removeChild(this); return this; };`;

/** Patches as a zone makes them, which knows of every callback. */
const ZONE = `
const wrap = (callback) => typeof callback === "function" ? function (...given) { return callback.apply(this, given); } : callback;
const add = EventTarget.prototype.addEventListener;
const listeners = new WeakMap();
EventTarget.prototype.addEventListener = function (type, listener, options) {
  const wrapped = listeners.get(listener) ?? wrap(listener);
  if (typeof listener === "function") listeners.set(listener, wrapped);
  return add.call(this, type, wrapped, options);
};
const remove = EventTarget.prototype.removeEventListener;
EventTarget.prototype.removeEventListener = function (type, listener, options) {
  return remove.call(this, type, listeners.get(listener) ?? listener, options);
};
for (const name of ["setTimeout", "queueMicrotask", "requestAnimationFrame", "requestIdleCallback"]) {
  const native = window[name];
  if (native) window[name] = (callback, ...given) => native.call(window, wrap(callback), ...given);
}
const then = Promise.prototype.then;
Promise.prototype.then = function (...callbacks) { return then.apply(this, callbacks.map(wrap)); };
for (const name of ["MutationObserver", "ResizeObserver"]) {
  const Native = window[name];
  window[name] = class extends Native { constructor(callback) { super(wrap(callback)); } };
}
const { define } = customElements;
customElements.define = function (name, constructor) {
  const { prototype } = constructor;
  for (const callback of ["connectedCallback", "disconnectedCallback", "attributeChangedCallback"])
    if (Object.hasOwn(prototype, callback)) prototype[callback] = wrap(prototype[callback]);
  return define.call(customElements, name, constructor);
};`;

/** Pages on which a quiz is answered like on any other. */
const WORKING = {
  "has frozen the prototypes of elements and of the language": `
    for (const of of [Element, HTMLElement, Node, EventTarget, Object, Array, Function, Promise, Map, String, Error])
      Object.freeze(of.prototype);`,
  "has a library that patches lists, JSON and elements": OLD_LIBRARY,
  "has a zone around every callback": ZONE,
  "lacks what older browsers and simulated ones lack": `
    for (const name of ["ResizeObserver", "MutationObserver", "matchMedia", "requestIdleCallback", "reportError"]) delete window[name];
    for (const name of ["checkVisibility", "attachInternals"]) {
      delete Element.prototype[name];
      delete HTMLElement.prototype[name];
    }`,
  "is never idle": "window.requestIdleCallback = () => 0;",
};

/** What a page may hand over that an element cannot use, or take away that it needs. */
const SAID = {
  "messages that are a number": ["quiz.messages = 42", "options"],
  "a message that is a number": ["quiz.messages = { ask: 42 }", "options"],
  "a message that is a function": ['quiz.messages = { ask: () => "Which?" }', "options"],
  "a plural without other": ['quiz.messages = { minutesLeft: { one: "a minute" } }', "options"],
  "messages that throw": ['quiz.messages = { get ask() { throw new Error("no") } }', "options"],
  "no formats of numbers": ["delete Intl.NumberFormat; delete Intl.PluralRules", "internal"],
  "a drawing that fails": [
    'Object.defineProperty(HTMLElement.prototype, "hidden", { set() { throw new Error("no") } })',
    "internal",
  ],
};

/** Ways to ask about drafts that come to no choice, each with what the chat is told. */
const ASKED = {
  "the deck is missing": ["/missing", "return outcome(own().ask(drafts()))", "rejected fetch"],
  "the deck was missing a while ago": [
    "/missing",
    'await look(() => sentence(), "the sentence"); return outcome(own().ask(drafts()))',
    "rejected fetch",
  ],
  "the stored answers are about another deck, or other dimensions": [
    "/unreadable",
    "return outcome(own().ask(drafts()))",
    "rejected deck-mismatch",
  ],
  "WebAssembly is forbidden": ["/blocked", "return outcome(own().ask(drafts()))", "rejected not-ready"],
  "the element is not in the page": [
    "/asks",
    'const { ask } = own(); const other = document.createElement("leaning-compare"); other.deck = own().deck; return outcome(other.ask(drafts()))',
    "resolved null",
  ],
  "the element has no deck": [
    "/asks",
    'const other = document.createElement("leaning-compare"); document.body.append(other); return outcome(other.ask(drafts()))',
    "resolved null",
  ],
  "the deck never comes": [
    "/slow",
    "const asked = own().ask(drafts()); return outcome(asked)",
    "resolved null",
  ],
  "the element leaves the page": [
    "/asks",
    'const element = own(); const asked = element.ask(drafts()); await look(() => inside(".choose"), "drafts"); element.remove(); return outcome(asked)',
    "resolved null",
  ],
  "the frame that holds it is removed": [
    "/asks",
    'const frame = document.createElement("iframe"); document.body.append(frame); const element = own(); frame.contentDocument.body.append(element); await look(() => element.interview, "the interview"); const asked = element.ask(drafts()); await look(() => inside(".choose", element), "drafts"); frame.remove(); return outcome(asked)',
    "resolved null",
  ],
  "the deck changes to one that is missing": [
    "/asks",
    'const asked = own().ask(drafts()); await look(() => inside(".choose"), "drafts"); own().deck = "/nothing.json"; return outcome(asked)',
    "rejected fetch",
  ],
  "a score is no number": [
    "/asks",
    'await look(() => own().interview, "the interview"); return outcome(own().ask([{ scores: [1, 0, 0, 0, 0, NaN] }, { scores: [0, 0, 0, 0, 0, 0] }]))',
    "rejected candidates",
  ],
  "a score is no number, while the element loads": [
    "/asks",
    "return outcome(own().ask([{ scores: [1, 0, 0, 0, 0, NaN] }, { scores: [0, 0, 0, 0, 0, 0] }]))",
    "rejected candidates",
  ],
};

const address = (name) => `/${name.replaceAll(/\W+/g, "-")}.html`;
const copy = Object.fromEntries(
  readdirSync(PKG)
    .filter((name) => name.endsWith(".js"))
    .map((name) => [`/copy/${name}`, readFileSync(new URL(name, PKG), "utf8")]),
);

const PAGES = {
  ...copy,
  ...Object.fromEntries(
    Object.entries(WORKING).map(([name, script]) => [address(name), page(QUIZ, { script })]),
  ),
  ...Object.fromEntries(Object.entries(SAID).map(([name, [code]]) => [address(name), made(code)])),
  "/quiz": page(QUIZ),
  "/kept": page(QUIZ.replace('storage="memory"', "")),
  "/nulls": made(
    'for (const name of ["messages", "renderer", "theme", "storageKey", "strategy", "per", "picture", "answers", "stopGain"]) quiz[name] = null',
  ),
  "/late": page(QUIZ, { load: "" }),
  "/throws": made('quiz.renderer = () => { throw new Error("no renderer today"); }'),
  "/twice": page(QUIZ, {
    script: "window.warned = []; console.warn = (text) => warned.push(text);",
    load: `${LOAD}<script type="module">await import("/pkg/element.js"); await import("/copy/element.js"); window.both = true;</script>`,
  }),
  "/asks": page(COMPARE),
  "/missing": page(COMPARE.replace(DECK, "nothing.json")),
  "/unreadable": page(COMPARE.replace("memory", "local"), {
    script: `localStorage.setItem("leaning:assistant-style-en", stringify({
      format: "leaning-answers/1",
      deck: { id: "other", version: "1", dimensions: ["brevity"] },
      answers: [],
    }))`,
  }),
  "/blocked": {
    text: page(COMPARE),
    headers: { "content-security-policy": "script-src 'self' 'unsafe-inline'" },
  },
  // Ten seconds take a tenth of one here.
  "/slow": page(COMPARE.replace(DECK, "slow.json"), {
    script: "window.setTimeout = (work, time) => later(work, time / 100);",
  }),
  "/slow.json": () => {},
  "/frames": page(
    `<button id="pop-up" onclick="window.popup = open('about:blank', '', 'width=900,height=700')">Pop up</button>
    <button id="picture" onclick="documentPictureInPicture.requestWindow().then((view) => { window.popup = view; })">Picture</button>
    ${QUIZ}<iframe src="about:blank" width="900" height="900"></iframe>`,
  ),
  "/spoken": page(`<main>${QUIZ}</main>`),
};

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`in the wild, in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      site = await serve(PAGES, name);
      driver = await start();
      await driver.manage().setTimeouts({ script: 30_000 });
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    /** Opens a page with nothing stored. */
    async function open(path) {
      await driver.get(`${site.url}/icon.svg`);
      await driver.executeScript("localStorage.clear()");
      await driver.get(site.url + path);
    }

    /** Runs the body of an async function in the page. */
    async function run(body) {
      const { error, value } = await driver.executeAsyncScript(
        `const done = arguments[arguments.length - 1];
        (async () => { ${body} })().then((value) => done({ value }), (error) => done({ error: error + " " + error?.stack }));`,
      );
      if (error) throw new Error(error);
      return value;
    }
    const uncaught = () => run("return uncaught.join()");

    for (const page of Object.keys(WORKING)) {
      test(`a quiz is answered to its end on a page that ${page}`, async () => {
        await open(address(page));
        const shown = await run(`
          for (let questions = 0; questions < 6; questions++) await answer();
          await look(() => inside(".summary")?.textContent, "the result");
          const log = own().interview.exportLog();
          await own().interview.importLog(JSON.parse(log));
          return \`\${own().interview.status().answered} answers, \${JSON.parse(log).answers.length} in the log\`;`);
        assert.equal(shown, "6 answers, 6 in the log");
        assert.equal(await uncaught(), "");
      });
    }

    for (const [what, [, code]] of Object.entries(SAID)) {
      test(`${what}: a sentence in the page and leaning-error, and methods are not ready`, async () => {
        await open(address(what));
        const [sentence, errors, ready, own] = await run(`
          await look(sentence, "a sentence");
          await pause(100);
          return [sentence(), events.filter(({ name }) => name === "error").map(({ code }) => code),
            own().interview === undefined, own().querySelector("p")?.textContent];`);
        assert.equal(sentence, "The questions cannot be shown right now.");
        assert.deepEqual([errors, ready, own], [[code], true, "Our own words"]);
        assert.equal(await uncaught(), "");
      });
    }

    test("null is as if the property had not been set", async () => {
      await open("/nulls");
      await run("await answer()");
      assert.deepEqual(await run("return events.map(({ name }) => name)"), ["ready", "answer"]);
    });

    test("properties that are set before the script has come count, and so do attributes", async () => {
      await open("/late");
      const text = await run(`
        Object.assign(own(), { maxQuestions: 5, messages: { choose: "Take {place}" }, theme: null, renderer: null });
        await import("/pkg/element.js");
        await answer();
        return [inside(".choose").textContent, inside(".count").textContent];`);
      assert.deepEqual(text, ["Take 1", "Question 2 of 5"]);
    });

    test("a renderer that throws is told once, and the person reads the plain text", async () => {
      await open("/throws");
      const [errors, prompt] = await run(`
        await answer();
        return [events.filter(({ name }) => name === "error"), inside(".prompt").textContent];`);
      assert.equal(errors.length, 1);
      assert.deepEqual([errors[0].code, errors[0].path], ["options", "renderer"]);
      assert.match(errors[0].message, /no renderer today/);
      assert.ok(prompt.length > 5, prompt);
      assert.equal(await uncaught(), "");
    });

    test("a question that cannot be drawn gives way to a sentence, the answer before it is stored, and trying again goes on", async () => {
      await open("/kept");
      const [sentence, stored, errors] = await run(`
        await answer();
        const { toggle } = DOMTokenList.prototype;
        DOMTokenList.prototype.toggle = () => { throw new Error("not today"); };
        const stored = () => JSON.parse(localStorage.getItem("leaning:assistant-style-en")).answers.length;
        await look(() => { inside(".choose")?.click(); return stored() === 2; }, "the answer");
        await look(sentence, "the sentence");
        const said = sentence();
        DOMTokenList.prototype.toggle = toggle;
        inside("[data-action=try-again]").click();
        await look(() => inside(".count")?.textContent === "Question 3 of 6", "the third question");
        return [said, stored(), events.filter(({ name }) => name === "error").map(({ code }) => code)];`);
      assert.deepEqual([sentence, stored], ["The questions cannot be shown right now.", 2]);
      assert.ok(errors.length > 0 && errors.every((code) => code === "internal"), errors);
      assert.equal(await uncaught(), "");
    });

    test("a result that cannot be drawn says so, and comes when it can", async () => {
      await open("/quiz");
      const said = await run(`
        const format = setListFormat(undefined);
        for (let questions = 0; questions < 6; questions++) await answer();
        await look(sentence, "the sentence");
        const said = sentence();
        setListFormat(format);
        inside("[data-action=see-end]").click();
        await look(() => inside(".summary")?.textContent, "the result");
        return [said, events.filter(({ name }) => name === "error").length > 0];`);
      assert.deepEqual(said, ["That did not work. Try again.", true]);
      assert.equal(await uncaught(), "");
    });

    test("a second copy of the package warns, and the elements of the first go on", async () => {
      await open("/twice");
      const [warned] = await run(`
        await look(() => window.both, "both copies");
        await answer();
        return [warned];`);
      assert.equal(warned.length, 1);
      assert.match(warned[0], /another copy/);
      assert.equal(await uncaught(), "");
    });

    for (const [what, [path, script, wanted]] of Object.entries(ASKED)) {
      test(`ask comes to an end where ${what}`, async () => {
        await open(path);
        // A module that a browser has not run yet would leave the element without its methods.
        const outcome = await run(`await customElements.whenDefined("leaning-compare"); ${script}`);
        assert.equal(outcome, wanted);
        assert.equal(await uncaught(), "");
      });
    }

    test("ask comes to an end where the pop-up with the drafts is closed", async () => {
      await open("/frames");
      // Only a person's click may open a window.
      await driver.findElement({ css: "#pop-up" }).click();
      const outcome = await run(`
        await look(() => window.popup?.document.body, "a pop-up");
        const compare = document.createElement("leaning-compare");
        Object.assign(compare, { deck: "/${DECK}", storage: "memory" });
        document.body.append(compare);
        popup.document.body.append(compare);
        await look(() => compare.interview, "the interview");
        const asked = compare.ask(drafts());
        await look(() => inside(".choose", compare), "drafts in the pop-up");
        popup.close();
        return outcome(asked)`);
      assert.equal(outcome, "resolved null");
      assert.equal(await uncaught(), "");
    });

    test("drafts with a score that is no number, set as a property, are told and said", async () => {
      await open("/asks");
      const [errors, said] = await run(`
        await look(() => own().interview, "the interview");
        own().candidates = [{ scores: [1, 0, 0, 0, 0, NaN] }, { scores: [0, 0, 0, 0, 0, 0] }];
        await look(sentence, "the sentence");
        const said = sentence();
        own().candidates = drafts();
        await look(() => inside(".choose"), "sound drafts");
        return [events.filter(({ name }) => name === "error"), said];`);
      assert.deepEqual(
        errors.map(({ code, path }) => [code, path]),
        [["candidates", "[0].scores[5]"]],
      );
      assert.equal(said, "The questions cannot be shown right now.");
      assert.equal(await uncaught(), "");
    });

    test("a quiz in a frame that is removed keeps quiet, and goes on when the page puts it back", async () => {
      await open("/frames");
      const { loops, counted } = await run(`
        const quiz = own();
        const frame = document.querySelector("iframe");
        await answer(quiz);
        frame.contentDocument.body.append(quiz);
        await answer(quiz);
        let loops = 0;
        addEventListener("error", () => loops++);
        frame.remove();
        await pause(600);
        document.body.append(quiz);
        await answer(quiz);
        return { loops, counted: inside(".count", quiz).textContent };`);
      // Chromium tells of one size that it could not tell of.
      assert.ok(loops <= 2, `${loops} errors`);
      assert.equal(counted, "Question 4 of 6");
      assert.equal(await uncaught(), "");
    });

    test("an element that was made in a document without a window finds its deck once it is in the page", async () => {
      await open("/frames");
      await run(`
        const quiz = own();
        const other = document.createElement("leaning-quiz");
        for (const { name, value } of quiz.attributes) other.setAttribute(name, value);
        quiz.remove();
        document.implementation.createHTMLDocument("").body.append(other);
        await pause(200);
        document.body.append(other);
        await answer(other);`);
      assert.equal(await uncaught(), "");
    });

    test("drafts that are moved in the page while it is asked stay asked, and a panel that is hidden meanwhile changes nothing", async () => {
      await open("/asks");
      const outcome = await run(`
        await look(() => own().interview, "the interview");
        const asked = own().ask(drafts());
        const panel = document.createElement("section");
        document.body.append(panel);
        panel.append(own());
        panel.style.display = "none";
        await pause(200);
        panel.style.display = "";
        await answer();
        return asked;`);
      assert.equal(typeof outcome, "number");
      assert.equal(await uncaught(), "");
    });

    test("a quiz in a panel that opens later folds its long texts like any other", async () => {
      await open("/quiz");
      const folds = () =>
        run(`
        await look(() => inside(".fold"), "a question");
        await pause(300);
        own().renderer = (text) => document.createTextNode((text + " ").repeat(30));
        await pause(300);
        return [...own().shadowRoot.querySelectorAll(".fold")].map(({ hidden }) => hidden)`);
      const usual = await folds();
      assert.deepEqual(usual, [false, false]);
      const later = await run(`
        const panel = document.createElement("section");
        panel.style.display = "none";
        document.body.append(panel);
        panel.append(document.createElement("leaning-quiz"));
        const quiz = panel.firstChild;
        Object.assign(quiz, { deck: own().deck, storage: "memory", storageKey: "other", seed: 3, renderer: own().renderer });
        await look(() => quiz.interview, "the other");
        await pause(200);
        panel.style.display = "";
        return look(() => [...quiz.shadowRoot.querySelectorAll(".fold")].every(({ hidden }) => !hidden), "the folds");`);
      assert.equal(later, true);
    });

    // Only its driver emulates paper.
    test("on paper every text is whole, and there are no buttons", {
      skip: name !== "chromium",
    }, async () => {
      await open("/quiz");
      await run(`
        await look(() => inside(".choose"), "a question");
        own().renderer = (text) => document.createTextNode((text + " ").repeat(30));
        await look(() => inside(".fold").checkVisibility(), "folded texts");`);
      const cutAndButtons = () =>
        run(`
        await pause(200);
        const all = (css) => [...own().shadowRoot.querySelectorAll(css)];
        return [
          all(".text").filter((text) => text.scrollHeight > text.clientHeight + 1).length,
          all("button, summary").filter((button) => button.checkVisibility()).length > 0,
        ];`);
      assert.deepEqual(await cutAndButtons(), [2, true]);
      await driver.sendDevToolsCommand("Emulation.setEmulatedMedia", { media: "print" });
      const printed = await cutAndButtons();
      await driver.sendDevToolsCommand("Emulation.setEmulatedMedia", { media: "" });
      assert.deepEqual(printed, [0, false]);
    });

    test("an element that an opened document puts back is answered", async () => {
      await open("/kept");
      const count = await run(`
        const quiz = own();
        await answer();
        document.open();
        document.write("<!doctype html><html lang=en><body></body></html>");
        document.close();
        document.body.append(quiz);
        await answer();
        return inside(".count").textContent;`);
      assert.equal(count, "Question 3 of 6");
    });

    test("a page whose direction changes later is answered by arrows as it stands", async () => {
      await open("/quiz");
      const places = await run(`
        document.body.style.width = "1000px";
        await look(() => inside(".choose"), "a question");
        const place = () => [...own().shadowRoot.querySelectorAll(".choose")].indexOf(own().shadowRoot.activeElement);
        const press = (key) => (own().shadowRoot.activeElement ?? inside(".choose")).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true }));
        inside(".choose").focus();
        press("ArrowRight");
        const before = place();
        inside(".choose").focus();
        document.documentElement.dir = "rtl";
        await pause(50);
        press("ArrowLeft");
        const [first, second] = own().shadowRoot.querySelectorAll(".choose");
        return [before, place(), first.getBoundingClientRect().left > second.getBoundingClientRect().left];`);
      assert.deepEqual(places, [1, 1, true]);
    });

    test("the texts follow the page's language when it changes, and what was answered stays", async () => {
      await open("/spoken");
      const said = await run(`
        await answer();
        const says = (text) => look(() => inside(".undo, [part~=undo]")?.textContent === text && inside(".count").textContent, text);
        document.documentElement.lang = "de-x-mtfrom-en";
        const german = await says("Rückgängig");
        document.querySelector("main").lang = "fr";
        const french = await says("Annuler");
        document.documentElement.lang = "es";
        await pause(200);
        const still = inside("[part~=undo]").textContent;
        own().lang = "en";
        await says("Undo");
        own().removeAttribute("lang");
        await says("Annuler");
        const host = document.createElement("div");
        document.body.append(host);
        const root = host.attachShadow({ mode: "open" });
        const quiz = own();
        root.append(quiz);
        await look(() => inside("[part~=undo]", quiz)?.textContent === "Deshacer", "Spanish by the page");
        host.lang = "de";
        await look(() => inside("[part~=undo]", quiz)?.textContent === "Rückgängig", "German by a host");
        return [german, french, still, events.map(({ name }) => name)];`);
      assert.deepEqual(said, ["Frage 2 von 6", "Question 2 sur 6", "Annuler", ["ready", "answer"]]);
      assert.equal(await uncaught(), "");
    });

    test("half an order is still there in another language, and so is the focus", async () => {
      await open("/quiz");
      const found = await run(`
        const deck = { ...(await (await fetch("/${DECK}")).json()), answers: { kind: "order" } };
        Object.assign(own(), { deck, candidatesPerQuestion: 3 });
        const taken = () => [...own().shadowRoot.querySelectorAll("[aria-pressed=true]")].map(({ dataset }) => dataset.action).join();
        const take = (action, condition) => look(() => { inside("[data-action=" + action + "]")?.click(); return condition(); }, action);
        await look(() => inside("[data-action=place-2]"), "an order");
        await pause(400);
        await take("place-1", () => taken() === "place-1");
        inside("[data-action=place-1]").focus();
        document.documentElement.lang = "de";
        await look(() => inside(".count").textContent.startsWith("Frage"), "German");
        const kept = [taken(), own().shadowRoot.activeElement !== null];
        await take("place-0", () => own().interview.status().asked === 1);
        const [entry] = own().interview.entries();
        await look(() => inside(".count").textContent.startsWith("Frage 2"), "the next question");
        return [...kept, entry.answer.order.join(), taken()];`);
      assert.deepEqual(found, ["place-1", true, "1,0,2", ""]);
    });

    /** How an element looks and what it does in the document that it is in. */
    const inDocument = `
      const view = quiz.ownerDocument.defaultView;
      const look0 = () => {
        const card = inside(".candidate", quiz);
        const heard = inside("[role=status]", quiz);
        return card && [view.getComputedStyle(card).borderRadius, view.getComputedStyle(heard).position].join();
      };`;
    const MOVES = {
      "is moved into a frame": "document.querySelector('iframe').contentDocument.body.append(quiz);",
      "is made here and put into a frame at once": `
        quiz.remove();
        quiz = document.createElement("leaning-quiz");
        Object.assign(quiz, { deck: "/${DECK}", storage: "memory", seed: 3, maxQuestions: 6 });
        document.querySelector("iframe").contentDocument.body.append(quiz);`,
      "is moved into a pop-up": "popup.document.body.append(quiz); // #pop-up",
      "is moved into a picture-in-picture window": "popup.document.body.append(quiz); // #picture",
    };
    // Other browsers have no such window.
    if (name !== "chromium") delete MOVES["is moved into a picture-in-picture window"];
    for (const [what, move] of Object.entries(MOVES)) {
      test(`a quiz that ${what} keeps its looks, speaks another language there and is answered by click and key`, async () => {
        await open("/frames");
        const [button] = move.match(/#[\w-]+$/) ?? [];
        if (button) {
          // Only a person's click may open a window.
          await driver.findElement({ css: button }).click();
          await run('await look(() => window.popup?.document.body, "a pop-up")');
        }
        const found = await run(`
          let quiz = own();
          await look(() => inside(".candidate", quiz), "a question");
          const here = (() => { ${inDocument} return look0(); })();
          ${move}

          ${inDocument}
          const there = await look(look0, "a question there");
          quiz.lang = "de";
          await look(() => inside(".skip, [part~=skip], [data-action=skip]", quiz)?.textContent === "Überspringen", "German there");
          const german = look0();
          await answer(quiz);
          const counted = inside(".count", quiz).textContent;
          await pause(400);
          inside(".choose", quiz).focus();
          inside(".choose", quiz).dispatchEvent(new view.KeyboardEvent("keydown", { key: "1", bubbles: true, composed: true, cancelable: true }));
          await look(() => inside(".count", quiz).textContent === "Frage 3 von 6", "the answer by key");
          document.body.append(quiz);
          const back = (() => { ${inDocument} return look0(); })();
          window.popup?.close();
          await answer(quiz);
          return { here, there, german, counted, back, last: inside(".count", quiz).textContent };`);
        const { here } = found;
        assert.deepEqual(found, {
          here,
          there: here,
          german: here,
          counted: "Frage 2 von 6",
          back: here,
          last: "Frage 4 von 6",
        });
        assert.match(here, /^[1-9].*absolute$/);
        assert.equal(await uncaught(), "");
      });
    }
  });
}
