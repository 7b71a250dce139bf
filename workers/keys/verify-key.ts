import { fail, ok, type Result, sha256 } from "@sluice/protocol";
import { encodeHex, equalBytes } from "./bytes.ts";
import { type KeyKind, splitKey } from "./key-format.ts";
import { type KeyRing, type RingKey, tagOf } from "./key-ring.ts";

const encoder = new TextEncoder();

/** A key that this deployment made. Whether it was revoked since is not for arithmetic to say. */
export interface VerifiedKey {
  readonly kind: KeyKind;
  readonly account: Uint8Array<ArrayBuffer>;
  readonly keyId: Uint8Array<ArrayBuffer>;
  /** The key of the ring that it was made under. */
  readonly ringKey: RingKey;
}

/** Shape is wrong, or the ring never tagged it. */
export type KeyFault = "malformed" | "forged";

/** Judges a key of any kind by its tag alone: no look-up, no object. Never throws. */
export function verifyKey(ring: KeyRing, text: string): Result<VerifiedKey, KeyFault> {
  const parts = splitKey(text);
  if (parts === null) return fail("malformed");
  const ringKey = ring.keys.find((key) => key.id === parts.ringId);
  if (ringKey === undefined) return fail("forged");
  if (!equalBytes(tagOf(ringKey, parts.signed), parts.tag)) return fail("forged");
  return ok({ kind: parts.kind, account: parts.account, keyId: parts.keyId, ringKey });
}

/** SHA-256 of a whole key, hex: the only form in which a secret is stored or handed on. */
export function hashKey(text: string): string {
  return encodeHex(sha256(encoder.encode(text)));
}
