import adapter from "@sveltejs/adapter-node";

export default {
  kit: {
    adapter: adapter(),
    csp: {
      directives: {
        "default-src": ["none"],
        "script-src": ["self", "wasm-unsafe-eval"],
        "style-src": ["self"],
        "connect-src": ["self"],
        "base-uri": ["none"],
        "form-action": ["none"],
      },
    },
  },
};
