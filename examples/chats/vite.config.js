import { defineConfig } from "vite";
import { serveRoute } from "./serve-route.mjs";

/** Runs the server's side of the example of the AI SDK in Vite's own server. */
const route = {
  name: "route",
  configureServer(server) {
    const load = () => server.ssrLoadModule("/ai-sdk/route.ts");
    server.middlewares.use(
      "/api/chat",
      serveRoute(async (request) => (await load()).POST(request)),
    );
  },
};
const gateway = process.env.LEANING_GATEWAY ?? "http://127.0.0.1:8787";

export default defineConfig(({ command }) => ({
  base: "/examples/chats/",
  plugins: [route],
  // The package is a link to what was just built.
  resolve: { preserveSymlinks: true },
  server: { proxy: { "/v1": gateway, "/decks": gateway } },
  // Built, the server's side is one file.
  ssr: command === "build" ? { noExternal: true } : {},
  build: {
    target: "es2022",
    outDir: "../../target/examples/chats",
    emptyOutDir: true,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      // Packages for React mark what runs in the browser. Here everything does.
      onwarn: (warning, warn) => warning.code === "MODULE_LEVEL_DIRECTIVE" || warn(warning),
      input: ["ai-sdk", "assistant-ui", "deep-chat", "fetch"].map((name) => `${name}/index.html`),
    },
  },
}));
