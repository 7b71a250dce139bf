import { ok, PASS_LIFETIME_MS, sha256 } from "@sluice/protocol";
import type { AttemptId } from "../../durable-objects/ledger/rpc.ts";
import type { AccountRecord, SiteRecord } from "../../durable-objects/registry/rpc.ts";
import { isOpenedBy } from "../cache/index.ts";
import { keyRing, lookAtGate } from "../front/authenticate.ts";
import { limitSite } from "../front/limits.ts";
import { findKey, keyIdOf, readAccount } from "../front/read-records.ts";
import type { Outcome } from "../front/refusal.ts";
import type { RequestContext } from "../front/request-context.ts";
import { withinAccount } from "../front/within-account.ts";
import { encodeBase64url } from "../keys/base64url.ts";
import { encodeHex } from "../keys/bytes.ts";
import {
  formatAccountId,
  hashKey,
  type KeyKind,
  type KeyRing,
  type VerifiedKey,
  verifyKey,
} from "../keys/index.ts";
import { attemptId, recordKey, redeem } from "../ledger/index.ts";
import { openPass, type Pass } from "./pass.ts";
import { type Redemption, type RedemptionFault, refused, refusedAs } from "./redemption.ts";

const ATTEMPT_BYTES = 16;
/** When to try again after the ledger could not be reached, in seconds. */
const RETRY_AFTER_SECONDS = 2;
const encoder = new TextEncoder();

/** What a site's server sends, whatever its dialect calls it. What it left out is empty. */
export interface RedeemRequest {
  readonly secret: string;
  readonly pass: string;
  /** Where given, the pass must be this site's. */
  readonly sitekey?: string;
  /** Calls with the same one get the same answer. */
  readonly idempotencyKey?: string;
}

/** Whose pass is to be redeemed, by whom. */
export interface PassClaim<Own extends string = never> {
  /** The site's key: genuine, and yet to be proved the caller's. */
  readonly key: VerifiedKey;
  readonly pass: Pass;
  readonly sitekey: string;
  readonly idempotencyKey: string;
  /** Why the caller has not shown that the site is its own; null when it has. */
  doubt(site: SiteRecord, now: number): RedemptionFault | Own | null;
}

/**
 * Redeems a pass for whoever holds its site's secret, once. What is forged ends on arithmetic: nothing is
 * looked up for it. A pass is spent by the last step alone, so no refusal before it takes anything.
 */
export async function redeemPass(
  context: RequestContext,
  { secret, pass, sitekey = "", idempotencyKey = "" }: RedeemRequest,
): Promise<Redemption> {
  if (secret === "") return refused("missing_secret");
  if (pass === "") return refused("missing_pass");
  const ring = keyRing(context);
  const key = genuineKey(ring, "siteSecret", secret);
  if (key === null) return refused("invalid_secret");
  const opened = openPass(ring, pass);
  if (!opened.ok) return refused("forged_pass");
  return redeemAt<never>(context, ring, {
    key,
    pass: opened.value,
    sitekey,
    idempotencyKey,
    doubt: ({ secrets }, now) =>
      isOpenedBy(secrets, hashKey(secret), now) ? null : "invalid_secret",
  });
}

/** A key of this kind that this deployment made; null for any other text. */
export function genuineKey(ring: KeyRing, kind: KeyKind, text: string): VerifiedKey | null {
  const key = verifyKey(ring, text);
  return key.ok && key.value.kind === kind ? key.value : null;
}

/** Redeems a pass whose seal and whose claimant's key are genuine: limits, records, proof, and the ledger. */
export async function redeemAt<Own extends string = never>(
  context: RequestContext,
  ring: KeyRing,
  claim: PassClaim<Own>,
): Promise<Redemption<Own>> {
  const found = await findSite(context, claim.key);
  if (!found.ok) return refusedAs(found.error);
  const { site, account } = found.value;
  const now = context.now();
  const fault = claim.doubt(site, now) ?? faultOf(ring, claim, now);
  if (fault !== null) return refused(fault);
  const spent = await withinAccount(context, account, async () => ok(await spend(context, claim)));
  return spent.ok ? spent.value : refusedAs(spent.error);
}

/** The site of a genuine key and its account, if both may act now. */
async function findSite(
  context: RequestContext,
  key: VerifiedKey,
): Promise<Outcome<{ readonly site: SiteRecord; readonly account: AccountRecord }>> {
  const room = lookAtGate(key, context);
  if (!room.ok) return room;
  const within = await limitSite(keyIdOf(key), context);
  if (!within.ok) return within;
  const site = await findKey(context, "site", key);
  if (!site.ok) return site;
  const account = await readAccount(context, site.value.accountId);
  return account.ok ? ok({ site: site.value.record, account: account.value }) : account;
}

/** What speaks against a pass at this site before it is asked whether it was used. */
function faultOf(
  ring: KeyRing,
  { key, pass, sitekey }: PassClaim<string>,
  now: number,
): RedemptionFault | null {
  if (sitekey !== "") {
    const named = genuineKey(ring, "site", sitekey);
    if (named === null) return "invalid_sitekey";
    if (siteOf(named) !== siteOf(key)) return "sitekey_mismatch";
  }
  if (`${pass.account}/${pass.siteId}` !== siteOf(key)) return "wrong_site";
  return isOver(pass, now) ? "expired" : null;
}

/** Whether a pass is too old to be redeemed. */
export function isOver({ solvedAtMs }: Pass, now: number): boolean {
  return now >= solvedAtMs + PASS_LIFETIME_MS;
}

function siteOf(key: VerifiedKey): string {
  return `${formatAccountId(key.account)}/${keyIdOf(key)}`;
}

async function spend(context: RequestContext, claim: PassClaim<string>): Promise<Redemption> {
  return spendPass(context, claim.pass, attemptOf(context, claim));
}

/** Uses a pass, once, whatever for: the one place where it is spent. */
export async function spendPass(
  context: RequestContext,
  pass: Pass,
  attempt: AttemptId = randomAttempt(context),
): Promise<Redemption> {
  switch (await redeem(context.ledger, recordKey("pass", pass.id), attempt, context.now())) {
    case "accepted":
      return { kind: "accepted", pass };
    case "duplicate":
      return refused("used");
    case "unavailable":
      return refused("unavailable", RETRY_AFTER_SECONDS);
  }
}

function randomAttempt(context: RequestContext): AttemptId {
  return attemptId(encodeHex(context.randomBytes(ATTEMPT_BYTES)));
}

/** The same for calls with the same idempotency key about the same pass, and otherwise for no two calls. */
function attemptOf(
  context: RequestContext,
  { key, pass, idempotencyKey }: PassClaim<string>,
): AttemptId {
  if (idempotencyKey === "") return randomAttempt(context);
  // The first two are of a fixed length, so no two triples read alike.
  const triple = `${pass.id}:${keyIdOf(key)}:${idempotencyKey}`;
  return attemptId(encodeBase64url(sha256(encoder.encode(triple))));
}
