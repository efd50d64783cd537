import { LeaningError, messageOf } from "./error.js";

/**
 * Fetches a file without cookies and without telling the page's address. With `integrity`, hashes as in the attribute
 * of a script, another content is an error.
 */
export async function fetchFile(url: string | URL, integrity?: string | null): Promise<Response> {
  const options: RequestInit = { credentials: "omit", referrerPolicy: "no-referrer" };
  if (integrity) options.integrity = integrity;
  // Something else may have been taken for a URL.
  const place = String(url).slice(0, 200);
  const response = await fetch(url, options).catch((error: unknown) => {
    throw new LeaningError("fetch", `${place}: ${messageOf(error)}`);
  });
  if (!response.ok) throw new LeaningError("fetch", `${place}: the server answered ${response.status}`);
  return response;
}
