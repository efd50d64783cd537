// The language of the page around an element, which a language switcher or a translator may change at any time.

const followers = new Set<() => void>();
const observer =
  globalThis.MutationObserver &&
  new MutationObserver(() => {
    for (const follower of followers) follower();
  });

/** Calls `follower` whenever a `lang` changes in the trees around an element, from its own root to the document. */
export function followLanguage(element: Element, follower: () => void): void {
  followers.add(follower);
  let root: Node | undefined = element.getRootNode();
  while (root) {
    observer?.observe(root, { subtree: true, attributes: true, attributeFilter: ["lang"] });
    root = (root as Partial<ShadowRoot>).host?.getRootNode();
  }
}

/** Calls a follower no longer. */
export function unfollowLanguage(follower: () => void): void {
  followers.delete(follower);
  if (followers.size === 0) observer?.disconnect();
}
