import { randomBytes } from "node:crypto";
import { keyRing } from "../../test/builders/keys.ts";
import {
  cryptoRandomBytes,
  generateKeyRing,
  KEY_PREFIXES,
  type KeyKind,
  mintKey,
} from "../../workers/keys/index.ts";

/** Bytes after the prefix: ring id, account, key id, tag, and in all but a sitekey a secret. */
const SITEKEY_BYTES = 29;
const KEY_BYTES = 45;
/** The only number in the tests' ring, so that every forged key costs the whole check. */
const RING_ID = 1;

/** Keys that nobody made: the right shape and ring number, and for the rest random bytes. */
export function forgeKeys(kind: KeyKind, count: number): string[] {
  return Array.from({ length: count }, () => {
    const bytes = randomBytes(kind === "site" ? SITEKEY_BYTES : KEY_BYTES);
    bytes[0] = RING_ID;
    return KEY_PREFIXES[kind] + bytes.toString("base64url");
  });
}

/** Sitekeys that are genuine at a deployment whose ring has the same number and another secret. */
export async function foreignSitekeys(count: number): Promise<string[]> {
  const ring = keyRing(generateKeyRing());
  const sitekeys: string[] = [];
  while (sitekeys.length < count) {
    const owner = { account: randomBytes(8), keyId: randomBytes(12) };
    sitekeys.push(mintKey(ring, "site", owner, cryptoRandomBytes));
  }
  return sitekeys;
}
