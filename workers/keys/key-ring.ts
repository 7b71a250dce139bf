import { fail, ok, type Result } from "@sluice/protocol";
import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import { type HmacKey, hmacKeyOf, hmacSha256 } from "./hmac.ts";

/** Bytes of one ring key. */
const RING_KEY_BYTES = 32;
/** More than this many would make every forged client id cost too much arithmetic. */
const MAX_RING_KEYS = 8;
const TAG_BYTES = 8;
const ENTRY = /^(0|[1-9]\d{0,2}):([A-Za-z0-9_-]{43})$/;

/** One secret of the deployment, known by the number that keys carry. */
export interface RingKey {
  readonly id: number;
  readonly hmac: HmacKey;
}

/** The secrets that keys and ids are tagged with: the first signs, all verify. */
export interface KeyRing {
  readonly signer: RingKey;
  readonly keys: readonly RingKey[];
}

/**
 * Reads `id:base64url32bytes[,id:…]`, ids from 0 to 255. To rotate, put a new entry first; an entry that is
 * taken out invalidates every key and every client id that was made under it.
 */
export function parseKeyRing(text: string): Result<KeyRing, "malformed_ring"> {
  const entries = text.split(",", MAX_RING_KEYS + 1);
  if (entries.length > MAX_RING_KEYS) return fail("malformed_ring");
  const keys: RingKey[] = [];
  for (const entry of entries) {
    const [, number, secretText] = ENTRY.exec(entry.trim()) ?? [];
    const id = Number(number);
    const secret = decodeBase64url(secretText ?? "");
    const taken = keys.some((key) => key.id === id);
    if (!(id <= 255) || secret?.length !== RING_KEY_BYTES || taken) return fail("malformed_ring");
    keys.push({ id, hmac: hmacKeyOf(secret) });
  }
  const [signer] = keys;
  return signer === undefined ? fail("malformed_ring") : ok({ signer, keys });
}

/** A new ring of one key, as text for the secret `KEY_RING`. `secret` is 32 random bytes. */
export function generateKeyRing(
  secret: Uint8Array = crypto.getRandomValues(new Uint8Array(RING_KEY_BYTES)),
): string {
  return `1:${encodeBase64url(secret)}`;
}

/** The keyed tag of a message: the first 8 bytes of HMAC-SHA256 (RFC 2104; truncation, section 5). */
export function tagOf(key: RingKey, message: Uint8Array): Uint8Array<ArrayBuffer> {
  return hmacSha256(key.hmac, message).subarray(0, TAG_BYTES);
}
