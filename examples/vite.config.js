import { svelte } from "@sveltejs/vite-plugin-svelte";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

const isCustomElement = (tag) => tag.startsWith("leaning-");

export default defineConfig({
  base: "/examples/",
  plugins: [vue({ template: { compilerOptions: { isCustomElement } } }), svelte()],
  // The package is a link to what was just built.
  resolve: { preserveSymlinks: true },
  build: {
    target: "es2022",
    outDir: "../target/examples",
    emptyOutDir: true,
    // Angular's compiler, which its example takes along.
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: ["plain", "react", "vue", "svelte", "angular", "holiday", "chat"].map(
        (name) => `${name}/index.html`,
      ),
    },
  },
});
