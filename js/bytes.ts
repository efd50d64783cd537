/** Decodes base64, which is the shortest way to keep bytes in a script once it is compressed. */
export function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
