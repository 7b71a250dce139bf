import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { MIGRATIONS } from "../../../durable-objects/ledger/migrations.ts";
import { LedgerStorage } from "../../../durable-objects/ledger/storage.ts";
import { claimAt, freshAttempt, freshKey, freshShard } from "./shards.ts";

const EXPIRES_AT = Date.UTC(2100, 0, 1);

/** What a shard held under each version: one record. */
const ROWS_OF_VERSION: readonly ((sql: SqlStorage, key: string, attempt: string) => void)[] = [
  (sql, key, attempt) => {
    const body = JSON.stringify([[key, attempt, 1, EXPIRES_AT, []]]);
    sql.exec("INSERT INTO segments VALUES (0, 1, ?, ?)", EXPIRES_AT, body);
  },
  (sql, key, attempt) => {
    const body = JSON.stringify([[key, attempt, 1, EXPIRES_AT, []]]);
    sql.exec("INSERT INTO segments VALUES (0, 1, ?, ?)", EXPIRES_AT, body);
    sql.exec("INSERT INTO tracks VALUES (1, ?, '[]')", EXPIRES_AT);
  },
];

describe("the schema of a shard", () => {
  test("has rows in this test for each version that ever shipped", () => {
    expect(ROWS_OF_VERSION).toHaveLength(MIGRATIONS.length);
  });

  test.for([...MIGRATIONS.keys()].map((index) => index + 1))(
    "of version %i becomes the newest, and the shard remembers its records",
    async (version) => {
      const [shard, key, attempt] = [freshShard(), freshKey(), freshAttempt()];
      await runInDurableObject(shard, (_, { storage: { sql } }) => {
        sql.exec("DROP TABLE segments; DROP TABLE tracks; DROP TABLE schema_version");
        new LedgerStorage(sql).migrate(version);
        ROWS_OF_VERSION[version - 1]?.(sql, key, attempt);
      });
      await evictDurableObject(shard);
      expect(await claimAt(shard, key, freshAttempt())).toMatchObject({ attempt, solo: true });
    },
  );

  test("is left alone when it is the newest", async () => {
    await runInDurableObject(freshShard(), (_, { storage: { sql } }) => {
      const storage = new LedgerStorage(sql);
      storage.migrate();
      expect(storage.rowsWritten).toBe(0);
    });
  });
});
