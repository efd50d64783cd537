// Sockets that hear everything that a page sends to other places than its own server: connections to any host and port,
// datagrams, and names that are looked up.

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { createServer } from "node:net";

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

/** The content security policy that the README recommends. */
export const [, README_POLICY] = README.match(/^Content-Security-Policy: (.+)$/m);

/** How a connection without a word, a datagram that opens a connection of HTTP/3, and any other are told in `heard`. */
export const [CONNECTION, QUIC, DATAGRAM] = ["a connection", "a datagram of QUIC", "a datagram"];

/** Hosts that browsers ask by themselves. */
const BROWSERS_OWN =
  /\.(?:mozilla\.(?:com|org|net)|firefox\.com|google\.com|googleapis\.com|gvt1\.com|gstatic\.com)/;

/**
 * Starts to listen. A browser that is started with `catchAll: port` sends everything here that is not for 127.0.0.1, and
 * addresses of this machine may name the port as well.
 */
export async function listen() {
  const connections = [];
  const datagrams = [];
  /** The ports of the browser whose datagrams were forgotten. */
  const past = new Set();
  const sockets = new Set();
  const tcp = createServer((socket) => {
    const connection = { text: "" };
    connections.push(connection);
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    socket.on("data", (data) => {
      connection.text += data.toString("latin1");
      if (connection.text.includes("\r\n\r\n"))
        socket.end(
          "HTTP/1.1 204 No Content\r\naccess-control-allow-origin: *\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        );
    });
  });
  // Both upper bits of a long header are set (RFC 9000), and neither is in a message to a STUN server.
  const udp = createSocket("udp4", (message, { port }) =>
    datagrams.push({ port, text: message[0] >= 0xc0 ? QUIC : DATAGRAM }),
  );
  tcp.listen(0, "127.0.0.1");
  await once(tcp, "listening");
  const { port } = tcp.address();
  udp.bind(port, "127.0.0.1");
  await once(udp, "listening");
  return {
    port,
    /** All that was heard, by its first line, except the browser's own. */
    heard: () => [
      ...connections
        .filter(({ text }) => !BROWSERS_OWN.test(text))
        .map(
          ({ text }) =>
            text
              .split("\r\n")[0]
              .replaceAll(/[^ -~]+/g, " ")
              .slice(0, 300) || CONNECTION,
        ),
      ...datagrams.filter(({ port }) => !past.has(port)).map(({ text }) => text),
    ],
    /** Whether something came with a name in it, as in its address. */
    hasHeard: (name) => connections.some(({ text }) => text.includes(name)),
    /** Forgets what was heard, and closes connections that a browser may keep for later. */
    forget() {
      for (const socket of sockets) socket.destroy();
      // Browsers send the first datagrams again and again as long as there is no answer, even after the page is gone.
      for (const { port } of datagrams) past.add(port);
      connections.length = datagrams.length = 0;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      udp.close();
      tcp.close();
    },
  };
}

/**
 * Answers questions for addresses (DNS over HTTPS, RFC 8484): no name has any. A browser that is started with
 * `names: port` asks here for every name.
 */
export async function listenToNames() {
  const names = [];
  const pem = readFileSync(new URL("listener.pem", import.meta.url));
  const server = createSecureServer({ key: pem, cert: pem, allowHTTP1: true }, async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const inUrl = new URL(request.url, "https://127.0.0.1").searchParams.get("dns");
    const message = inUrl === null ? Buffer.concat(parts) : Buffer.from(inUrl, "base64url");
    names.push(nameIn(message));
    // The question comes back as an answer: the name does not exist.
    message.writeUInt16BE(0x8183, 2);
    response.setHeader("content-type", "application/dns-message");
    response.end(message);
  });
  server.on("tlsClientError", () => {});
  server.on("sessionError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const sockets = new Set();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  return {
    port: server.address().port,
    /** The names that were asked for, except the browser's own. */
    heard: () => names.filter((name) => !BROWSERS_OWN.test(`.${name}`)),
    forget: () => {
      names.length = 0;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** The name in the question of a DNS message: labels with their lengths, after a header of 12 bytes (RFC 1035). */
function nameIn(message) {
  const labels = [];
  for (let place = 12; message[place] > 0; place += message[place] + 1)
    labels.push(message.toString("latin1", place + 1, place + 1 + message[place]));
  return labels.join(".");
}
