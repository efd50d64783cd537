import { defineConfig } from "vite";

export default defineConfig({
  base: "/examples/surveys/",
  // The package is a link to what was just built.
  resolve: { preserveSymlinks: true },
  build: {
    target: "es2022",
    outDir: "../../target/examples/surveys",
    emptyOutDir: true,
    // SurveyJS.
    chunkSizeWarningLimit: 2500,
    rollupOptions: {
      checks: { pluginTimings: false },
      input: ["surveyjs-react", "surveyjs-plain", "jspsych", "voting"].map((name) => `${name}/index.html`),
    },
  },
});
