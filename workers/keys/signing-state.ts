import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import { encodeHex, equalTexts } from "./bytes.ts";
import { hmacKeyBytes, hmacKeyOf, hmacSha256, readHmacKey } from "./hmac.ts";

const encoder = new TextEncoder();

/**
 * What is kept of a secret so that signatures made with it can be checked: its key of HMAC-SHA-256,
 * base64url. It checks signatures, and would make them; the secret cannot be had from it, so it opens nothing
 * that asks for the secret itself. The secret is at most one block long.
 */
export function signingStateOf(secret: string): string {
  return encodeBase64url(hmacKeyBytes(hmacKeyOf(encoder.encode(secret))));
}

/** Whether `signature` is the HMAC-SHA-256 of a message, in hex, under the secret of a signing state. */
export function isSignedWith(signing: string, message: string, signature: string): boolean {
  const key = readHmacKey(decodeBase64url(signing) ?? new Uint8Array());
  if (key === null) return false;
  const mac = encodeHex(hmacSha256(key, encoder.encode(message)));
  return equalTexts(mac, signature.toLowerCase());
}
