import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { MIGRATIONS } from "../../../../durable-objects/client/storage/migrations.ts";
import { Storage } from "../../../../durable-objects/client/storage.ts";
import { freshObject, TOKEN_HASH, unwrap, view, Wire } from "../client-object.ts";

const CREATED_AT = Date.UTC(2100, 0, 1);
const OPTIONS = JSON.stringify([
  {
    priority: 5,
    ttlSeconds: 3_600,
    timeoutSeconds: 60,
    maxAttempts: 5,
    atMostOnce: false,
    fairnessKey: null,
  },
]);

/** What a client's object held under each version: two queued tasks and one piece of history. */
const ROWS_OF_VERSION: readonly ((sql: SqlStorage, client: string) => void)[] = [
  (sql, client) => insertRows(sql, client, ""),
  // The old token, of which there is none.
  (sql, client) => insertRows(sql, client, ", NULL, NULL"),
  // The end of a client that does not stay.
  (sql, client) => insertRows(sql, client, ", NULL, NULL, NULL"),
];

function insertRows(sql: SqlStorage, client: string, laterOfIdentity: string): void {
  sql.exec(
    `INSERT INTO identity VALUES (1, 'ac_tests', ?, 'machine', '["lab"]', '{"os":"linux"}', ?, ?, NULL, NULL, 0${laterOfIdentity})`,
    client,
    TOKEN_HASH,
    CREATED_AT,
  );
  sql.exec(`INSERT INTO link VALUES (1, 7, 'agent/1', ?, ?, '[]', NULL)`, CREATED_AT, CREATED_AT);
  sql.exec(
    `INSERT INTO segments VALUES (0, 2, ?, 61, ?, NULL, NULL, '["first",null]', ?)`,
    CREATED_AT,
    OPTIONS,
    `"kind":"collect","args":{"n":0}\n"kind":"collect","args":{"n":1}`,
  );
  sql.exec(
    `INSERT INTO history VALUES (?, 3, 0, 0, '[{"task":0,"attempt":1,"event":"progress","done":0.5}]')`,
    (CREATED_AT - 1) * 1024,
  );
}

const schemaOf = (sql: SqlStorage) =>
  sql.exec("SELECT name, sql FROM sqlite_master ORDER BY name").toArray();

describe("the schema of a client's object", () => {
  test("has rows in this test for each version that ever shipped", () => {
    expect(ROWS_OF_VERSION).toHaveLength(MIGRATIONS.length);
  });

  test.for([...MIGRATIONS.keys()].map((index) => index + 1))(
    "of version %i becomes the newest, and its client goes on with its tasks",
    async (version) => {
      const { client, stub } = freshObject();
      await runInDurableObject(stub, (_, { storage: { sql } }) => {
        new Storage(sql).migrate(version);
        ROWS_OF_VERSION[version - 1]?.(sql, client);
      });
      await evictDurableObject(stub);

      expect(await unwrap(stub.describe())).toMatchObject({
        id: client,
        name: "machine",
        labels: ["lab"],
        epoch: 7,
        queue: { queued: 2 },
      });
      const wire = await Wire.connect(stub);
      expect(wire.epoch).toBe(8);
      const batch = await wire.next("batch");
      expect(batch.tasks.map(({ args }) => args)).toEqual([{ n: 0 }, { n: 1 }]);
      await wire.succeed(batch, 4);
      const id = batch.tasks[0]?.id ?? "";
      expect(await view(stub, id)).toMatchObject({ state: "succeeded", idempotencyKey: "first" });
    },
  );

  test("is the same whether it was made at once or step by step", async () => {
    const schemas = await Promise.all(
      [true, false].map((atOnce) =>
        runInDurableObject(freshObject().stub, (_, { storage: { sql } }) => {
          const storage = new Storage(sql);
          if (!atOnce) for (const index of MIGRATIONS.keys()) storage.migrate(index + 1);
          storage.migrate();
          return schemaOf(sql);
        }),
      ),
    );
    expect(schemas[0]).toEqual(schemas[1]);
  });

  test("is left alone when it is the newest", async () => {
    await runInDurableObject(freshObject().stub, (_, { storage: { sql } }) => {
      const storage = new Storage(sql);
      storage.migrate();
      const written = storage.rowsWritten;
      storage.migrate();
      expect(storage.rowsWritten).toBe(written);
    });
  });
});
