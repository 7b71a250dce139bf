import {
  compressSha256,
  initialSha256State,
  type Sha256State,
  sha256,
  sha256StateBytes,
} from "@sluice/protocol";
import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import { concatBytes, encodeHex, equalBytes } from "./bytes.ts";

/** HMAC's block of SHA-256, and what pads the key in it (RFC 2104, section 2). */
const BLOCK_BYTES = 64;
const STATE_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
const encoder = new TextEncoder();

/**
 * What is kept of a secret so that signatures made with it can be checked: the two states that HMAC-SHA-256
 * is in once it has taken in the key (RFC 2104, section 4), base64url. They check signatures, and would make
 * them; the secret cannot be had from them, so they open nothing that asks for the secret itself. The secret
 * is at most one block long.
 */
export function signingStateOf(secret: string): string {
  const key = encoder.encode(secret);
  const states = [INNER_PAD, OUTER_PAD].map((pad) => sha256StateBytes(stateAfter(key, pad)));
  return encodeBase64url(concatBytes(...states));
}

/** Whether `signature` is the HMAC-SHA-256 of a message, in hex, under the secret of a signing state. */
export function isSignedWith(signing: string, message: string, signature: string): boolean {
  const states = decodeBase64url(signing);
  if (states?.length !== 2 * STATE_BYTES) return false;
  const inner = sha256(encoder.encode(message), stateAt(states, 0), BLOCK_BYTES);
  const mac = sha256(inner, stateAt(states, STATE_BYTES), BLOCK_BYTES);
  return equalBytes(encoder.encode(encodeHex(mac)), encoder.encode(signature.toLowerCase()));
}

function stateAfter(key: Uint8Array, pad: number): Sha256State {
  if (key.length > BLOCK_BYTES) throw new RangeError("a secret is at most one block long");
  const padded = new Uint8Array(BLOCK_BYTES).map((_, index) => (key[index] ?? 0) ^ pad);
  const state = initialSha256State();
  compressSha256(state, wordsOf(padded));
  return state;
}

function stateAt(bytes: Uint8Array, start: number): Sha256State {
  return wordsOf(bytes.subarray(start, start + STATE_BYTES));
}

/** Words of four bytes, the most significant first. */
function wordsOf(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Int32Array.from({ length: bytes.length / 4 }, (_, word) => view.getInt32(word * 4));
}
