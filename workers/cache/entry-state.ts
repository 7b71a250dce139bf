import { fail, ok, type Result } from "@sluice/protocol";
import type { PublishedRecord, Tombstone } from "../../durable-objects/registry/rpc.ts";
import type { Kept } from "./byte-bounded-cache.ts";
import { STALENESS } from "./staleness.ts";

/** A record that is in force. Whether it is revoked or expired is for the caller to see. */
export type LiveRecord = Exclude<PublishedRecord, Tombstone>;

/**
 * Why there is no record: never published (or long gone), deleted, or not to be known now. The first two
 * are final for the caller; with the third nothing may be let in and nothing be called wrong.
 */
export type Miss = "unknown" | "deleted" | "unavailable";

/** Map slot, list node, entry, answer, record and its fields, as measured with 70,000 sites on V8. */
const ENTRY_BYTES = 480;

/**
 * About how many bytes of memory an entry takes: what its objects take, and its texts one byte a character,
 * as V8 keeps them. `text` is the record as it stood in KV; empty where there is none.
 */
export function entryBytes(key: string, text: string): number {
  return ENTRY_BYTES + key.length + text.length;
}

/** What one read of KV brought; `bytes` as {@link entryBytes}. `failed` is also a value that is corrupt. */
export type Reading =
  | { readonly kind: "record"; readonly record: PublishedRecord; readonly bytes: number }
  | { readonly kind: "absent" }
  | { readonly kind: "failed" };

/** What memory holds of one key: an answer, ready to be given, and how long it may be. */
export interface CacheEntry extends Kept {
  readonly answer: Result<LiveRecord, Miss>;
  readonly source: Reading["kind"];
  /** Of the record; 0 without one. */
  readonly version: number;
  /** When the read that brought it began, ms. */
  readonly readAtMs: number;
  /** KV failed lately: it is not asked before, ms. */
  readonly retryAtMs: number;
}

/**
 * What to do with an entry: `fresh`: answer; `refresh`: answer and read again in the background; `stale`:
 * read first and answer from the entry if that fails; `dead`: read, the entry counts for nothing.
 */
export type EntryState = "fresh" | "refresh" | "stale" | "dead";

const UNKNOWN = fail<Miss>("unknown");
const DELETED = fail<Miss>("deleted");
const UNAVAILABLE = fail<Miss>("unavailable");
export const FAILED: Reading = { kind: "failed" };

/** Judges an entry by its age alone. */
export function stateOf(entry: CacheEntry, now: number): EntryState {
  const age = now - entry.readAtMs;
  if (entry.source === "absent") return age < STALENESS.absenceMs ? "fresh" : "dead";
  if (entry.source === "failed") return now < entry.retryAtMs ? "fresh" : "dead";
  if (age < STALENESS.refreshMs) return "fresh";
  if (age >= STALENESS.stalenessMs) return "dead";
  if (now < entry.retryAtMs) return "fresh";
  return age < STALENESS.freshnessMs ? "refresh" : "stale";
}

/**
 * The entry after a read of KV that began at `readAtMs` and ended `now`. A deletion is always published, as
 * a tombstone with a greater version; so where KV shows nothing, or an older version than the one held, it
 * lags behind, and that is taken as a failed read: what is held serves on, up to its bound.
 */
export function entryAfter(
  held: CacheEntry | undefined,
  reading: Reading,
  readAtMs: number,
  now: number,
): CacheEntry {
  const alive = held?.source === "record" && stateOf(held, now) !== "dead" ? held : undefined;
  switch (reading.kind) {
    case "record":
      if (alive !== undefined && alive.version > reading.record.version) return heldOn(alive, now);
      return entryOfRecord(reading, latest(readAtMs, alive, reading.record.version));
    case "absent":
      return alive === undefined ? entryOfAbsence(readAtMs) : heldOn(alive, now);
    case "failed":
      return alive === undefined ? entryOfFailure(readAtMs, now) : heldOn(alive, now);
  }
}

function heldOn(entry: CacheEntry, now: number): CacheEntry {
  return { ...entry, retryAtMs: now + STALENESS.retryMs };
}

/** A slow read of the same version must not make a record look older than a quicker one has shown. */
function latest(readAtMs: number, alive: CacheEntry | undefined, version: number): number {
  return alive?.version === version ? Math.max(readAtMs, alive.readAtMs) : readAtMs;
}

function entryOfRecord(
  { record, bytes }: Extract<Reading, { kind: "record" }>,
  readAtMs: number,
): CacheEntry {
  const answer = record.kind === "deleted" ? DELETED : ok(record);
  const { version } = record;
  return { answer, source: "record", bytes, used: false, version, readAtMs, retryAtMs: 0 };
}

function entryOfAbsence(readAtMs: number): CacheEntry {
  const bytes = ENTRY_BYTES;
  return {
    answer: UNKNOWN,
    source: "absent",
    bytes,
    used: false,
    version: 0,
    readAtMs,
    retryAtMs: 0,
  };
}

function entryOfFailure(readAtMs: number, now: number): CacheEntry {
  const bytes = ENTRY_BYTES;
  const retryAtMs = now + STALENESS.retryUnknownMs;
  return {
    used: false,
    answer: UNAVAILABLE,
    source: "failed",
    bytes,
    version: 0,
    readAtMs,
    retryAtMs,
  };
}
