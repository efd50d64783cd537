// Sockets that hear everything that a page sends to other places than its own server: connections to any host and port, and
// datagrams.

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

/** The content security policy that the README recommends. */
export const [, README_POLICY] = README.match(/^Content-Security-Policy: (.+)$/m);

/** How a connection without a word, and a datagram, are told in `heard`. */
export const [CONNECTION, DATAGRAM] = ["a connection", "a datagram"];

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
  const udp = createSocket("udp4", (message) => datagrams.push({ text: message.toString("latin1") }));
  tcp.listen(0, "127.0.0.1");
  udp.bind(0, "127.0.0.1");
  await Promise.all([once(tcp, "listening"), once(udp, "listening")]);
  return {
    port: tcp.address().port,
    datagramPort: udp.address().port,
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
      ...datagrams.map(() => DATAGRAM),
    ],
    /** Whether something came with a name in it, as in its address. */
    hasHeard: (name) => connections.some(({ text }) => text.includes(name)),
    /** Forgets what was heard, and closes connections that a browser may keep for later. */
    forget() {
      for (const socket of sockets) socket.destroy();
      connections.length = datagrams.length = 0;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      udp.close();
      tcp.close();
    },
  };
}
