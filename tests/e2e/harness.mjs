// Shared by the browser tests: a real server that notes every request, and browsers driven by WebDriver.

import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { Builder } from "selenium-webdriver";
import chrome from "selenium-webdriver/chrome.js";
import firefox from "selenium-webdriver/firefox.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** The folder that contains what was built of the examples and by bundlers, as `examples` and `bundlers`. */
const BUILT = "target";
const IS_BUILT = /^\/(examples|bundlers)\//;
const OPEN = { "access-control-allow-origin": "*" };
export const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** A script for a page that opens the roots that the elements close. Every server here has it. */
export const OPEN_ROOTS = '<script src="/open-roots.js"></script>';
/** That script. */
export const OPENING = `{
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) { return attach.call(this, { ...options, mode: "open" }); };
}`;

/**
 * Font families of different widths, narrowest first, that `cargo xtask setup --browsers` installs. A test that measures
 * a layout runs in each, because the default family differs from machine to machine.
 */
export const FAMILIES = ["Liberation Sans", "Noto Sans", "DejaVu Sans"];

/** The site's style sheet with every text in one family, as `extra` pages for `serve`. */
export function siteInFamily(family) {
  const css = readFileSync(join(ROOT, "www", "site.css"), "utf8");
  return { "/site.css": `${css}\n:root { font-family: "${family}"; --leaning-font-family: "${family}"; }\n` };
}

/** Fails if the browser does not have the family, since the page would then silently fall back to another. */
export async function requireFamily(driver, family) {
  const installed = await driver.executeScript(
    `const context = document.createElement("canvas").getContext("2d");
    const width = (font) => {
      context.font = \`40px \${font}\`;
      return context.measureText("The widths of these letters tell families apart").width;
    };
    const [family] = arguments;
    return ["monospace", "serif"].every((generic) => width(\`"\${family}", \${generic}\`) !== width(generic));`,
    family,
  );
  if (!installed)
    throw new Error(
      `The font ${family} is missing; to get it: \`cargo xtask setup --browsers\`, or install it by hand.`,
    );
}

/** The demo's deck as most tests meet it: it asks for plain choices. `published` has it as it is. */
const DEMO_DECK = "/decks/assistant-style-en.json";

function plainDeck(file) {
  const { answers: _, ...deck } = JSON.parse(readFileSync(file, "utf8"));
  return JSON.stringify(deck);
}

/** The demo's deck as visitors of the site get it, for `serve`. */
export const published = { [DEMO_DECK]: readFileSync(join(ROOT, "www", DEMO_DECK), "utf8") };

/**
 * Serves the site, and `extra` pages by path: a page's text, `{ text, headers }`, or a function of the request and the
 * response. A sandboxed frame may load them, which has no origin of its own. `requests` holds every path that was ever asked for, by any method. For `browser` "webkit" all
 * pages have open roots, since its driver cannot look into closed ones.
 */
