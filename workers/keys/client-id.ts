import { type ClientId, fail, ok, type Result } from "@sluice/protocol";
import { decodeBase32, encodeBase32 } from "./base32.ts";
import { concatBytes, equalBytes, timeBytes } from "./bytes.ts";
import { KEY_ID_BYTES } from "./key-format.ts";
import { type KeyRing, type RingKey, tagOf } from "./key-ring.ts";
import { mintKeyUnder, type RandomBytes } from "./mint-key.ts";
import type { VerifiedKey } from "./verify-key.ts";

const PREFIX = "cl_";
/** 20 bytes in base32: 6 of time, 6 random, 8 of tag. */
const ID_CHARACTERS = PREFIX.length + 32;
const RANDOM_BYTES = 6;
const TAG_DOMAIN = new TextEncoder().encode("cl");

/** Shape is wrong, or no key of the ring made it for this account. */
export type ClientIdFault = "malformed" | "forged";

/** A client that was just enrolled. The token is shown once. */
export interface ClientIdentity {
  readonly clientId: ClientId;
  readonly token: string;
}

/**
 * A new client of an account: its id and the token that leads to it. Both are made under the same ring
 * key, which is what lets {@link clientOfToken} rebuild the id from the token alone.
 */
export function mintClient(
  ring: KeyRing,
  account: Uint8Array,
  nowMs: number,
  randomBytes: RandomBytes,
): ClientIdentity {
  const keyId = concatBytes(timeBytes(nowMs), randomBytes(RANDOM_BYTES));
  const owner = { account, keyId };
  return {
    clientId: formatClientId(ring.signer, account, keyId),
    token: mintKeyUnder(ring.signer, "client", owner, randomBytes),
  };
}

/** The client that a verified `ct_` key belongs to. */
export function clientOfToken(token: VerifiedKey): ClientId {
  return formatClientId(token.ringKey, token.account, token.keyId);
}

/**
 * Checks an id that came from outside: that this deployment made it, for this account. An id of another
 * account fails as a forged one does, so its object is never asked.
 */
export function verifyClientId(
  ring: KeyRing,
  account: Uint8Array,
  text: string,
): Result<ClientId, ClientIdFault> {
  const made = makingOf(ring, account, text);
  return made.ok ? ok(text as ClientId) : made;
}

/**
 * A new token for a client that exists, under the ring key that its id was made with. Fails as
 * {@link verifyClientId} does.
 */
export function mintTokenFor(
  ring: KeyRing,
  account: Uint8Array,
  client: string,
  randomBytes: RandomBytes,
): Result<string, ClientIdFault> {
  const made = makingOf(ring, account, client);
  if (!made.ok) return made;
  const { ringKey, keyId } = made.value;
  return ok(mintKeyUnder(ringKey, "client", { account, keyId }, randomBytes));
}

/** Under which key of the ring an id was made, and of which key id. Tries every key, whichever it is. */
function makingOf(
  ring: KeyRing,
  account: Uint8Array,
  text: string,
): Result<{ readonly ringKey: RingKey; readonly keyId: Uint8Array }, ClientIdFault> {
  const bytes = splitClientId(text);
  if (bytes === null) return fail("malformed");
  const keyId = bytes.slice(0, KEY_ID_BYTES);
  const tag = bytes.slice(KEY_ID_BYTES);
  let maker: RingKey | null = null;
  for (const ringKey of ring.keys) {
    const expected = tagOf(ringKey, taggedBytes(account, keyId));
    if (equalBytes(expected, tag)) maker = ringKey;
  }
  return maker === null ? fail("forged") : ok({ ringKey: maker, keyId });
}

function splitClientId(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length !== ID_CHARACTERS || !text.startsWith(PREFIX)) return null;
  return decodeBase32(text.slice(PREFIX.length));
}

function formatClientId(ringKey: RingKey, account: Uint8Array, keyId: Uint8Array): ClientId {
  const tag = tagOf(ringKey, taggedBytes(account, keyId));
  return (PREFIX + encodeBase32(concatBytes(keyId, tag))) as ClientId;
}

function taggedBytes(account: Uint8Array, keyId: Uint8Array): Uint8Array<ArrayBuffer> {
  return concatBytes(TAG_DOMAIN, account, keyId);
}
