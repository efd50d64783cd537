// Keeps the site for visits without a network. It starts once the page is there, so that nothing waits for it. Whoever
// saves data does without it.

const { serviceWorker } = navigator;

/** Changes to a version that an earlier page has fetched, if this is the only page. It then loads again, whole. */
async function update() {
  const registration = await serviceWorker.getRegistration(new URL("./", import.meta.url));
  if (!registration?.waiting || !serviceWorker.controller) return;
  serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration.waiting.postMessage("take over");
}

function keep() {
  serviceWorker.register(new URL("service-worker.js", import.meta.url)).catch(() => {
    // A browser may forbid it, as in a private window. The site works as before.
  });
}

if (serviceWorker && !navigator.connection?.saveData) {
  update();
  if (document.readyState === "complete") keep();
  else addEventListener("load", keep, { once: true });
}
