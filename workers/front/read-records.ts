import { type AccountId, ok } from "@sluice/protocol";
import {
  type AccountRecord,
  type ListedKind,
  type Records,
  recordKey,
} from "../../durable-objects/registry/rpc.ts";
import { isOpenedBy, type Miss } from "../cache/index.ts";
import { encodeBase32, formatAccountId, hashKey, type VerifiedKey } from "../keys/index.ts";
import { type Outcome, refuse } from "./refusal.ts";
import type { RequestContext } from "./request-context.ts";

/** When to ask again for a record that cannot be had now, in seconds. */
const RETRY_AFTER_SECONDS = 5;

/** A key whose record says that it opens something now. */
export interface OpenedKey<Kind extends ListedKind> {
  /** The 8 bytes of the account. */
  readonly account: Uint8Array;
  readonly accountId: AccountId;
  /** The 12 bytes of the key id, base32: its name in the registry and in limits. Says nothing of its secret. */
  readonly keyId: string;
  readonly record: Records[Kind];
}

/** Names a key without its secret. */
export function keyIdOf(key: VerifiedKey): string {
  return encodeBase32(key.keyId);
}

/**
 * Looks up what a genuine key opens: 401 for one that was deleted or replaced, 403 for one that was
 * revoked, 503 when that cannot be known now.
 */
export async function openKey<Kind extends ListedKind>(
  context: RequestContext,
  kind: Kind,
  key: VerifiedKey,
  text: string,
): Promise<Outcome<OpenedKey<Kind>>> {
  const found = await findKey(context, kind, key);
  if (!found.ok || isOpenedBy(found.value.record.secrets, hashKey(text), context.now())) {
    return found;
  }
  return refuse("invalid_key", "this key was replaced by a newer one");
}

/** As {@link openKey}, for a key that shows by its tag whose it is and is yet to prove that it opens. */
export async function findKey<Kind extends ListedKind>(
  context: RequestContext,
  kind: Kind,
  key: VerifiedKey,
): Promise<Outcome<OpenedKey<Kind>>> {
  const accountId = formatAccountId(key.account);
  const keyId = keyIdOf(key);
  const name = recordKey(kind, accountId, keyId);
  const answer = context.records.peek(name) ?? (await context.records.read(name));
  if (!answer.ok) return refuseMiss(answer.error);
  const record = answer.value;
  if (record.revokedAtMs !== null) return refuse("revoked", "this key was revoked");
  return ok({ account: key.account, accountId, keyId, record });
}

/**
 * The record of an account that may act: 401 for one that is closed, 403 for one that is suspended. Behind
 * a genuine key there was an account, so one that KV does not show is a fault of ours: 503, and not a
 * verdict that would end a whole fleet's connections for good.
 */
export async function readAccount(
  context: RequestContext,
  account: AccountId,
): Promise<Outcome<AccountRecord>> {
  const name = recordKey("account", account, account);
  const answer = context.records.peek(name) ?? (await context.records.read(name));
  if (!answer.ok) return refuseMiss(answer.error === "unknown" ? "unavailable" : answer.error);
  if (answer.value.suspendedAtMs === null) return answer;
  return refuse("account_suspended", "this account is suspended");
}

/** A site that may be visited now, and its account. */
export interface Site {
  readonly accountId: AccountId;
  /** The 12 bytes of its key id, base32. */
  readonly siteId: string;
  readonly record: Records["site"];
  readonly account: AccountRecord;
}

/**
 * The site of a genuine sitekey: 401 for one that was deleted or whose account is closed, 403 for one that
 * was revoked or whose account is suspended, 503 when that cannot be known now.
 */
export async function readSite(
  context: RequestContext,
  accountId: AccountId,
  siteId: string,
): Promise<Outcome<Site>> {
  const name = recordKey("site", accountId, siteId);
  const answer = context.records.peek(name) ?? (await context.records.read(name));
  if (!answer.ok) return refuseMiss(answer.error);
  if (answer.value.revokedAtMs !== null) return refuse("revoked", "this site was revoked");
  const account = await readAccount(context, accountId);
  if (!account.ok) return account;
  return ok({ accountId, siteId, record: answer.value, account: account.value });
}

function refuseMiss(miss: Miss): Outcome<never> {
  switch (miss) {
    case "unknown":
    case "deleted":
      return refuse("invalid_key", "this key opens nothing any more");
    case "unavailable":
      return refuse("unavailable", "the key cannot be checked now", RETRY_AFTER_SECONDS);
  }
}
