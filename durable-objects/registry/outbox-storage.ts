import type { OutboxRow } from "./outbox-drain.ts";
import { queryAll } from "./query-all.ts";
import type { RecordKind } from "./records.ts";

/** Outbox kind of an account's line in the root's list. */
export const LISTING = "listing";
/** Outbox kind of what a site's recorder is to be told. */
export const RECORDING = "recording";

/** Of which entries what is published under another kind than their own. */
const SOURCES: Readonly<Record<string, RecordKind>> = { [LISTING]: "account", [RECORDING]: "site" };

/**
 * The SQL of an account's outbox, which holds what was committed and is not published yet, on the tables of an
 * account that was opened. Rows are added in the transaction of the change itself.
 */
export class OutboxStorage {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(kind: string, id: string, version: number, now: number): void {
    this.#all("INSERT OR REPLACE INTO outbox VALUES (?, ?, ?, 0, ?)", kind, id, version, now);
  }

  /** Adds every entry that was deleted at this time, with what else is published of it. */
  addDeleted(now: number): void {
    this.#all(
      `INSERT OR REPLACE INTO outbox
       SELECT kind, id, version, 0, ? FROM entries WHERE deleted_at = ?`,
      now,
      now,
    );
    this.#all(
      `INSERT OR REPLACE INTO outbox
       SELECT ?, id, version, 0, ? FROM entries
       WHERE kind = 'site' AND deleted_at = ? AND json_extract(body, '$.recording') IS NOT NULL`,
      RECORDING,
      now,
      now,
    );
  }

  /** Puts the newest version of an entry, or of what else is published of it, into the outbox again. */
  publishAgain(kind: string, id: string, now: number): void {
    this.#all(
      `INSERT OR REPLACE INTO outbox
       SELECT ?, id, version, 0, ? FROM entries WHERE kind = ? AND id = ?`,
      kind,
      now,
      SOURCES[kind] ?? kind,
      id,
    );
  }

  /** Rows whose time has come, longest due first. */
  due(now: number, limit: number): OutboxRow[] {
    return this.#all(
      "SELECT * FROM outbox WHERE next_at <= ? ORDER BY next_at LIMIT ?",
      now,
      limit,
    ).map((row) => ({
      kind: String(row.kind),
      id: String(row.id),
      version: Number(row.version),
      attempts: Number(row.attempts),
    }));
  }

  /** When the next row is due, ms; null when there is none. */
  nextDueAt(): number | null {
    const at = this.#all("SELECT min(next_at) AS at FROM outbox")[0]?.at ?? null;
    return at === null ? null : Number(at);
  }

  isPending(kind: string, id: string): boolean {
    return this.#all("SELECT 1 FROM outbox WHERE kind = ? AND id = ?", kind, id).length > 0;
  }

  /** Takes a row out, unless a newer version was committed since. */
  published({ kind, id, version }: OutboxRow): void {
    this.#all("DELETE FROM outbox WHERE kind = ? AND id = ? AND version = ?", kind, id, version);
  }

  postpone({ kind, id, version }: OutboxRow, attempts: number, untilMs: number): void {
    this.#all(
      "UPDATE outbox SET attempts = ?, next_at = ? WHERE kind = ? AND id = ? AND version = ?",
      attempts,
      untilMs,
      kind,
      id,
      version,
    );
  }

  #all(query: string, ...bindings: SqlStorageValue[]) {
    return queryAll(this.#sql, query, ...bindings);
  }
}
