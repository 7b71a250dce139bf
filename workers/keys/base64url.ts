const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BITS = 6;
/** By character code: its value, or 255 where it has none. */
const VALUES = Uint8Array.from({ length: 128 }, (_, code) =>
  ALPHABET.indexOf(String.fromCharCode(code)),
);
const NO_VALUE = 255;

/** Bytes as base64url without padding (RFC 4648, section 5). */
export function encodeBase64url(bytes: Uint8Array): string {
  const binary = String.fromCharCode(...bytes);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Bytes of base64url text, or null. Exactly one text is accepted for each value: spare bits are zero. One
 * pass over a table, because every forged key is decoded.
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 === 1) return null;
  const bytes = new Uint8Array((text.length * BITS) >> 3);
  let pending = 0;
  let width = 0;
  let filled = 0;
  for (let index = 0; index < text.length; index += 1) {
    const value = VALUES[text.charCodeAt(index)] ?? NO_VALUE;
    if (value === NO_VALUE) return null;
    pending = ((pending << BITS) | value) & 0xffff;
    width += BITS;
    if (width < 8) continue;
    width -= 8;
    bytes[filled++] = pending >> width;
  }
  return (pending & ((1 << width) - 1)) === 0 ? bytes : null;
}
