export default defineNuxtConfig({
  compatibilityDate: "2026-01-01",
  telemetry: false,
  // Styles within the page would need nonces of their own.
  features: { inlineStyles: false },
  vue: { compilerOptions: { isCustomElement: (tag) => tag.startsWith("leaning-") } },
});
