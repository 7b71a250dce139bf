import type { AccountId } from "@sluice/protocol";
import type { Bodies, Entry } from "./entries.ts";
import {
  formatRecord,
  RECORD_FORM,
  type RecordHeader,
  type RecordKey,
  type RecordKind,
  type Records,
  recordKey,
  type Tombstone,
} from "./records.ts";

/**
 * How long a tombstone stays in KV. A copy of the live record can be served for ten minutes by a Worker's
 * memory and for a minute or so by KV's own caches; a day leaves room for an outage of KV itself.
 */
export const TOMBSTONE_SECONDS = 24 * 3600;
/** KV's least time to live. */
const MIN_TTL_SECONDS = 60;
/** KV refuses times to live beyond 32 bits; what lives longer than a year is taken out by hand. */
const MAX_TTL_SECONDS = 365 * 24 * 3600;

/** What should stand in KV for an entry. */
export interface Publication {
  readonly key: RecordKey;
  /** Null: nothing should stand there any more. */
  readonly text: string | null;
  /** KV lets the value go after this long; null for never. */
  readonly ttlSeconds: number | null;
}

type Publisher<Kind extends RecordKind> = (
  header: RecordHeader<Kind>,
  body: Bodies[Kind],
) => Records[Kind];

/** Which part of an entry the front needs; names, labels of keys and times stay in the registry. */
const RECORDS: { readonly [Kind in RecordKind]: Publisher<Kind> } = {
  account: (header, { limits, suspendedAtMs }) => ({ ...header, limits, suspendedAtMs }),
  operator: (header, { role, secrets, revokedAtMs }) => ({ ...header, role, secrets, revokedAtMs }),
  enrolment: (header, { labels, uses, expiresAtMs, secrets, revokedAtMs }) => ({
    ...header,
    labels,
    uses,
    expiresAtMs,
    secrets,
    revokedAtMs,
  }),
  site: (header, { hostnames, mode, threshold, policy, recording, secrets, revokedAtMs }) => ({
    ...header,
    hostnames,
    mode,
    threshold,
    policy,
    recordedPercent: recording?.sharePercent ?? null,
    secrets,
    revokedAtMs,
  }),
};

/**
 * What should stand in KV for an entry at a time; depends on nothing else, so it can be checked again. A
 * tombstone, and an enrolment token that has expired, leave KV by themselves.
 */
export function publicationOf<Kind extends RecordKind>(
  account: AccountId,
  entry: Entry<Kind>,
  now: number,
): Publication {
  const key = recordKey(entry.kind, account, entry.id);
  const ttlSeconds = secondsLeft(entry, now);
  if (ttlSeconds !== null && ttlSeconds <= 0) return { key, text: null, ttlSeconds: null };
  return {
    key,
    text: formatRecord(recordOf(account, entry)),
    ttlSeconds: ttlSeconds === null ? null : timeToLive(ttlSeconds),
  };
}

function recordOf<Kind extends RecordKind>(
  account: AccountId,
  { kind, version, deletedAtMs, body }: Entry<Kind>,
): Records[Kind] | Tombstone {
  if (deletedAtMs !== null)
    return { v: RECORD_FORM, kind: "deleted", version, account, deletedAtMs };
  return RECORDS[kind]({ v: RECORD_FORM, kind, version, account }, body);
}

/** How long something of an entry must stay in KV yet; null while it lives without an end. */
function secondsLeft({ deletedAtMs, body }: Entry, now: number): number | null {
  const endMs = deletedAtMs ?? ("expiresAtMs" in body ? body.expiresAtMs : null);
  return endMs === null ? null : Math.ceil((endMs - now) / 1000) + TOMBSTONE_SECONDS;
}

function timeToLive(secondsLeft: number): number | null {
  return secondsLeft > MAX_TTL_SECONDS ? null : Math.max(secondsLeft, MIN_TTL_SECONDS);
}
