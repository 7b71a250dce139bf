import { type ClientId, ok } from "@sluice/protocol";
import {
  cachedKeyRing,
  clientOfToken,
  encodeBase32,
  hashKey,
  type KeyKind,
  type KeyRing,
  type VerifiedKey,
  verifyKey,
} from "../keys/index.ts";
import { type Outcome, refuse } from "./refusal.ts";
import type { RequestContext } from "./request-context.ts";

const BEARER = /^Bearer +([\w-]{1,128})$/i;

/** Whoever holds an operator key of an account. */
export interface Operator {
  readonly account: Uint8Array;
  /** Names the key in limits; says nothing of its secret. */
  readonly keyId: string;
}

/** A machine or browser that holds a client token. */
export interface ConnectingClient {
  readonly clientId: ClientId;
  /** SHA-256 of its token, hex; the object knows which hash is the client's. */
  readonly tokenHash: string;
}

/** The secret is wrong: the deployment's fault, and no request can be served. */
export class KeyRingError extends Error {
  override readonly name = "KeyRingError";
}

/** The deployment's key ring. Throws {@link KeyRingError} when the secret `KEY_RING` is malformed. */
export async function keyRing(context: RequestContext): Promise<KeyRing> {
  const ring = await cachedKeyRing(context.env.KEY_RING);
  if (!ring.ok) throw new KeyRingError("KEY_RING is malformed");
  return ring.value;
}

/** The token of an `Authorization: Bearer` header, or null. */
export function bearerOf(headers: Headers): string | null {
  return BEARER.exec(headers.get("authorization") ?? "")?.[1] ?? null;
}

/** Who calls with an operator key. */
export async function authenticateOperator(
  headers: Headers,
  context: RequestContext,
): Promise<Outcome<Operator>> {
  const key = await authenticateKey(bearerOf(headers), "operator", context);
  if (!key.ok) return key;
  return ok({ account: key.value.account, keyId: encodeBase32(key.value.keyId) });
}

/** Which client calls. Its object has the last word: it knows whether the token is still the right one. */
export async function authenticateClient(
  token: string | null,
  context: RequestContext,
): Promise<Outcome<ConnectingClient>> {
  const key = await authenticateKey(token, "client", context);
  if (!key.ok || token === null) return key.ok ? missingKey() : key;
  return ok({ clientId: await clientOfToken(key.value), tokenHash: await hashKey(token) });
}

/**
 * Judges a key by its tag. A forged key ends here, on arithmetic alone; this is also where the record of a
 * genuine one, and with it revocation, belongs once there is a registry of keys.
 */
export async function authenticateKey(
  text: string | null,
  kind: KeyKind,
  context: RequestContext,
): Promise<Outcome<VerifiedKey>> {
  if (text === null) return missingKey();
  const key = await verifyKey(await keyRing(context), text);
  if (!key.ok || key.value.kind !== kind)
    return refuse("invalid_key", "this key opens nothing here");
  return ok(key.value);
}

function missingKey(): Outcome<never> {
  return refuse("missing_key", "a key is needed, as Authorization: Bearer");
}
