// Gives each answer a policy with a nonce, and the nonce to its scripts.

export default defineNitroPlugin((nitro) => {
  nitro.hooks.hook("render:response", (response) => {
    const nonce = btoa(crypto.randomUUID());
    response.body = response.body.replaceAll("<script", `<script nonce="${nonce}"`);
    response.headers["content-security-policy"] =
      `default-src 'none'; script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'`;
  });
});
