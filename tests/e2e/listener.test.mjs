// Nothing leaves the page. The package and the pages of the site lie on one server; every other address, whatever its host and
// port, leads to sockets that listen. A person answers quizzes, chats, corrects the profile, exports, meets errors, reloads and
// closes the page, and nothing is heard. Planted leaks over every channel are.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Key } from "selenium-webdriver";
import { BROWSERS, serve, unhurried, until } from "./harness.mjs";
import { CONNECTION, DATAGRAM, listen, listenToNames, QUIC, README_POLICY } from "./listener.mjs";
import { DECK } from "./states.mjs";

const ELEMENTS = `<leaning-quiz deck="/${DECK}" max-questions="4"></leaning-quiz>
<leaning-compare deck="/${DECK}"></leaning-compare><leaning-profile deck="/${DECK}"></leaning-profile>`;
const LOAD = '<script type="module" src="/pkg/element.js"></script>';
const page = (body, head = "") =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title>${head}</head><body>${body}</body></html>`;
const withPolicy = (text) => ({ text, headers: { "content-security-policy": README_POLICY } });

/** A style sheet that tells which letters are shown, and that something is pressed. */
const spy = (to) => `@font-face { font-family: spy; src: url(${to}/font?D); unicode-range: U+44 }
leaning-quiz { --leaning-font-family: spy, serif; background: url(${to}/background) }
leaning-quiz::part(choose) { background: url(${to}/button) }`;

/** Fetches a file of the site for each answer that takes the second candidate. */
const TELLING = `const quiz = document.querySelector("leaning-quiz");
quiz.addEventListener("leaning-answer", () => {
  if (quiz.interview.entries(1)[0]?.answer.chose === 1) fetch("/decks/weekend.json");
});`;

/** The time in which a request arrives, in milliseconds. */
const ARRIVAL = 700;

/** A channel is a script that sends to `url`, whose host no other has; the browsers that lack it; and whether the policy stops it. */
const CHANNELS = {
  fetch: { script: "fetch(url, { mode: 'no-cors' }).catch(() => {})" },
  XMLHttpRequest: {
    script: "const request = new XMLHttpRequest(); request.open('POST', url); request.send('x');",
  },
  sendBeacon: { script: "navigator.sendBeacon(url, 'x')" },
  WebSocket: { script: "new WebSocket(url.replace('http', 'ws'))" },
  EventSource: { script: "new EventSource(url)" },
  image: { script: "new Image().src = url" },
  "background in CSS": {
    script: "add('style', { textContent: `body { background: url(${url}) }` })",
  },
  "@import in CSS": { script: "add('style', { textContent: `@import url(${url});` })" },
  font: {
    script:
      "add('style', { textContent: `@font-face { font-family: x; src: url(${url}) } body { font-family: x }` }); add('p', { textContent: 'x' })",
  },
  "style sheet": { script: "add('link', { rel: 'stylesheet', href: url })" },
  script: { script: "add('script', { src: url })" },
  "dynamic import": { script: "import(url).catch(() => {})" },
  frame: { script: "add('iframe', { src: url })" },
  object: { script: "add('object', { data: url })" },
  video: { script: "add('video', { src: url, preload: 'auto' })" },
  worker: {
    script:
      "new Worker(URL.createObjectURL(new Blob([`fetch('${url}', { mode: 'no-cors' }).catch(() => {})`]))).onerror = () => {}",
  },
  form: {
    script:
      "add('iframe', { name: 'target' }); add('form', { method: 'post', action: url, target: 'target' }).submit()",
  },
  ping: {
    script: "add('a', { href: '#x', ping: url, textContent: 'x' }).click()",
    lacks: { firefox: "pings are off by default" },
  },
  base: { script: "add('base', { href: url }); new Image().src = 'relative.png'" },
  prefetch: { script: "add('link', { rel: 'prefetch', href: url })", lacks: { webkit: "it has none" } },
  preload: { script: "add('link', { rel: 'preload', as: 'image', href: url })" },
  preconnect: {
    // With a proxy, Firefox connects to no host ahead of time.
    script: "add('link', { rel: 'preconnect', href: `http://127.0.0.1:${port}` })",
    passes: true,
  },
  WebTransport: {
    script: `const transport = new WebTransport(url.replace("http", "https"));
      for (const end of [transport.ready, transport.closed]) end.catch(() => {});`,
    needs: "WebTransport",
  },
  WebRTC: {
    script: `const peer = new RTCPeerConnection({ iceServers: [{ urls: "stun:127.0.0.1:" + port }] });
      peer.createDataChannel("x");
      peer.setLocalDescription();`,
    needs: "RTCPeerConnection",
    passes: true,
  },
  "another window": {
    script: "window.open(url)",
    lacks: { webkit: "only a person's click may open one" },
    passes: true,
  },
  navigation: { script: "location.assign(url)", passes: true },
};

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`a listener to ${name}`, () => {
    let listener;
    let names;
    let site;
    let driver;
    before(async () => {
      listener = await listen();
      names = await listenToNames();
      const other = `http://style.test:${listener.port}`;
      const styled = page(ELEMENTS, `<link rel="stylesheet" href="/spy.css">${LOAD}`);
      site = await serve(
        {
          "/all.html": withPolicy(page(ELEMENTS, LOAD)),
          "/telling.html": withPolicy(
            page(ELEMENTS, `${LOAD}<script type="module" src="/telling.js"></script>`),
          ),
          "/telling.js": TELLING,
          "/error.html": withPolicy(page('<leaning-quiz deck="/none.json"></leaning-quiz>', LOAD)),
          "/empty.html": withPolicy(page("")),
          "/plain.html": page(""),
          "/styled.html": withPolicy(styled),
          "/styled-plain.html": styled,
          "/spy.css":
            spy(other) + spy("/leak").replaceAll("spy", "own").replaceAll("leaning-quiz", "leaning-profile"),
        },
        name,
      );
      driver = await start({ catchAll: listener.port });
    });
    after(async () => {
      await driver?.quit();
      await listener?.close();
      await names?.close();
      await site?.close();
    });

    const run = (script, ...values) => driver.executeScript(script, ...values);
    const inside = async (tag, css) =>
      (await (await driver.findElement({ css: tag })).getShadowRoot()).findElements({ css });
    const first = (tag, css) => until(driver, async () => (await inside(tag, css))[0], `${css} in ${tag}`);
    const ready = (tag) =>
      until(driver, () => run(`return document.querySelector("${tag}").interview !== undefined`), tag);

    async function open(path, stays = false) {
      if (!stays) {
        await driver.get(`${site.url}/icon.svg`);
        await run("localStorage.clear()");
      }
      await driver.get(site.url + path);
    }
    async function press(tag, css) {
      const button = await first(tag, css);
      await unhurried(driver);
      await button.click();
    }
    /** Answers the questions that are left, one or the other candidate. */
    const answerAll = (odd, quiz = "leaning-quiz") =>
      driver.executeAsyncScript(
        `const [odd, quiz, done] = arguments;
        const { interview } = document.querySelector(quiz);
        (async () => { for (let i = 0; interview.next(); i++) await interview.answer({ chose: (i + odd) % 2 }); })()
          .then(() => done(), (error) => done(String(error)));`,
        ...[odd, quiz],
      );

    /** The requests that are more than a file of the site: with a question mark, a body or a file that is not there. */
    const strange = (requests) =>
      requests.filter((request) => {
        const [method, path] = request.split(" ");
        if (method !== "GET" || path.includes("?")) return true;
        const inside = path.endsWith("/") ? `${path}index.html` : path;
        const file = fileURLToPath(
          new URL(`../..${inside.startsWith("/pkg/") ? inside : `/www${inside}`}`, import.meta.url),
        );
        return !existsSync(file) && !OWN.has(path);
      });
    const OWN = new Set([
      ...["/all.html", "/error.html", "/empty.html", "/plain.html", "/styled.html", "/styled-plain.html"],
      ...["/telling.html", "/telling.js"],
      // The missing deck of the page with an error, and what WebKit and Firefox ask every server for.
      ...["/spy.css", "/none.json", "/favicon.ico"],
    ]);

    /** Everything that reached another place since `forget`, or its own server as something else than a file. */
    async function leaked() {
      await driver.sleep(ARRIVAL);
      return [...listener.heard(), ...strange(site.requests)];
    }
    function forget() {
      listener.forget();
      site.requests.length = 0;
    }

    async function quizAndProfile(odd, path) {
      await open(path);
      await ready("leaning-quiz");
      await press("leaning-quiz", `[data-action="${odd}"]`);
      await until(
        driver,
        () => run("return document.querySelector('leaning-quiz').interview.status().answered === 1"),
        "an answer",
      );
      assert.equal(await answerAll(odd), null);
      await first("leaning-quiz", ".summary");
      const { prompts } = JSON.parse(
        readFileSync(new URL("../../www/decks/chat.json", import.meta.url), "utf8"),
      );
      await run(
        "document.querySelector('leaning-compare').ask(arguments[0], { message: 'a message' })",
        prompts[0].candidates,
      );
      await driver.sleep(100);
      if ((await inside("leaning-compare", "button.choose")).length > 0)
        await press("leaning-compare", `[data-action="${odd}"]`);
      const slider = await first("leaning-profile", "input[type=range]");
      await run("arguments[0].focus()", slider);
      await driver
        .actions()
        .sendKeys(odd ? Key.END : Key.HOME)
        .perform();
      await first("leaning-profile", ".own-statement:not([hidden])");
      for (const tag of ["leaning-quiz", "leaning-profile"]) {
        for (const place of (await inside(tag, "summary")).keys())
          await until(
            driver,
            async () => (await inside(tag, "summary"))[place].click().then(() => true),
            tag,
          );
      }
      await press("leaning-profile", "[data-action=export]");
      await press("leaning-profile", "[data-action=delete]");
      await run("return document.querySelector('leaning-quiz').interview.undo()");
      await open(path, true);
      await ready("leaning-profile");
      await press("leaning-profile", "[data-action=restart]");
      await press("leaning-profile", "[data-action=forget]");
      await open("/error.html", true);
      await first("leaning-quiz", "[role=alert]");
    }

    test("hears nothing of a quiz, drafts, a corrected profile, an export, a reload and an error, under the README’s policy", async () => {
      forget();
      await quizAndProfile(0, "/all.html");
      assert.deepEqual(await leaked(), []);
    });

    /** The requests of a page where everything is done and one or the other candidate is taken. */
    async function requestsOf(odd, path) {
      forget();
      await quizAndProfile(odd, path);
      assert.deepEqual(await leaked(), []);
      return site.requests.map((request) => request.replace(path, "/page.html")).toSorted();
    }

    test("finds the same requests whatever was answered", async () => {
      assert.deepEqual(await requestsOf(0, "/all.html"), await requestsOf(1, "/all.html"));
    });

    test("finds other requests if a page fetches a file for one of the answers", async () => {
      assert.notDeepEqual(await requestsOf(0, "/telling.html"), await requestsOf(1, "/telling.html"));
    });

    test("hears nothing of the pages of the site", async () => {
      forget();
      await open("/privacy.html");
      for (const path of ["/", "/weekend.html", "/notifications.html"]) {
        await open(path);
        await ready("leaning-quiz");
        assert.equal(await answerAll(1), null);
        await first("leaning-quiz", ".summary");
        await driver.navigate().refresh();
        await ready("leaning-quiz");
      }
      // A deck is made of a table, changed, downloaded and tried.
      await open("/studio.html");
      const shown = (css) =>
        until(driver, async () => (await driver.findElement({ css })).isDisplayed(), css);
      const click = async (css) => {
        await shown(css);
        await run(`document.querySelector("${css}").click()`);
      };
      await click("#example");
      await click("#build");
      await shown("#pictures");
      await (await driver.findElement({ css: "#title" })).sendKeys("A secret title");
      await click("#download");
      await click("#try");
      await shown("#quiz > leaning-quiz");
      await ready("leaning-quiz");
      assert.equal(await answerAll(1), null);
      await driver.navigate().refresh();
      await shown("#pictures");
      await click("#clear");
      await open("/calibration.html");
      await driver.findElement({ css: "#begin" }).click();
      for (const step of ["learning", "testing"]) {
        const isShown = () => driver.findElement({ css: `#${step} leaning-quiz` }).isDisplayed();
        await until(driver, isShown, step);
        assert.equal(await answerAll(1, `#${step} leaning-quiz`), null);
      }
      await until(driver, () => driver.findElement({ css: "#result" }).isDisplayed(), "the result");
      await open("/lab.html#deck=weekend&answers=2&count=20");
      await driver.findElement({ css: "#run" }).click();
      const said = async () => driver.findElement({ css: "#done" }).getText();
      await until(driver, async () => (await said()).startsWith("Done"), "simulated people");
      await open("/chat.html");
      const suggestion = async () => (await driver.findElements({ css: "#suggestions button" }))[0];
      for (let turn = 0; turn < 2; turn++) {
        await (
          await until(
            driver,
            async () => ((await (await suggestion())?.isDisplayed()) ? suggestion() : null),
            "a message",
          )
        ).click();
        const asked = await until(
          driver,
          async () =>
            (await inside("leaning-compare", "button.choose")).length
              ? "asks"
              : (await driver.findElements({ css: ".turn:last-child .why" })).length && "shows",
          "a reply",
        );
        if (asked === "asks") await press("leaning-compare", "button.choose");
        await until(
          driver,
          async () => (await driver.findElements({ css: ".turn:last-child .why" })).length > 0,
          "the reply",
        );
      }
      // As it loads, the chat asks its own server for a gateway. There is none.
      assert.deepEqual(await leaked(), ["GET /v1/models"]);
    });

    test("hears nothing when a page is closed after an answer", async () => {
      const home = await driver.getWindowHandle();
      forget();
      await driver.switchTo().newWindow("tab");
      await open("/all.html");
      await press("leaning-quiz", "button.choose");
      await driver.close();
      await driver.switchTo().window(home);
      assert.deepEqual(await leaked(), []);
    });

    /** Whether the style sheet of a page is heard elsewhere, and by its own server. */
    async function styleSheetHeard(path) {
      forget();
      await open(path);
      await first("leaning-quiz", "button.choose");
      await first("leaning-profile", ".dimension");
      await driver.sleep(ARRIVAL);
      const own = strange(site.requests).some((request) => request.includes("/leak/"));
      return { elsewhere: listener.hasHeard("style.test"), own };
    }

    test("hears no style sheet under the README’s policy", async () => {
      assert.deepEqual(await styleSheetHeard("/styled.html"), { elsewhere: false, own: false });
    });

    test("hears a style sheet without the policy", async () => {
      assert.deepEqual(await styleSheetHeard("/styled-plain.html"), { elsewhere: true, own: true });
    });

    /** Sends over a channel from the open page. Returns the host that it sends to, or null if the browser lacks the channel. */
    async function plant(channel, place, { script, needs }) {
      if (needs && !(await run(`return "${needs}" in window`))) return null;
      const host = `${channel.toLowerCase().replaceAll(/\W+/g, "-")}.${place}.test`;
      await run(
        `const [url, port] = arguments;
        const add = (tag, properties) => {
          const element = Object.assign(document.createElement(tag), properties);
          document.body.append(element);
          return element;
        };
        // A script of the driver is not the page's own.
        setTimeout(() => { ${script} });`,
        `http://${host}:${listener.port}/`,
        listener.port,
      );
      return host;
    }
    function isHeard(channel, host) {
      // No name is seen of these. For WebTransport Firefox asks its proxy, which does see it.
      const told = { WebRTC: DATAGRAM, WebTransport: QUIC, preconnect: CONNECTION }[channel];
      return listener.hasHeard(host) || listener.heard().includes(told);
    }
    async function wait(enough) {
      for (let waited = 0; waited < 3 * ARRIVAL && !enough(); waited += 50) await driver.sleep(50);
    }
    /** Closes the windows that leaks have opened. */
    async function closeOthers() {
      const [home, ...others] = await driver.getAllWindowHandles();
      for (const other of others) {
        await driver.switchTo().window(other);
        await driver.close();
      }
      await driver.switchTo().window(home);
    }

    for (const [channel, how] of Object.entries(CHANNELS)) {
      test(`hears a planted leak by ${channel}`, { skip: how.lacks?.[name] }, async (t) => {
        await driver.get(`${site.url}/plain.html`);
        forget();
        const host = await plant(channel, "plain", how);
        if (host === null) return t.skip(`it has no ${how.needs}`);
        await wait(() => isHeard(channel, host));
        await closeOthers();
        assert.ok(isHeard(channel, host));
      });
    }

    test("hears only what docs/privacy.md names of leaks that are planted under the README’s policy", async () => {
      await driver.get(`${site.url}/empty.html`);
      forget();
      const planted = [];
      for (const [channel, how] of Object.entries(CHANNELS)) {
        const host = how.lacks?.[name] ? null : await plant(channel, "strict", how);
        if (host !== null) planted.push({ channel, host });
      }
      await driver.sleep(3 * ARRIVAL);
      await closeOthers();
      const heard = planted.filter(({ channel, host }) => isHeard(channel, host));
      assert.deepEqual(
        heard.map(({ channel }) => channel),
        planted.filter(({ channel }) => CHANNELS[channel].passes).map(({ channel }) => channel),
      );
    });

    // With the other browser's rules, or with a proxy, no name is looked up.
    const asksForNames = { skip: name === "webkit" && "it asks the system for addresses" };
    /** Does something in a browser that asks the listener for every address. */
    async function askingForNames(act) {
      const usual = driver;
      driver = await start({ names: names.port });
      try {
        await act();
      } finally {
        await driver.quit();
        driver = usual;
      }
    }

    test(
      "hears no name that is looked up in a quiz, drafts, a corrected profile, an export, a reload and an error",
      asksForNames,
      () =>
        askingForNames(async () => {
          names.forget();
          await quizAndProfile(0, "/all.html");
          await driver.sleep(ARRIVAL);
          assert.deepEqual(names.heard(), []);
        }),
    );

    test("hears a planted leak by dns-prefetch, with and without the README’s policy", asksForNames, () =>
      askingForNames(async () => {
        for (const place of ["plain", "empty"]) {
          await driver.get(`${site.url}/${place}.html`);
          names.forget();
          const prefetch = { script: "add('link', { rel: 'dns-prefetch', href: url })" };
          const host = await plant("dns-prefetch", place, prefetch);
          await wait(() => names.heard().includes(host));
          // Chromium also asks how to reach the host.
          assert.ok(names.heard().every((asked) => asked.endsWith(host)));
          assert.ok(names.heard().includes(host));
        }
      }),
    );
  });
}
