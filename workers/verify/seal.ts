import { xchacha20 } from "@noble/ciphers/chacha.js";
import { decodeBase64url, encodeBase64url } from "../keys/base64url.ts";
import { concatBytes, equalBytes } from "../keys/bytes.ts";
import { type HmacKey, hmacKeyOf, hmacSha256 } from "../keys/hmac.ts";
import type { KeyRing, RandomBytes } from "../keys/index.ts";
import type { RingKey } from "../keys/key-ring.ts";

/** What is sealed; the prefix is also what keeps one from being taken for the other. */
const PREFIXES = { challenge: "sc_", pass: "sp_" } as const;
export type SealedKind = keyof typeof PREFIXES;

/** Longest text that is looked into: the bound that Turnstile sets for a token. */
export const MAX_SEALED_CHARACTERS = 2_048;

const RING_ID_BYTES = 1;
/** Long enough to be random under one key for good (XChaCha, draft-irtf-cfrg-xchacha-03, section 3.1). */
const NONCE_BYTES = 24;
/** Of HMAC-SHA-256, half of it (RFC 2104, section 5). */
const TAG_BYTES = 16;
const SHORTEST_BYTES = RING_ID_BYTES + NONCE_BYTES + TAG_BYTES;
const encoder = new TextEncoder();

interface SealKeys {
  readonly encryption: Uint8Array;
  readonly tagging: HmacKey;
}
const keysOfRing = new WeakMap<RingKey, { readonly [Kind in SealedKind]: SealKeys }>();

/**
 * Seals bytes so that only this deployment can read them and nobody can change them: the kind's prefix and
 * base64url of `ring id 1 | nonce 24 | XChaCha20 | tag 16`, the tag being an HMAC of all before it (encrypt, then
 * authenticate: Bellare and Namprempre, "Authenticated encryption", 2000). The ring's first key seals, all
 * open. In JavaScript, because WebCrypto takes several times as long for texts that are so short, and as long
 * again to say that one is forged.
 */
export function seal(
  ring: KeyRing,
  kind: SealedKind,
  plain: Uint8Array,
  randomBytes: RandomBytes,
): string {
  const { encryption, tagging } = sealKeys(ring.signer, kind);
  const nonce = randomBytes(NONCE_BYTES);
  const ringId = Uint8Array.of(ring.signer.id);
  const body = concatBytes(ringId, nonce, xchacha20(encryption, nonce, plain));
  return PREFIXES[kind] + encodeBase64url(concatBytes(body, tagOf(tagging, body)));
}

/** The bytes of a seal; null for a text that is none of this kind. Never throws; asks nobody. */
export function unseal(ring: KeyRing, kind: SealedKind, text: string): Uint8Array | null {
  if (text.length > MAX_SEALED_CHARACTERS || !text.startsWith(PREFIXES[kind])) return null;
  const bytes = decodeBase64url(text.slice(PREFIXES[kind].length));
  if (bytes === null || bytes.length < SHORTEST_BYTES) return null;
  const ringKey = ring.keys.find((key) => key.id === bytes[0]);
  if (ringKey === undefined) return null;
  const { encryption, tagging } = sealKeys(ringKey, kind);
  const body = bytes.subarray(0, -TAG_BYTES);
  if (!equalBytes(tagOf(tagging, body), bytes.subarray(-TAG_BYTES))) return null;
  const sealedAt = RING_ID_BYTES + NONCE_BYTES;
  return xchacha20(encryption, body.subarray(RING_ID_BYTES, sealedAt), body.subarray(sealedAt));
}

function tagOf(key: HmacKey, body: Uint8Array): Uint8Array {
  return hmacSha256(key, body).subarray(0, TAG_BYTES);
}

function sealKeys(ringKey: RingKey, kind: SealedKind): SealKeys {
  let keys = keysOfRing.get(ringKey);
  if (keys === undefined) {
    keys = { challenge: deriveKeys(ringKey, "challenge"), pass: deriveKeys(ringKey, "pass") };
    keysOfRing.set(ringKey, keys);
  }
  return keys[kind];
}

/** Keys of their own for each kind, by HMAC of the ring key as in HKDF's expansion (RFC 5869, section 2.3). */
function deriveKeys(ringKey: RingKey, kind: SealedKind): SealKeys {
  const derive = (purpose: string) =>
    hmacSha256(ringKey.hmac, encoder.encode(`sluice ${purpose} ${PREFIXES[kind]}\u0001`));
  return { encryption: derive("seal"), tagging: hmacKeyOf(derive("seal tag")) };
}
