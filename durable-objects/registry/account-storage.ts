import { hasSchema, migrate } from "../schema.ts";
import type { Entry } from "./entries.ts";
import { ACCOUNT_MIGRATIONS } from "./migrations.ts";
import { LISTING, OutboxStorage, RECORDING } from "./outbox-storage.ts";
import { queryAll } from "./query-all.ts";
import type { RecordKind } from "./records.ts";
import type { Actor, AuditAction, AuditEntry, ListQuery } from "./rpc.ts";
import { isoTime } from "./views.ts";

/** A change as the audit log keeps it. */
export interface AuditLine {
  readonly by: Actor;
  readonly action: AuditAction;
  readonly fields: readonly string[];
}

/** Where a walk over all entries stands. */
export interface EntryPlace {
  readonly kind: string;
  readonly id: string;
}

type Row = Record<string, SqlStorageValue>;

/**
 * All SQL of an account's object but that of its roster: its entries and the audit log here, the outbox in
 * outbox-storage.ts. Synchronous; a change and its outbox rows are one transaction.
 */
export class AccountStorage {
  readonly outbox: OutboxStorage;
  readonly #storage: Pick<DurableObjectStorage, "sql" | "transactionSync">;

  constructor(storage: Pick<DurableObjectStorage, "sql" | "transactionSync">) {
    this.outbox = new OutboxStorage(storage.sql);
    this.#storage = storage;
  }

  /** Whether this account was ever opened. */
  get exists(): boolean {
    return hasSchema(this.#storage.sql);
  }

  /** Brings the schema to the newest version, or to `target` in tests. */
  migrate(target?: number): void {
    this.#storage.transactionSync(() => migrate(this.#storage.sql, ACCOUNT_MIGRATIONS, target));
  }

  /** Stores a changed entry, what is to be published of it, and who did it: all or nothing. */
  commit(entry: Entry, line: AuditLine): void {
    this.#storage.transactionSync(() => {
      const isForRecorder = isRecorded(entry) || isRecorded(this.entry(entry.kind, entry.id));
      this.#save(entry);
      this.outbox.add(entry.kind, entry.id, entry.version, entry.changedAtMs);
      if (entry.kind === "account") {
        this.outbox.add(LISTING, entry.id, entry.version, entry.changedAtMs);
      }
      if (isForRecorder) this.outbox.add(RECORDING, entry.id, entry.version, entry.changedAtMs);
      this.#audit(entry, line);
    });
  }

  /** Stores a deleted account and deletes everything in it. */
  commitClosing(account: Entry<"account">, line: AuditLine): void {
    const now = account.changedAtMs;
    this.#storage.transactionSync(() => {
      this.#all(
        `UPDATE entries SET version = version + 1, changed_at = ?, deleted_at = ?
         WHERE kind <> 'account' AND deleted_at IS NULL`,
        now,
        now,
      );
      this.outbox.addDeleted(now);
      this.commit(account, line);
    });
  }

  /** An entry, also one that is deleted but not yet forgotten. */
  entry<Kind extends RecordKind>(kind: Kind, id: string): Entry<Kind> | null {
    const row = this.#all("SELECT * FROM entries WHERE kind = ? AND id = ?", kind, id)[0];
    return row === undefined ? null : entryOfRow(kind, row);
  }

  /** Entries of a kind that are not deleted, by id, from behind the cursor. */
  entries<Kind extends RecordKind>(kind: Kind, { cursor, limit }: ListQuery): Entry<Kind>[] {
    return this.#all(
      `SELECT * FROM entries WHERE kind = ? AND id > ? AND deleted_at IS NULL
       ORDER BY id LIMIT ?`,
      kind,
      cursor ?? "",
      limit,
    ).map((row) => entryOfRow(kind, row));
  }

  countEntries(kind: RecordKind): number {
    const [row] = this.#all(
      "SELECT count(*) AS n FROM entries WHERE kind = ? AND deleted_at IS NULL",
      kind,
    );
    return Number(row?.n ?? 0);
  }

  /** Entries of all kinds behind a place, without those that changed lately or are still to be published. */
  settledEntries(after: EntryPlace, changedBeforeMs: number, limit: number): Entry[] {
    return this.#all(
      `SELECT * FROM entries WHERE (kind, id) > (?, ?) AND changed_at < ? AND NOT EXISTS
         (SELECT 1 FROM outbox WHERE outbox.kind = entries.kind AND outbox.id = entries.id)
       ORDER BY kind, id LIMIT ?`,
      after.kind,
      after.id,
      changedBeforeMs,
      limit,
    ).map((row) => entryOfRow(String(row.kind) as RecordKind, row));
  }

  /** Forgets what was deleted, and enrolment tokens that expired, before a time, and old audit lines. */
  forget(endedBeforeMs: number, auditBeforeMs: number): void {
    this.#all(
      `DELETE FROM entries WHERE kind <> 'account' AND (deleted_at < ?1
         OR (kind = 'enrolment' AND json_extract(body, '$.expiresAtMs') < ?1))`,
      endedBeforeMs,
    );
    this.#all("DELETE FROM audit WHERE at < ?", auditBeforeMs);
  }

  /** Lines of the audit log with their ids, newest first. */
  audit(before: number, limit: number): { readonly id: number; readonly entry: AuditEntry }[] {
    return this.#all(
      "SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?",
      before,
      limit,
    ).map((row) => ({ id: Number(row.id), entry: auditOfRow(row) }));
  }

  #save(entry: Entry): void {
    this.#all(
      "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)",
      entry.kind,
      entry.id,
      entry.version,
      entry.createdAtMs,
      entry.changedAtMs,
      entry.deletedAtMs,
      JSON.stringify(entry.body),
    );
  }

  #audit(entry: Entry, { by, action, fields }: AuditLine): void {
    this.#all(
      "INSERT INTO audit (at, actor, action, kind, target, fields) VALUES (?, ?, ?, ?, ?, ?)",
      entry.changedAtMs,
      by,
      action,
      entry.kind,
      entry.id,
      JSON.stringify(fields),
    );
  }

  #all(query: string, ...bindings: SqlStorageValue[]): readonly Row[] {
    return queryAll(this.#storage.sql, query, ...bindings);
  }
}

/** Whether an entry is of a site whose visitors' movements may be kept somewhere. */
function isRecorded(entry: Entry | null): boolean {
  return entry !== null && "recording" in entry.body && entry.body.recording !== null;
}

function entryOfRow<Kind extends RecordKind>(kind: Kind, row: Row): Entry<Kind> {
  return {
    kind,
    id: String(row.id),
    version: Number(row.version),
    createdAtMs: Number(row.created_at),
    changedAtMs: Number(row.changed_at),
    deletedAtMs: row.deleted_at === null ? null : Number(row.deleted_at),
    body: JSON.parse(String(row.body)),
  };
}

function auditOfRow(row: Row): AuditEntry {
  return {
    at: isoTime(Number(row.at)),
    by: String(row.actor) as Actor,
    action: String(row.action) as AuditAction,
    target: { kind: String(row.kind) as RecordKind, id: String(row.target) },
    fields: JSON.parse(String(row.fields)),
  };
}
