import { type AttemptId, type Held, RECORD_LIFETIME_MS, type ShardName } from "./rpc.ts";

/** What a shard remembers of one key. */
export interface LedgerRecord extends Pick<Held, "attempt" | "solo"> {
  readonly expiresAt: number;
  /** Shards that missed this record and have not taken it yet. */
  readonly owedTo: readonly ShardName[];
}

/** What happens to a record. */
export type RecordEvent =
  | { readonly type: "claim"; readonly attempt: AttemptId }
  | { readonly type: "markSolo"; readonly attempt: AttemptId; readonly partner: ShardName }
  | { readonly type: "settle"; readonly attempt: AttemptId }
  | { readonly type: "handedOver"; readonly attempt: AttemptId; readonly expiresAt: number }
  | { readonly type: "taken"; readonly partner: ShardName };

/** Whether a record still counts: one that has expired is as good as none. */
export function isLive(record: LedgerRecord, now: number): boolean {
  return record.expiresAt > now;
}

/** What a shard says of a record; `remembersFrom` as in {@link Held}. */
export function heldOf({ attempt, solo, expiresAt }: LedgerRecord, remembersFrom: number): Held {
  return { attempt, solo, claimedAt: expiresAt - RECORD_LIFETIME_MS, remembersFrom };
}

/**
 * The record of a key after an event. The very same object means that nothing changed and nothing is to be
 * written. A record's attempt only ever changes while it is not solo, and its end never moves.
 */
export function transition(
  before: LedgerRecord | null,
  event: RecordEvent,
  now: number,
): LedgerRecord | null {
  const record = before !== null && isLive(before, now) ? before : null;
  switch (event.type) {
    case "claim":
      return record ?? claimed(event.attempt, now);
    case "markSolo":
      return markSolo(record ?? claimed(event.attempt, now), event.attempt, event.partner);
    case "settle":
      return settle(record ?? claimed(event.attempt, now), event.attempt);
    case "handedOver":
      return takeOver(record, event.attempt, event.expiresAt, now);
    case "taken":
      return record === null ? null : withoutDebt(record, event.partner);
  }
}

function claimed(attempt: AttemptId, now: number): LedgerRecord {
  return { attempt, solo: false, expiresAt: now + RECORD_LIFETIME_MS, owedTo: [] };
}

function markSolo(record: LedgerRecord, attempt: AttemptId, partner: ShardName): LedgerRecord {
  if (record.attempt !== attempt || record.owedTo.includes(partner)) return record;
  return { ...record, solo: true, owedTo: [...record.owedTo, partner] };
}

function settle(record: LedgerRecord, attempt: AttemptId): LedgerRecord {
  return record.attempt === attempt || record.solo ? record : { ...record, attempt };
}

/** A solo record of the partner replaces anything but a solo record: that was decided here first. */
function takeOver(
  record: LedgerRecord | null,
  attempt: AttemptId,
  expiresAt: number,
  now: number,
): LedgerRecord | null {
  if (record?.solo) return record;
  if (record === null && expiresAt <= now) return null;
  return {
    attempt,
    solo: true,
    expiresAt: Math.max(expiresAt, record?.expiresAt ?? 0),
    owedTo: [],
  };
}

function withoutDebt(record: LedgerRecord, partner: ShardName): LedgerRecord {
  if (!record.owedTo.includes(partner)) return record;
  return { ...record, owedTo: record.owedTo.filter((name) => name !== partner) };
}
