// Interviews hear of what else happens to their logs in localStorage: in other tabs, while a page was out of sight, and by
// other interviews of the same page.

/** An interview whose log may change elsewhere. */
export interface Listener {
  /** The key of the log in localStorage; undefined if it is in memory alone. */
  readonly storageKey: string | undefined;
  /** The log may have been written elsewhere. */
  refresh(): void;
  /** The log was removed elsewhere. */
  removedElsewhere(): void;
}

// Weakly held: an interview that is dropped without `free` is garbage as before.
const listeners = new Set<WeakRef<Listener>>();

/** Lets an interview hear. The function that is returned ends that. */
export function listen(listener: Listener): () => void {
  const reference = new WeakRef(listener);
  listeners.add(reference);
  hear();
  return () => listeners.delete(reference);
}

/** Tells the other interviews of this page that one has written its log, or removed it. */
export function tellOthers(teller: Listener, event: "refresh" | "removedElsewhere"): void {
  const { storageKey } = teller;
  if (storageKey === undefined) return;
  for (const listener of withKey(storageKey)) {
    if (listener !== teller) listener[event]();
  }
}

/** The interviews with a key, or all that have one. */
function withKey(key: string | null): Listener[] {
  const found: Listener[] = [];
  for (const reference of listeners) {
    const listener = reference.deref();
    if (!listener) listeners.delete(reference);
    else if (listener.storageKey !== undefined && (key === null || listener.storageKey === key)) {
      found.push(listener);
    }
  }
  return found;
}

function refreshAll(): void {
  for (const listener of withKey(null)) listener.refresh();
}

// The order of these events is that of the changes, which the storage itself does not tell.
function onStorage({ key, newValue, isTrusted }: StorageEvent): void {
  for (const listener of withKey(key)) {
    // Where a text cannot be removed, an empty one takes its place. Pages send such events, too, often without a value.
    if (newValue || !isTrusted) listener.refresh();
    else listener.removedElsewhere();
  }
}

// A page that was out of sight, or comes from the back-forward cache, may have missed events.
function onShow({ persisted }: PageTransitionEvent): void {
  if (persisted) refreshAll();
}

function onVisibility(): void {
  if (document.visibilityState === "visible") refreshAll();
}

/**
 * Hears the browser's events. `document.open` and `document.write` remove all listeners of a page whose scripts go on, so
 * this is called again and again: a listener that is there is not added twice.
 */
export function hear(): void {
  globalThis.addEventListener?.("storage", onStorage);
  globalThis.addEventListener?.("pageshow", onShow);
  globalThis.document?.addEventListener("visibilitychange", onVisibility);
}
