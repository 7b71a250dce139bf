const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** By character code: its value, or 255 where it has none. */
const VALUES = Uint8Array.from({ length: 128 }, (_, code) =>
  ALPHABET.indexOf(String.fromCharCode(code)),
);
const NO_VALUE = 255;
const MAX_VALUE = 63;

/** Bytes as base64url without padding (RFC 4648, section 5). */
export function encodeBase64url(bytes: Uint8Array): string {
  const binary = String.fromCharCode(...bytes);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Bytes of base64url text, or null. Exactly one text is accepted for each value: spare bits are zero. One
 * pass over a table, four characters a step, because every forged key is decoded.
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  const spare = text.length % 4;
  if (spare === 1) return null;
  const whole = text.length - spare;
  const bytes = new Uint8Array((text.length * 3) >> 2);
  let filled = 0;
  for (let index = 0; index < whole; index += 4) {
    const a = valueAt(text, index);
    const b = valueAt(text, index + 1);
    const c = valueAt(text, index + 2);
    const d = valueAt(text, index + 3);
    if ((a | b | c | d) > MAX_VALUE) return null;
    bytes[filled++] = (a << 2) | (b >> 4);
    bytes[filled++] = (b << 4) | (c >> 2);
    bytes[filled++] = (c << 6) | d;
  }
  return spare === 0 || decodeRest(text, whole, bytes, filled) ? bytes : null;
}

/** Decodes the last two or three characters; whether they are in the alphabet, and what they have to spare zero. */
function decodeRest(text: string, start: number, bytes: Uint8Array, filled: number): boolean {
  const a = valueAt(text, start);
  const b = valueAt(text, start + 1);
  const hasThird = start + 2 < text.length;
  const c = hasThird ? valueAt(text, start + 2) : 0;
  bytes[filled] = (a << 2) | (b >> 4);
  if (hasThird) bytes[filled + 1] = (b << 4) | (c >> 2);
  const unused = hasThird ? c & 3 : b & 15;
  return (a | b | c) <= MAX_VALUE && unused === 0;
}

function valueAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < VALUES.length ? (VALUES[code] as number) : NO_VALUE;
}
