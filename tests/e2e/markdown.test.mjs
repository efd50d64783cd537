// The nodes that become of Markdown.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BROWSERS, serve } from "./harness.mjs";

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title></head><body>
<script type="module" src="/markdown-page.js"></script></body></html>`;
const SCRIPT = `import { markdown } from "/pkg/markdown.js";
window.show = (text) => {
  const place = document.createElement("div");
  place.append(markdown(text));
  for (const element of place.querySelectorAll("[style]")) element.removeAttribute("style");
  return place.innerHTML;
};`;

/** Texts and their nodes. A body of more than one paragraph is a div. */
const CASES = [
  ["a *b* **c** `d < e` ~~f~~", "a <em>b</em> <strong>c</strong> <code>d &lt; e</code> <del>f</del>"],
  ["one\n\ntwo", "<div><p>one</p><p>two</p></div>"],
  ["# One\n\n#### Four", "<div><h4>One</h4><h6>Four</h6></div>"],
  ["3. a\n4. b", '<div><ol start="3"><li>a</li><li>b</li></ol></div>'],
  ["- a\n\n- b\n  - [x] c", "<div><ul><li><p>a</p></li><li><p>b</p><ul><li>☑ c</li></ul></li></ul></div>"],
  ["> a\n\n---", "<div><blockquote><p>a</p></blockquote><hr></div>"],
  ["```js\na < b\n```", '<div><pre tabindex="0"><code>a &lt; b</code></pre></div>'],
  [
    "| a | b |\n|---|--:|\n| 1 | *2* |",
    '<div><div tabindex="0"><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td><em>2</em></td></tr></tbody></table></div></div>',
  ],
  [
    "[a](https://example.org/?b=c&d)",
    '<a href="https://example.org/?b=c&amp;d" target="_blank" rel="noopener noreferrer nofollow">a</a>',
  ],
  ["[a](javascript:alert(1)) [b](/relative) ![c](https://example.org/c.png)", "a b c"],
  [
    "a <b onclick=alert(1)>b</b> &amp; &#x63; &unknown; &#0;",
    "a &lt;b onclick=alert(1)&gt;b&lt;/b&gt; &amp; c &amp;unknown; \ufffd",
  ],
  ["a\\*b  \nc", "a*b<br>c"],
  ["", "<div></div>"],
];

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(`Markdown in ${name}`, () => {
    let site;
    let driver;
    before(async () => {
      // No string may become HTML in this page, not even through a trusted type.
      const headers = {
        "content-security-policy":
          "require-trusted-types-for 'script'; trusted-types 'none'; style-src 'self'",
      };
      site = await serve({ "/markdown-page.js": SCRIPT, "/markdown.html": { text: PAGE, headers } }, name);
      driver = await start();
      await driver.get(`${site.url}/markdown.html`);
      await driver.wait(() => driver.executeScript("return typeof show === 'function'"), 20_000, "the page");
    });
    after(async () => {
      await driver?.quit();
      await site?.close();
    });

    test("CommonMark and GitHub's additions become nodes", async () => {
      for (const [text, expected] of CASES)
        assert.equal(await driver.executeScript("return show(arguments[0])", text), expected, text);
    });
  });
}
