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
/** Of the mark, on which forgeries end: a decryption that fails costs the runtime ten times as much. */
const MARK_BYTES = 8;
/** Of AES-GCM (NIST SP 800-38D, section 8.2.2); random, and far below 2^32 seals under one key. */
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SHORTEST_BYTES = RING_ID_BYTES + MARK_BYTES + IV_BYTES + TAG_BYTES;
const encoder = new TextEncoder();

interface SealKeys {
  readonly marking: HmacKey;
  readonly encryption: Promise<CryptoKey>;
}
const keysOfRing = new WeakMap<RingKey, { readonly [Kind in SealedKind]: SealKeys }>();

/**
 * Seals bytes so that only this deployment can read them and nobody can change them: the kind's prefix and
 * base64url of `ring id 1 | mark 8 | iv 12 | AES-256-GCM`. The ring's first key seals, all open. The mark is the
 * beginning of an HMAC of what follows it: it turns forgeries away cheaply, and what it lets pass GCM judges.
 */
export async function seal(
  ring: KeyRing,
  kind: SealedKind,
  plain: Uint8Array,
  randomBytes: RandomBytes,
): Promise<string> {
  const iv = randomBytes(IV_BYTES);
  const keys = sealKeys(ring.signer, kind);
  const key = await keys.encryption;
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, concatBytes(plain));
  const body = concatBytes(iv, new Uint8Array(sealed));
  const ringId = Uint8Array.of(ring.signer.id);
  return PREFIXES[kind] + encodeBase64url(concatBytes(ringId, markOf(keys.marking, body), body));
}

/** The bytes of a seal; null for a text that is none of this kind. Never throws; asks nobody. */
export async function unseal(
  ring: KeyRing,
  kind: SealedKind,
  text: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (text.length > MAX_SEALED_CHARACTERS || !text.startsWith(PREFIXES[kind])) return null;
  const bytes = decodeBase64url(text.slice(PREFIXES[kind].length));
  if (bytes === null || bytes.length < SHORTEST_BYTES) return null;
  const ringKey = ring.keys.find((key) => key.id === bytes[0]);
  if (ringKey === undefined) return null;
  const keys = sealKeys(ringKey, kind);
  const body = bytes.subarray(RING_ID_BYTES + MARK_BYTES);
  const mark = bytes.subarray(RING_ID_BYTES, RING_ID_BYTES + MARK_BYTES);
  return equalBytes(markOf(keys.marking, body), mark) ? open(keys.encryption, body) : null;
}

async function open(
  encryption: Promise<CryptoKey>,
  body: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const iv = body.subarray(0, IV_BYTES);
  const key = await encryption;
  try {
    const sealed = body.subarray(IV_BYTES);
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed));
  } catch {
    return null;
  }
}

function markOf(key: HmacKey, body: Uint8Array): Uint8Array {
  return hmacSha256(key, body).subarray(0, MARK_BYTES);
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
  return {
    marking: hmacKeyOf(derive("mark")),
    encryption: crypto.subtle.importKey("raw", derive("seal"), "AES-GCM", false, [
      "encrypt",
      "decrypt",
    ]),
  };
}
