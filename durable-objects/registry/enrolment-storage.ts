import type { ClientId } from "@sluice/protocol";
import { hasSchema, migrate } from "../schema.ts";
import { ENROLMENT_MIGRATIONS } from "./migrations.ts";
import { queryAll } from "./query-all.ts";

/** All SQL of the object that counts an enrolment token's uses. */
export class EnrolmentStorage {
  readonly #storage: Pick<DurableObjectStorage, "sql" | "transactionSync">;

  constructor(storage: Pick<DurableObjectStorage, "sql" | "transactionSync">) {
    this.#storage = storage;
  }

  get exists(): boolean {
    return hasSchema(this.#storage.sql);
  }

  migrate(): void {
    this.#storage.transactionSync(() => migrate(this.#storage.sql, ENROLMENT_MIGRATIONS));
  }

  used(): number {
    return Number(this.#all("SELECT used FROM tally")[0]?.used ?? 0);
  }

  hasUse(client: ClientId): boolean {
    return this.#all("SELECT 1 FROM uses WHERE client = ?", client).length > 0;
  }

  addUse(client: ClientId, now: number): void {
    this.#storage.transactionSync(() => {
      this.#all("INSERT INTO uses VALUES (?, ?)", client, now);
      this.#setUsed(this.used() + 1);
    });
  }

  dropUse(client: ClientId): void {
    if (!this.hasUse(client)) return;
    this.#storage.transactionSync(() => {
      this.#all("DELETE FROM uses WHERE client = ?", client);
      this.#setUsed(this.used() - 1);
    });
  }

  #setUsed(used: number): void {
    this.#all("INSERT OR REPLACE INTO tally VALUES (1, ?)", used);
  }

  #all(query: string, ...bindings: SqlStorageValue[]) {
    return queryAll(this.#storage.sql, query, ...bindings);
  }
}
