/** The bytes that stand in base64 in a bundle: shorter, once compressed, than the escapes that other ways need. */
export const bytes = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
