// Serves a function of a Request, as Next.js and others call it, in a plain server of Node.js.

import { Readable } from "node:stream";

/** A handler for `http.createServer` that answers with the Response of `route`. */
export function serveRoute(route) {
  return async (incoming, outgoing) => {
    const { method, headers } = incoming;
    const body = method === "POST" ? Readable.toWeb(incoming) : null;
    const url = new URL(incoming.originalUrl ?? incoming.url, "http://localhost");
    const request = new Request(url, { method, headers, body, duplex: "half" });
    const response = await Promise.resolve(request)
      .then(route)
      .catch((error) => new Response(`${error}`, { status: 500 }));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    Readable.fromWeb(response.body).pipe(outgoing);
  };
}
