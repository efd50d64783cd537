import { LeaningError } from "./error.js";

/**
 * Fetches a file without cookies and without telling the page's address. With `integrity`, hashes as in the attribute
 * of a script, another content is an error.
 */
export async function fetchFile(url: string | URL, integrity?: string | null): Promise<Response> {
  const options: RequestInit = { credentials: "omit", referrerPolicy: "no-referrer" };
  if (integrity) options.integrity = integrity;
  const response = await fetch(url, options).catch((error: Error) => {
    throw new LeaningError("fetch", `${url}: ${error.message}`);
  });
  if (!response.ok) throw new LeaningError("fetch", `${url}: the server answered ${response.status}`);
  return response;
}
