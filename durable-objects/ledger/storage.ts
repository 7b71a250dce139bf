import { migrate } from "../schema.ts";
import type { Sql } from "../sql.ts";
import { Statements } from "../statements.ts";
import type { Entry } from "./book.ts";
import { MIGRATIONS } from "./migrations.ts";
import {
  type AttemptId,
  RECORD_LIFETIME_MS,
  type RecordKey,
  type ShardName,
  type TrackGroup,
  type TrackSketch,
} from "./rpc.ts";
import type { SeenTrack } from "./track-book.ts";

/** Records of a row; with keys of 128 characters it stays far below the 2 MB that a row may have. */
export const MAX_SEGMENT_RECORDS = 2_000;

/** Movements of a row: at some 600 bytes each, far below what a row may have. */
export const MAX_ROW_TRACKS = 1_000;

/** Rows worth keeping for later commits when nothing is remembered; with more, the table is dropped. */
export const SPARE_SLOTS = 64;

interface Slot {
  readonly slot: number;
  readonly expiresAt: number;
}

type RecordTuple = readonly [
  key: RecordKey,
  attempt: AttemptId,
  solo: 0 | 1,
  expiresAt: number,
  owedTo: readonly ShardName[],
];

type TrackTuple = readonly [seenAt: number, groups: readonly TrackGroup[], sketch: TrackSketch];

/** All SQL of a shard. Everything is synchronous. */
export class LedgerStorage {
  readonly #sql: Sql;
  readonly #statements: Statements;
  /** The rows of the table, oldest first. */
  #slots: Slot[] = [];
  #nextSeq = 0;

  constructor(sql: Sql) {
    this.#sql = sql;
    this.#statements = new Statements(sql);
  }

  /** Rows written by this object since it was started, as the storage counts them. */
  get rowsWritten(): number {
    return this.#statements.rowsWritten;
  }

  /** Brings the schema to the newest version, or to `target` in tests. */
  migrate(target?: number): void {
    this.#statements.rowsWritten += migrate(this.#sql, MIGRATIONS, target);
  }

  /** Every record that may still count, in the order of writing. */
  load(now: number): Entry[] {
    const rows = this.#statements.all(
      "SELECT slot, seq, expires_at, body FROM segments ORDER BY seq",
    );
    this.#slots = rows.map((row) => ({
      slot: Number(row.slot),
      expiresAt: Number(row.expires_at),
    }));
    this.#nextSeq = Number(rows.at(-1)?.seq ?? 0) + 1;
    return rows
      .filter((row) => Number(row.expires_at) > now)
      .flatMap((row) => entriesOf(String(row.body)));
  }

  /** Writes records, as few rows as they fit in. */
  append(entries: readonly Entry[], now: number): void {
    for (let start = 0; start < entries.length; start += MAX_SEGMENT_RECORDS) {
      this.#appendSegment(entries.slice(start, start + MAX_SEGMENT_RECORDS), now);
    }
  }

  /** Gives the space of a past peak back; to be called when no record counts any more. */
  dropSpareSlots(): void {
    if (this.#slots.length <= SPARE_SLOTS) return;
    this.#statements.all("DROP TABLE segments");
    this.#statements.all("DELETE FROM schema_version");
    this.migrate();
    this.#slots = [];
  }

  /** Every movement that still counts, oldest first. */
  loadTracks(now: number): SeenTrack[] {
    const rows = this.#statements.all(
      "SELECT body FROM tracks WHERE expires_at > ? ORDER BY seq",
      now,
    );
    return rows.flatMap(({ body }) => {
      const tuples: TrackTuple[] = JSON.parse(String(body));
      return tuples.map(([seenAt, groups, sketch]) => ({ seenAt, groups, sketch }));
    });
  }

  /** Writes movements, oldest first, as few rows as they fit in. */
  appendTracks(tracks: readonly SeenTrack[]): void {
    for (let start = 0; start < tracks.length; start += MAX_ROW_TRACKS) {
      const part = tracks.slice(start, start + MAX_ROW_TRACKS);
      const tuples = part.map(({ seenAt, groups, sketch }): TrackTuple => [seenAt, groups, sketch]);
      const expiresAt = (part.at(-1)?.seenAt ?? 0) + RECORD_LIFETIME_MS;
      const body = JSON.stringify(tuples);
      this.#statements.all("INSERT INTO tracks (expires_at, body) VALUES (?, ?)", expiresAt, body);
    }
  }

  /** Erases rows of which every movement has ended. */
  eraseTracks(now: number): void {
    this.#statements.all("DELETE FROM tracks WHERE expires_at <= ?", now);
  }

  #appendSegment(entries: readonly Entry[], now: number): void {
    const expiresAt = Math.max(...entries.map(({ record }) => record.expiresAt));
    const slot = this.#freeSlot(now);
    this.#statements.all(
      "INSERT OR REPLACE INTO segments VALUES (?, ?, ?, ?)",
      slot,
      this.#nextSeq,
      expiresAt,
      bodyOf(entries),
    );
    this.#slots.push({ slot, expiresAt });
    this.#nextSeq += 1;
  }

  /** The oldest row when all of it has expired, else a new one. */
  #freeSlot(now: number): number {
    const oldest = this.#slots[0];
    if (oldest === undefined || oldest.expiresAt > now) return this.#slots.length;
    this.#slots.shift();
    return oldest.slot;
  }
}

function bodyOf(entries: readonly Entry[]): string {
  const tuples = entries.map(
    ({ key, record }): RecordTuple => [
      key,
      record.attempt,
      record.solo ? 1 : 0,
      record.expiresAt,
      record.owedTo,
    ],
  );
  return JSON.stringify(tuples);
}

function entriesOf(body: string): Entry[] {
  const tuples: RecordTuple[] = JSON.parse(body);
  return tuples.map(([key, attempt, solo, expiresAt, owedTo]) => ({
    key,
    record: { attempt, solo: solo === 1, expiresAt, owedTo },
  }));
}
