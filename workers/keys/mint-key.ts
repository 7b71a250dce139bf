import { concatBytes, timeBytes } from "./bytes.ts";
import { formatKey, type KeyKind, secretBytes, signedBytes } from "./key-format.ts";
import { type KeyRing, type RingKey, tagOf } from "./key-ring.ts";

/** A source of random bytes, passed in so that keys can be made predictable in tests. */
export type RandomBytes = (length: number) => Uint8Array<ArrayBuffer>;

/** Whose key it is: 8 bytes of account and 12 of key id. */
export interface KeyOwner {
  readonly account: Uint8Array;
  readonly keyId: Uint8Array;
}

const RANDOM_ID_BYTES = 6;

/** Random bytes from the runtime. */
export const cryptoRandomBytes: RandomBytes = (length) =>
  crypto.getRandomValues(new Uint8Array(length));

/** A new key of any kind, tagged with the ring's first key. Its text is shown once and never stored. */
export function mintKey(
  ring: KeyRing,
  kind: KeyKind,
  owner: KeyOwner,
  randomBytes: RandomBytes,
): string {
  return mintKeyUnder(ring.signer, kind, owner, randomBytes);
}

/** As {@link mintKey}, under one ring key of the caller's choice. */
export function mintKeyUnder(
  ringKey: RingKey,
  kind: KeyKind,
  owner: KeyOwner,
  randomBytes: RandomBytes,
): string {
  const secret = randomBytes(secretBytes(kind));
  const body = concatBytes(Uint8Array.of(ringKey.id), owner.account, owner.keyId, secret);
  return formatKey(kind, body, tagOf(ringKey, signedBytes(kind, body)));
}

/** A key id of 12 bytes that sorts by the time of minting, in milliseconds. */
export function timedKeyId(timeMs: number, randomBytes: RandomBytes): Uint8Array<ArrayBuffer> {
  return concatBytes(timeBytes(timeMs), randomBytes(RANDOM_ID_BYTES));
}
