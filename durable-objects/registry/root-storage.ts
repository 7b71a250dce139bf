import type { AccountId } from "@sluice/protocol";
import { hasSchema, migrate } from "../schema.ts";
import { ROOT_MIGRATIONS } from "./migrations.ts";
import { queryAll } from "./query-all.ts";
import type { AccountSummary, ListQuery } from "./rpc.ts";

/** All SQL of the root object. */
export class RootStorage {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get exists(): boolean {
    return hasSchema(this.#sql);
  }

  migrate(): void {
    migrate(this.#sql, ROOT_MIGRATIONS);
  }

  /** Keeps an account's line, unless a newer one is known: the lines may arrive in any order. */
  saveAccount(version: number, summary: AccountSummary, isDeleted: boolean): void {
    queryAll(
      this.#sql,
      `INSERT INTO accounts VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
         version = excluded.version, is_deleted = excluded.is_deleted, summary = excluded.summary
       WHERE excluded.version > accounts.version`,
      summary.id,
      version,
      isDeleted ? 1 : 0,
      JSON.stringify(summary),
    );
  }

  /** Accounts that are not deleted, by id, from behind the cursor. */
  accounts({ cursor, limit }: ListQuery): AccountSummary[] {
    return queryAll(
      this.#sql,
      "SELECT summary FROM accounts WHERE id > ? AND is_deleted = 0 ORDER BY id LIMIT ?",
      cursor ?? "",
      limit,
    ).map((row) => JSON.parse(String(row.summary)));
  }

  /** Ids of all accounts, deleted ones too, behind `after`. */
  accountIds(after: string | null, limit: number): AccountId[] {
    return queryAll(
      this.#sql,
      "SELECT id FROM accounts WHERE id > ? ORDER BY id LIMIT ?",
      after ?? "",
      limit,
    ).map((row) => String(row.id) as AccountId);
  }
}
