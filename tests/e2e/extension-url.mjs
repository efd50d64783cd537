import { createHash } from "node:crypto";

/** The URL of an extension in a folder. Chromium identifies it by a hash of the path, with letters for digits. */
export function extensionUrl(folder) {
  const hash = createHash("sha256").update(folder).digest("hex").slice(0, 32);
  const id = hash.replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));
  return `chrome-extension://${id}`;
}
