import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import {
  ACCOUNT_MIGRATIONS,
  ENROLMENT_MIGRATIONS,
  ROOT_MIGRATIONS,
} from "../../../durable-objects/registry/migrations.ts";
import { hasSchema, migrate } from "../../../durable-objects/schema.ts";
import { freshId } from "../../builders/registry.ts";

const SCHEMAS = {
  account: ACCOUNT_MIGRATIONS,
  root: ROOT_MIGRATIONS,
  enrolment: ENROLMENT_MIGRATIONS,
} as const;

/** Runs on the storage of an object that is nobody's. */
function onFreshStorage(act: (sql: SqlStorage) => void): Promise<void> {
  const stub = env.REGISTRY.getByName(`nobody:${freshId()}`);
  return runInDurableObject(stub, (_, { storage }) => act(storage.sql));
}

/** Everything that a schema consists of. */
function schemaOf(sql: SqlStorage): unknown[] {
  return sql.exec("SELECT name, sql FROM sqlite_master ORDER BY name").toArray();
}

describe.for(Object.entries(SCHEMAS))("the schema of %s objects", ([, migrations]) => {
  test("is the same from every earlier version", async () => {
    let whole: unknown[] = [];
    await onFreshStorage((sql) => {
      migrate(sql, migrations);
      whole = schemaOf(sql);
    });
    expect(whole.length).toBeGreaterThan(1);
    for (const earlier of migrations.keys()) {
      await onFreshStorage((sql) => {
        migrate(sql, migrations, earlier);
        migrate(sql, migrations);
        expect(schemaOf(sql), `from version ${earlier}`).toEqual(whole);
      });
    }
  });

  test("is left alone when it is the newest", async () => {
    await onFreshStorage((sql) => {
      expect(hasSchema(sql)).toBe(false);
      migrate(sql, migrations);
      const before = schemaOf(sql);
      migrate(sql, migrations);
      expect(schemaOf(sql)).toEqual(before);
      expect(sql.exec("SELECT version FROM schema_version").one().version).toBe(migrations.length);
    });
  });
});

test("a migration that is added runs once, on top of what is there", async () => {
  const next = [...ROOT_MIGRATIONS, "ALTER TABLE accounts ADD COLUMN note TEXT"];
  await onFreshStorage((sql) => {
    migrate(sql, ROOT_MIGRATIONS);
    sql.exec("INSERT INTO accounts VALUES ('ac_1', 1, 0, '{}')");
    migrate(sql, next);
    migrate(sql, next);
    expect(sql.exec("SELECT id, note FROM accounts").toArray()).toEqual([
      { id: "ac_1", note: null },
    ]);
  });
});
