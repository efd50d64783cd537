// Gives each answer a policy with a nonce, which Next.js puts on its scripts.

import { NextResponse } from "next/server";

export function proxy(request) {
  const nonce = btoa(crypto.randomUUID());
  const policy = `default-src 'none'; script-src 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'`;
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}
