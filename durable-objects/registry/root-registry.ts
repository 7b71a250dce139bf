import { type AccountId, ok, type Page, type Result } from "@sluice/protocol";
import type { Refusal } from "../client/rpc.ts";
import { addReports, type DriftReport, NO_DRIFT } from "./reconcile.ts";
import type { RootStorage } from "./root-storage.ts";
import type { AccountRpc, AccountSummary, ListQuery, ReconcilePage } from "./rpc.ts";

/** Accounts that are compared with KV at the same time, and in one call. */
const ACCOUNTS_PER_PAGE = 8;

/** How the root reaches an account's object. */
export type ReachAccount = (account: AccountId) => Pick<AccountRpc, "reconcileAccount">;

/** The list of all accounts. What stands in it comes from the accounts' own objects. */
export class RootRegistry {
  readonly #storage: RootStorage;
  readonly #reach: ReachAccount;

  constructor(storage: RootStorage, reach: ReachAccount) {
    this.#storage = storage;
    this.#reach = reach;
  }

  note(version: number, summary: AccountSummary, isDeleted: boolean): Result<null, Refusal> {
    this.#storage.migrate();
    this.#storage.saveAccount(version, summary, isDeleted);
    return ok(null);
  }

  list(query: ListQuery): Result<Page<AccountSummary>, Refusal> {
    if (!this.#storage.exists) return ok({ items: [], cursor: null });
    const items = this.#storage.accounts(query);
    const cursor = items.length < query.limit ? null : (items.at(-1)?.id ?? null);
    return ok({ items, cursor });
  }

  /** Compares the next few accounts with KV. One that cannot be reached is counted and left for next time. */
  async reconcile(cursor: string | null): Promise<Result<ReconcilePage, Refusal>> {
    if (!this.#storage.exists) return ok({ report: NO_DRIFT, cursor: null });
    const accounts = this.#storage.accountIds(cursor, ACCOUNTS_PER_PAGE);
    const reports = await Promise.all(accounts.map((account) => this.#compare(account)));
    const last = accounts.length < ACCOUNTS_PER_PAGE ? null : (accounts.at(-1) ?? null);
    return ok({ report: reports.reduce(addReports, NO_DRIFT), cursor: last });
  }

  /** Compares all of one account. Never rejects. */
  async #compare(account: AccountId): Promise<DriftReport> {
    let report = NO_DRIFT;
    let cursor: string | null = null;
    try {
      do {
        const page = await this.#comparePart(account, cursor);
        if (!page.ok) return { ...report, failed: 1 };
        report = addReports(report, page.value.report);
        cursor = page.value.cursor;
      } while (cursor !== null);
      return report;
    } catch {
      return { ...report, failed: 1 };
    }
  }

  #comparePart(account: AccountId, cursor: string | null) {
    return this.#reach(account).reconcileAccount(cursor);
  }
}
