import type { ClientId } from "@sluice/protocol";
import { queryAll } from "./query-all.ts";
import type { RosterNote, RosterRows, Whereabouts } from "./roster.ts";

/** The SQL by which an account's object counts its clients, on the tables of an account that was opened. */
export class RosterStorage implements RosterRows {
  readonly #storage: Pick<DurableObjectStorage, "sql" | "transactionSync">;

  constructor(storage: Pick<DurableObjectStorage, "sql" | "transactionSync">) {
    this.#storage = storage;
  }

  clients(): number {
    return Number(this.#all("SELECT clients FROM roster")[0]?.clients ?? 0);
  }

  whereabouts(client: ClientId): Whereabouts | null {
    const [row] = this.#all("SELECT is_in FROM roster_moves WHERE client = ?", client);
    if (row === undefined) return null;
    return row.is_in === 1 ? "in" : "out";
  }

  note({ client, whereabouts, change, now }: RosterNote): void {
    const isIn = whereabouts === "in" ? 1 : 0;
    this.#storage.transactionSync(() => {
      this.#all("INSERT OR REPLACE INTO roster_moves VALUES (?, ?, ?)", client, isIn, now);
      if (change !== 0) this.#all("UPDATE roster SET clients = max(0, clients + ?)", change);
    });
  }

  /** Looks through all moves, but only once in that time, so that no index is needed. */
  forget(now: number, olderThanMs: number): void {
    const sweptAt = Number(this.#all("SELECT swept_at FROM roster")[0]?.swept_at ?? 0);
    if (now - sweptAt < olderThanMs) return;
    this.#storage.transactionSync(() => {
      this.#all("DELETE FROM roster_moves WHERE at <= ?", now - olderThanMs);
      this.#all("UPDATE roster SET swept_at = ?", now);
    });
  }

  #all(query: string, ...bindings: SqlStorageValue[]) {
    return queryAll(this.#storage.sql, query, ...bindings);
  }
}
