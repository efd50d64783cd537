// Modules that `cargo xtask package` hands to the bundler.

declare module "leaning-css/*" {
  /** A minified style sheet. */
  const css: string;
  export default css;
}

declare module "leaning-wasm-binary" {
  const base64: string;
  export default base64;
}

declare module "leaning-style-wasm-binary" {
  const base64: string;
  export default base64;
}