export async function serve(extra = {}, browser) {
  const requests = [];
  const opened = (page) =>
    browser === "webkit" ? String(page).replace(/<!doctype html>/i, `$&${OPEN_ROOTS}`) : page;
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    if (path === "/open-roots.js") {
      response.writeHead(200, { ...OPEN, "content-type": TYPES[".js"] }).end(OPENING);
      return;
    }
    requests.push(`${request.method} ${request.url}`);
    if (typeof extra[path] === "function") {
      extra[path](request, response);
      return;
    }
    if (path in extra) {
      const { text, headers } = extra[path].text === undefined ? { text: extra[path] } : extra[path];
      const type = TYPES[extname(path)] ?? TYPES[".html"];
      response.writeHead(200, { ...OPEN, "content-type": type, ...headers });
      response.end(type === TYPES[".html"] ? opened(text) : text);
      return;
    }
    const inside = normalize(path.endsWith("/") ? `${path}index.html` : path);
    const file = inside.startsWith("/pkg/")
      ? join(ROOT, inside)
      : join(ROOT, IS_BUILT.test(inside) ? BUILT : "www", inside);
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    const content = inside === DEMO_DECK ? plainDeck(file) : readFileSync(file);
    response
      .writeHead(200, { ...OPEN, "content-type": type })
      .end(type === TYPES[".html"] ? opened(content) : content);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * The browsers under test by name, each a function that starts one with a window of the given size. Chromium and Firefox may
 * keep a `profile` in a folder, which outlives them. `prefers` is the color scheme that the person prefers. With `catchAll`, a port of this machine, every host but 127.0.0.1 leads there, whatever its name and port. With `names`, another port, addresses are asked for there; WebKit has no such setting. Chromium may have an `extension`, given by its folder. WebKit, as on GNOME, is among them if it is installed. `LEANING_BROWSERS=chromium,webkit` chooses some.
 */
export const BROWSERS = {
  chromium: ({ width = 1280, height = 900, profile, prefers, catchAll, names, extension } = {}) => {
    const options = new chrome.Options();
    options.addArguments(
      ...[
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-sync",
      ],
      ...["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"],
      `--window-size=${width},${height}`,
      ...(profile ? [`--user-data-dir=${profile}`] : []),
      ...(catchAll
        ? [...CHROMIUM_QUIET, `--host-resolver-rules=MAP * 127.0.0.1:${catchAll}, EXCLUDE 127.0.0.1`]
        : []),
      ...(names ? [...CHROMIUM_QUIET, "--ignore-certificate-errors"] : []),
      ...(extension
        ? ["--disable-features=DisableLoadExtensionCommandLineSwitch", `--load-extension=${extension}`]
        : []),
    );
    if (names)
      options.setLocalState({
        "dns_over_https.mode": "secure",
        "dns_over_https.templates": dnsOverHttps(names),
      });
    const service = new chrome.ServiceBuilder(process.env.LEANING_CHROMEDRIVER);
    const driver = new Builder()
      .forBrowser("chrome")
      .setChromeOptions(options)
      .setChromeService(service)
      .build();
    const features = [{ name: "prefers-color-scheme", value: prefers }];
    return prefers
      ? driver.sendAndGetDevToolsCommand("Emulation.setEmulatedMedia", { features }).then(() => driver)
      : driver;
  },
  firefox: ({ width = 1280, height = 900, profile, prefers, catchAll, names } = {}) => {
    const options = new firefox.Options();
    if (prefers)
      options.setPreference("layout.css.prefers-color-scheme.content-override", prefers === "dark" ? 0 : 1);
    options.addArguments(
      "-headless",
      `--width=${width}`,
      `--height=${height}`,
      ...(profile ? ["-profile", profile] : []),
    );
    const settings = { ...(catchAll && FIREFOX_PROXY(catchAll)), ...(names && FIREFOX_NAMES(names)) };
    for (const [name, value] of Object.entries(settings)) options.setPreference(name, value);
    if (names) options.setAcceptInsecureCerts(true);
    const service = new firefox.ServiceBuilder(process.env.LEANING_GECKODRIVER);
    return new Builder().forBrowser("firefox").setFirefoxOptions(options).setFirefoxService(service).build();
  },
  ...(process.env.LEANING_WEBKITDRIVER && { webkit: startWebKit }),
};

// Set to nothing, the variable counts as not set: it would leave no browser, and every suite would pass empty.
const chosen = process.env.LEANING_BROWSERS ? process.env.LEANING_BROWSERS.split(",") : Object.keys(BROWSERS);
for (const name of Object.keys(BROWSERS)) {
  if (!chosen.includes(name)) delete BROWSERS[name];
}

/** Chromium asks its maker what the fields of forms are for, unless it is told not to. */
const CHROMIUM_QUIET = ["--disable-features=AutofillServerCommunication,OptimizationHints"];

/** Firefox’s settings for a proxy, which gets every request except those to this machine. */
const FIREFOX_PROXY = (port) => ({
  "network.proxy.type": 1,
  "network.proxy.http": "127.0.0.1",
  "network.proxy.http_port": port,
  "network.proxy.ssl": "127.0.0.1",
  "network.proxy.ssl_port": port,
  "media.peerconnection.ice.loopback": true,
  // The driver turns preconnecting off, and a form to another host would have to be confirmed.
  "network.http.speculative-parallel-limit": 6,
  "security.warn_submit_secure_to_insecure": false,
});

const dnsOverHttps = (port) => `https://127.0.0.1:${port}/dns-query`;

/** Firefox’s settings for asking for addresses over HTTPS alone. */
const FIREFOX_NAMES = (port) => ({
  "network.trr.mode": 3,
  "network.trr.uri": dnsOverHttps(port),
  "network.trr.confirmationNS": "skip",
});

const proxy = (port) => ({
  proxyType: "manual",
  httpProxy: `127.0.0.1:${port}`,
  sslProxy: `127.0.0.1:${port}`,
  noProxy: ["127.0.0.1"],
});

/** Starts WebKit. Its driver is a separate server, which ends with the browser. */
async function startWebKit({ width = 1280, height = 900, prefers, catchAll } = {}) {
  const port = await freePort();
  // It has no sandbox for root, and the name of the variable says so.
  const env = {
    ...process.env,
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
    ...(prefers && { GTK_THEME: prefers === "dark" ? "Adwaita:dark" : "Adwaita" }),
  };
  const server = spawn(
    "xvfb-run",
    ["-a", "-s", "-screen 0 1600x1200x24", process.env.LEANING_WEBKITDRIVER, `--port=${port}`],
    { env, stdio: "ignore", detached: true },
  );
  const end = () => {
    try {
      process.kill(-server.pid);
    } catch {
      // The process has ended already.
    }
  };
  process.once("exit", end);
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    try {
      await fetch(`${url}/status`);
      break;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const options = { binary: process.env.LEANING_MINIBROWSER, args: ["--automation"] };
  const driver = await new Builder()
    .usingServer(url)
    .withCapabilities({
      browserName: "MiniBrowser",
      "webkitgtk:browserOptions": options,
      ...(catchAll && { proxy: proxy(catchAll) }),
    })
    .build();
  const quit = driver.quit.bind(driver);
  driver.quit = () => quit().finally(end);
  await driver.manage().window().setRect({ x: 0, y: 0, width, height });
  return driver;
}

function freePort() {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Waits until somebody can have read a question: an answer before that does not count. The time runs from the page's next
 * paint, which a busy machine may delay. A page that nobody sees is never painted.
 */
export const unhurried = (driver) =>
  driver.executeAsyncScript(`const [done] = arguments;
    requestAnimationFrame(() => setTimeout(() => setTimeout(done, 600)));
    setTimeout(done, 3000);`);

/** The pause between two looks at a condition, in milliseconds. The driver's own 200 add up to minutes. */
const LOOK = 50;

/** Waits until `condition` returns something true, and returns that. */
export async function until(driver, condition, what) {
  return driver.wait(
    async () => {
      try {
        return await condition();
      } catch (error) {
        // An element that was just found may be gone between two questions.
        if (
          [
            "StaleElementReferenceError",
            "NoSuchElementError",
            "NoSuchShadowRootError",
            "DetachedShadowRootError",
          ].includes(error.name)
        )
          return false;
        throw error;
      }
    },
    20_000,
    what,
    LOOK,
  );
}
