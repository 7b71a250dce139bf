/** Crockford's alphabet in lower case: no i, l, o or u, and in the order of the values, so texts sort as bytes do. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const BITS = 5;

/** Bytes as Crockford base32, lower case, first byte first; spare bits at the end are zero. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = "";
  let pending = 0;
  let width = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    width += 8;
    while (width >= BITS) {
      width -= BITS;
      text += ALPHABET[(pending >> width) & 31];
    }
    pending &= (1 << width) - 1;
  }
  return width > 0 ? text + ALPHABET[(pending << (BITS - width)) & 31] : text;
}

/**
 * Bytes of base32 text, or null. Stricter than Crockford's reading: upper case and look-alike letters are
 * refused, so that one value has one text and can name an object.
 */
export function decodeBase32(text: string): Uint8Array<ArrayBuffer> | null {
  const bytes = new Uint8Array(Math.floor((text.length * BITS) / 8));
  let pending = 0;
  let width = 0;
  let filled = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return null;
    pending = ((pending << BITS) | value) & 0xfff;
    width += BITS;
    if (width >= 8) {
      width -= 8;
      bytes[filled++] = (pending >> width) & 255;
    }
  }
  return encodeBase32(bytes) === text ? bytes : null;
}
