import { type AccountId, type ClientId, ok } from "@sluice/protocol";
import { type KeyRole, recordKey } from "../../durable-objects/registry/rpc.ts";
import {
  cachedKeyRing,
  clientOfToken,
  formatAccountId,
  hashKey,
  type KeyKind,
  type KeyRing,
  type VerifiedKey,
  verifyKey,
} from "../keys/index.ts";
import { limitClient, limitKey, limitPolls, limitSite } from "./limits.ts";
import { keyIdOf, type OpenedKey, openKey, readSite, type Site } from "./read-records.ts";
import { type Outcome, refuse } from "./refusal.ts";
import type { RequestContext } from "./request-context.ts";

/** RFC 6750, section 2.1. No key of ours is longer. */
const BEARER = /^Bearer +([\w.~+/-]{1,128}=*)$/i;

/** Whoever holds an operator key of an account. */
export interface Operator {
  /** The 8 bytes of the account. */
  readonly account: Uint8Array;
  readonly accountId: AccountId;
  /** Names the key in limits and in the audit log; says nothing of its secret. */
  readonly keyId: string;
  readonly role: KeyRole;
}

/** A machine or browser that holds a client token. */
export interface ConnectingClient {
  readonly clientId: ClientId;
  readonly accountId: AccountId;
  /** SHA-256 of its token, hex; the object knows which hash is the client's. */
  readonly tokenHash: string;
}

/** The secret is wrong: the deployment's fault, and no request can be served. */
export class KeyRingError extends Error {
  override readonly name = "KeyRingError";
}

/** The deployment's key ring. Throws {@link KeyRingError} when the secret `KEY_RING` is malformed. */
export function keyRing(context: RequestContext): KeyRing {
  const ring = cachedKeyRing(context.env.KEY_RING);
  if (!ring.ok) throw new KeyRingError("KEY_RING is malformed");
  return ring.value;
}

/** The token of an `Authorization: Bearer` header, or null. */
export function bearerOf(headers: Headers): string | null {
  return BEARER.exec(headers.get("authorization") ?? "")?.[1] ?? null;
}

/** Who calls with an operator key. */
export async function authenticateOperator(
  text: string | null,
  context: RequestContext,
): Promise<Outcome<Operator>> {
  const key = await authenticateKey(text, "operator", context);
  if (!key.ok) return key;
  const { account, accountId, keyId, record } = key.value;
  return ok({ account, accountId, keyId, role: record.role });
}

/** A socket is opened now and then; polls follow each other, and each is held open for its answer. */
export type Connects = "by socket" | "by polls";

/** Which client calls. Its object has the last word: it knows whether the token is still the right one. */
export async function authenticateClient(
  text: string | null,
  context: RequestContext,
  connects: Connects = "by socket",
): Promise<Outcome<ConnectingClient>> {
  const key = verifyKind(text, "client", context);
  if (!key.ok) return key;
  const clientId = clientOfToken(key.value.key);
  const limit = connects === "by socket" ? limitClient : limitPolls;
  const within = await limit(clientId, context);
  if (!within.ok) return within;
  const accountId = formatAccountId(key.value.key.account);
  return ok({ clientId, accountId, tokenHash: hashKey(key.value.text) });
}

/** The enrolment token of someone who wants to enrol, which has uses left for all that is known here. */
export async function authenticateEnrolment(
  text: string,
  context: RequestContext,
): Promise<Outcome<OpenedKey<"enrolment">>> {
  const key = await authenticateKey(text, "enrolment", context);
  if (!key.ok || context.now() < key.value.record.expiresAtMs) return key;
  return refuse("invalid_key", "the enrolment token has expired");
}

/**
 * Judges a key cheapest first: its tag, on which a forged one ends, then what memory knows of its
 * account's traffic, so that a flood ends there, then its limit, then its record from memory or KV.
 */
async function authenticateKey<Kind extends "operator" | "enrolment">(
  text: string | null,
  kind: Kind,
  context: RequestContext,
): Promise<Outcome<OpenedKey<Kind>>> {
  const verified = verifyKind(text, kind, context);
  if (!verified.ok) return verified;
  const { key } = verified.value;
  const room = lookAtGate(key, context);
  if (!room.ok) return room;
  const within = await limitKey(keyIdOf(key), context);
  return within.ok ? openKey(context, kind, key, verified.value.text) : within;
}

/**
 * The site of a sitekey. It is public and opens nothing by itself, so what a forged one is spared is what a
 * flood of genuine ones is limited by: first what memory knows of the account, then the site's limit.
 */
export async function authenticateSitekey(
  text: string,
  context: RequestContext,
): Promise<Outcome<Site>> {
  const verified = verifyKind(text, "site", context);
  if (!verified.ok) return verified;
  const { key } = verified.value;
  const room = lookAtGate(key, context);
  if (!room.ok) return room;
  return openSite(formatAccountId(key.account), keyIdOf(key), context);
}

/** A site by the names that a genuine key or a seal vouches for, within its limit. */
export async function openSite(
  accountId: AccountId,
  siteId: string,
  context: RequestContext,
): Promise<Outcome<Site>> {
  const within = await limitSite(siteId, context);
  return within.ok ? readSite(context, accountId, siteId) : within;
}

/** Whether the account of a key has room; one that memory does not hold is judged later. */
export function lookAtGate({ account }: VerifiedKey, context: RequestContext): Outcome<null> {
  const id = formatAccountId(account);
  const known = context.records.peek(recordKey("account", id, id));
  return known?.ok ? context.gate.look(known.value, context.now()) : ok(null);
}

/** Judges a key by its tag alone. */
function verifyKind(
  text: string | null,
  kind: KeyKind,
  context: RequestContext,
): Outcome<{ readonly key: VerifiedKey; readonly text: string }> {
  if (text === null) return missingKey();
  const key = verifyKey(keyRing(context), text);
  if (!key.ok || key.value.kind !== kind) {
    return refuse("invalid_key", "this key opens nothing here");
  }
  return ok({ key: key.value, text });
}

/** The refusal of a call that came without a key. */
export function missingKey(): Outcome<never> {
  return refuse("missing_key", "a key is needed, as Authorization: Bearer");
}
