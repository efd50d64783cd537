// A server of the files in a folder at some path, like a static host, which notes how long each file is when compressed.

import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { compressed } from "../../xtask/compressed.mjs";
import { TYPES } from "./harness.mjs";

/** Kinds of files that are sent as they are. */
const COMPRESSED = new Set([".png"]);

/**
 * Serves `folder` at the path `at`, which begins and ends with a slash. `requests` holds each request as
 * `{ path, brotli, status }`, the path from `at` on and the bytes that its file has when it is compressed. Files
 * that `missing` has are not found, and while `isDown` nothing is answered.
 */
export async function serveFolder(folder, at = "/") {
  const sizes = new Map();
  const sizeOf = (bytes, file) => {
    if (!sizes.has(file)) sizes.set(file, COMPRESSED.has(extname(file)) ? bytes.length : compressed(bytes));
    return sizes.get(file);
  };
  const host = { isDown: false, missing: new Set(), requests: [] };
  const server = createServer((request, response) => {
    if (host.isDown) {
      request.socket.destroy();
      return;
    }
    const address = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const path = address.startsWith(at) ? address.slice(at.length) : undefined;
    const inside = normalize(path === "" || path?.endsWith("/") ? `${path}index.html` : (path ?? ".."));
    const file = join(folder, inside);
    if (host.missing.has(path) || inside.startsWith("..") || !existsSync(file) || !statSync(file).isFile()) {
      host.requests.push({ path: path ?? address, brotli: 0, status: 404 });
      response.writeHead(404).end();
      return;
    }
    const bytes = readFileSync(file);
    // Compressing takes long, and few tests ask for it.
    host.requests.push({
      path,
      get brotli() {
        return sizeOf(bytes, file);
      },
      status: 200,
    });
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "cache-control": "max-age=600" }).end(bytes);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(host, {
    url: `http://127.0.0.1:${server.address().port}${at}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  });
}
