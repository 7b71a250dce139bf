import {
  compressSha256,
  initialSha256State,
  type Sha256State,
  sha256,
  sha256StateBytes,
} from "@sluice/protocol";
import { concatBytes } from "./bytes.ts";

/** HMAC's block of SHA-256, and what pads the key in it (RFC 2104, section 2). */
const BLOCK_BYTES = 64;
const STATE_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/**
 * A key of HMAC-SHA-256: the two states that the hash is in once it has taken in the key (RFC 2104, section 4).
 * Answers at once: WebCrypto answers by a promise of the runtime, which costs several times the hashes of a
 * short message.
 */
export interface HmacKey {
  readonly inner: Sha256State;
  readonly outer: Sha256State;
}

/** The key of a secret of at most one block. Throws a RangeError on a longer one. */
export function hmacKeyOf(secret: Uint8Array): HmacKey {
  if (secret.length > BLOCK_BYTES) throw new RangeError("a secret is at most one block long");
  return { inner: stateAfter(secret, INNER_PAD), outer: stateAfter(secret, OUTER_PAD) };
}

/** HMAC-SHA-256 of a message, 32 bytes. */
export function hmacSha256(
  { inner, outer }: HmacKey,
  message: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return sha256(sha256(message, inner, BLOCK_BYTES), outer, BLOCK_BYTES);
}

/** A key as 64 bytes. They make and check signatures; the secret cannot be had from them. */
export function hmacKeyBytes({ inner, outer }: HmacKey): Uint8Array<ArrayBuffer> {
  return concatBytes(sha256StateBytes(inner), sha256StateBytes(outer));
}

/** The key of those bytes; null for any other number of them. */
export function readHmacKey(bytes: Uint8Array): HmacKey | null {
  if (bytes.length !== 2 * STATE_BYTES) return null;
  return {
    inner: wordsOf(bytes.subarray(0, STATE_BYTES)),
    outer: wordsOf(bytes.subarray(STATE_BYTES)),
  };
}

function stateAfter(secret: Uint8Array, pad: number): Sha256State {
  const padded = new Uint8Array(BLOCK_BYTES).map((_, index) => (secret[index] ?? 0) ^ pad);
  const state = initialSha256State();
  compressSha256(state, wordsOf(padded));
  return state;
}

/** Words of four bytes, the most significant first. */
function wordsOf(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Int32Array.from({ length: bytes.length / 4 }, (_, word) => view.getInt32(word * 4));
}
