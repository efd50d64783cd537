// Keeps the site for visits without a network. `FILES`, above, has the hash of every file by its path, and `LATER` the paths of
// those that are kept once they are needed.
//
// A file is kept under its hash, so an update fetches only what has changed, and a page never gets files of two versions:
// a version is used once all of it is there, and no page of another version is open but one that will load again.

const SCOPE = new URL(registration.scope);
const CACHE = `leaning-site ${SCOPE.pathname}`;

/** How often, and with which pause in milliseconds, a version looks whether it may take over. */
const [TRIES, PAUSE] = [5, 200];

/** The place of a file in the cache. */
const keyOf = (path) => new URL(`${path}?${encodeURIComponent(FILES[path])}`, SCOPE).href;

/** The file that an address means, or undefined. Hosts differ in how they name a folder and a page. */
function fileAt(address) {
  const url = new URL(address);
  if (url.origin !== SCOPE.origin || !url.pathname.startsWith(SCOPE.pathname)) return undefined;
  const path = decodeURIComponent(url.pathname.slice(SCOPE.pathname.length));
  const names = path === "" || path.endsWith("/") ? [`${path}index.html`] : [path, `${path}.html`];
  return names.find((name) => Object.hasOwn(FILES, name));
}

async function install() {
  const cache = await caches.open(CACHE);
  const missing = await Promise.all(
    Object.keys(FILES)
      .filter((path) => !LATER.includes(path))
      .map(async (path) => ((await cache.match(keyOf(path))) ? [] : path)),
  );
  await Promise.all(missing.flat().map((path) => keep(cache, path)));
}

/** Fetches a file. One of another version, or a page that a host put in its place, has another hash and is refused. */
async function keep(cache, path) {
  const response = await fetch(new URL(path, SCOPE), { cache: "no-cache", integrity: FILES[path] });
  if (!response.ok) throw new Error(`${path}: the server answered ${response.status}`);
  // A browser's own cache could bring a style sheet of an old version into a page of the new one.
  const headers = new Headers(response.headers);
  headers.set("cache-control", "no-cache");
  // A response that was redirected could not answer a navigation later.
  await cache.put(keyOf(path), new Response(await response.blob(), { headers }));
}

/** Forgets the files that only earlier versions had. */
async function activate() {
  const cache = await caches.open(CACHE);
  const kept = new Set(Object.keys(FILES).map(keyOf));
  const old = (await cache.keys()).filter(({ url }) => !kept.has(url));
  await Promise.all(old.map((request) => cache.delete(request)));
}

/** Lets this version take over from the one before, if the page that asks for it is the only one that is open. */
async function takeOver() {
  for (let tries = 0; tries < TRIES; tries++) {
    const pages = await clients.matchAll({ includeUncontrolled: true, type: "window" });
    if (pages.filter(({ url }) => url.startsWith(SCOPE.href)).length === 1) return skipWaiting();
    // The page that was left may not be gone yet.
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

async function answer(request, path) {
  const cache = await caches.open(CACHE);
  const kept = () => cache.match(keyOf(path));
  if (LATER.includes(path) && !(await kept())) {
    // Of another version there is none to keep.
    await keep(cache, path).catch(() => {});
  }
  // The browser may have made room.
  return (await kept()) ?? fetch(request);
}

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("message", (event) => event.data === "take over" && event.waitUntil(takeOver()));
addEventListener("fetch", (event) => {
  const path = event.request.method === "GET" && fileAt(event.request.url);
  if (path) event.respondWith(answer(event.request, path));
});
