import { decodeBase64url, encodeBase64url } from "../keys/base64url.ts";
import { concatBytes } from "../keys/bytes.ts";
import type { KeyRing, RandomBytes } from "../keys/index.ts";
import type { RingKey } from "../keys/key-ring.ts";

/** What is sealed; the prefix is also what keeps one from being taken for the other. */
const PREFIXES = { challenge: "sc_", pass: "sp_" } as const;
export type SealedKind = keyof typeof PREFIXES;

/** Longest text that is looked into: the bound that Turnstile sets for a token. */
export const MAX_SEALED_CHARACTERS = 2_048;

const RING_ID_BYTES = 1;
/** Of AES-GCM (NIST SP 800-38D, section 8.2.2); random, and far below 2^32 seals under one key. */
const IV_BYTES = 12;
const TAG_BYTES = 16;
const encoder = new TextEncoder();

type SealKeys = { readonly [Kind in SealedKind]: Promise<CryptoKey> };
const keysOfRing = new WeakMap<RingKey, SealKeys>();

/**
 * Seals bytes so that only this deployment can read them and nobody can change them: the kind's prefix and
 * base64url of `ring id 1 | iv 12 | AES-256-GCM`. The ring's first key seals, all open.
 */
export async function seal(
  ring: KeyRing,
  kind: SealedKind,
  plain: Uint8Array,
  randomBytes: RandomBytes,
): Promise<string> {
  const iv = randomBytes(IV_BYTES);
  const key = await sealKey(ring.signer, kind);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, concatBytes(plain));
  const ringId = Uint8Array.of(ring.signer.id);
  return PREFIXES[kind] + encodeBase64url(concatBytes(ringId, iv, new Uint8Array(sealed)));
}

/** The bytes of a seal; null for a text that is none of this kind. Never throws; asks nobody. */
export async function unseal(
  ring: KeyRing,
  kind: SealedKind,
  text: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (text.length > MAX_SEALED_CHARACTERS || !text.startsWith(PREFIXES[kind])) return null;
  const bytes = decodeBase64url(text.slice(PREFIXES[kind].length));
  if (bytes === null || bytes.length < RING_ID_BYTES + IV_BYTES + TAG_BYTES) return null;
  const ringKey = ring.keys.find((key) => key.id === bytes[0]);
  return ringKey === undefined ? null : open(ringKey, kind, bytes.subarray(RING_ID_BYTES));
}

async function open(
  ringKey: RingKey,
  kind: SealedKind,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const iv = bytes.subarray(0, IV_BYTES);
  const key = await sealKey(ringKey, kind);
  try {
    const plain = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv },
      key,
      bytes.subarray(IV_BYTES),
    );
    return new Uint8Array(plain);
  } catch {
    return null;
  }
}

function sealKey(ringKey: RingKey, kind: SealedKind): Promise<CryptoKey> {
  let keys = keysOfRing.get(ringKey);
  if (keys === undefined) {
    keys = { challenge: deriveKey(ringKey, "challenge"), pass: deriveKey(ringKey, "pass") };
    keysOfRing.set(ringKey, keys);
  }
  return keys[kind];
}

/** One key for each kind, by HMAC of the ring key as in HKDF's expansion (RFC 5869, section 2.3). */
async function deriveKey(ringKey: RingKey, kind: SealedKind): Promise<CryptoKey> {
  const info = encoder.encode(`sluice seal ${PREFIXES[kind]}\u0001`);
  const bytes = await crypto.subtle.sign("HMAC", ringKey.hmac, info);
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}
