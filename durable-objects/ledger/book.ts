import { isLive, type LedgerRecord } from "./record.ts";
import { RECORD_LIFETIME_MS, type RecordKey, type ShardName } from "./rpc.ts";

/** Records that end within the same span are forgotten together: a sweep looks at spans, not at records. */
export const BUCKET_MS = RECORD_LIFETIME_MS / 4;

/** A record with the key it is kept under. */
export interface Entry {
  readonly key: RecordKey;
  readonly record: LedgerRecord;
}

/** All that a shard remembers, in memory: the records in buckets of time, and what it owes. */
export class LedgerBook {
  readonly #buckets = new Map<number, Map<RecordKey, LedgerRecord>>();
  readonly #owed = new Map<RecordKey, LedgerRecord>();

  get size(): number {
    let size = 0;
    for (const bucket of this.#buckets.values()) size += bucket.size;
    return size;
  }

  /** The record of a key, also one that has expired since the last sweep. */
  get(key: RecordKey): LedgerRecord | null {
    for (const bucket of this.#buckets.values()) {
      const record = bucket.get(key);
      if (record !== undefined) return record;
    }
    return null;
  }

  /** Keeps a record in place of the key's older one. */
  set(key: RecordKey, record: LedgerRecord): void {
    const end = bucketEnd(record.expiresAt);
    for (const [other, bucket] of this.#buckets) if (other !== end) bucket.delete(key);
    const bucket = this.#buckets.get(end) ?? new Map<RecordKey, LedgerRecord>();
    this.#buckets.set(end, bucket.set(key, record));
    if (record.owedTo.length > 0) this.#owed.set(key, record);
    else this.#owed.delete(key);
  }

  /** Forgets every bucket that has ended. */
  sweep(now: number): void {
    for (const end of this.#buckets.keys()) if (end <= now) this.#buckets.delete(end);
    for (const [key, record] of this.#owed) if (!isLive(record, now)) this.#owed.delete(key);
  }

  /** When the next bucket ends, ms; null when nothing is remembered. */
  get nextEnd(): number | null {
    return this.#buckets.size === 0 ? null : Math.min(...this.#buckets.keys());
  }

  /** Whether some partner missed a record that still counts. */
  owesAnything(now: number): boolean {
    return this.#owed.values().some((record) => isLive(record, now));
  }

  /** Live records that partners missed, by partner, at most `limit` for each. */
  owed(now: number, limit: number): Map<ShardName, Entry[]> {
    const byPartner = new Map<ShardName, Entry[]>();
    for (const [key, record] of this.#owed) {
      if (!isLive(record, now)) continue;
      for (const partner of record.owedTo) {
        const entries = byPartner.get(partner) ?? [];
        if (entries.length < limit) byPartner.set(partner, [...entries, { key, record }]);
      }
    }
    return byPartner;
  }
}

/** The end of the bucket in which a record ends. */
function bucketEnd(expiresAt: number): number {
  return Math.ceil(expiresAt / BUCKET_MS) * BUCKET_MS;
}
