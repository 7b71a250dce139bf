import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BUCKET_MS } from "../../../durable-objects/ledger/book.ts";
import type { Ledger } from "../../../durable-objects/ledger/object.ts";
import { RECORD_LIFETIME_MS, type ShardName } from "../../../durable-objects/ledger/rpc.ts";
import { SPARE_SLOTS } from "../../../durable-objects/ledger/storage.ts";
import { claimAt, freshAttempt, freshKey, freshShard } from "./shards.ts";

type Shard = DurableObjectStub<Ledger>;

const storedRows = (shard: Shard) =>
  runInDurableObject(shard, (_, { storage }) =>
    Number(storage.sql.exec("SELECT count(*) AS rows FROM segments").one().rows),
  );
const onStorage = (shard: Shard, statement: string) =>
  runInDurableObject(shard, (_, { storage }) => {
    storage.sql.exec(statement);
  });
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("a record", () => {
  test("ends with its lifetime, also before it is swept", async () => {
    const [shard, key, first, second] = [freshShard(), freshKey(), freshAttempt(), freshAttempt()];
    await claimAt(shard, key, first);
    pass(RECORD_LIFETIME_MS - 1);
    expect((await claimAt(shard, key, second)).attempt).toBe(first);
    pass(1);
    expect((await claimAt(shard, key, second)).attempt).toBe(second);
  });

  test("is swept by the alarm that was set for it, and its space is given back", async () => {
    const shard = freshShard();
    for (let n = 0; n <= SPARE_SLOTS; n += 1) {
      await claimAt(shard, freshKey(), freshAttempt());
      pass(10);
    }
    expect(await storedRows(shard)).toBe(SPARE_SLOTS + 1);
    expect((await shard.usage()).alarmsSet).toBe(1);
    pass(RECORD_LIFETIME_MS + BUCKET_MS);
    expect(await runDurableObjectAlarm(shard)).toBe(true);
    expect(await storedRows(shard)).toBe(0);
    expect(await runDurableObjectAlarm(shard)).toBe(false);
  });

  test("that still counts keeps the alarm set when others are swept", async () => {
    const [shard, key, attempt] = [freshShard(), freshKey(), freshAttempt()];
    await claimAt(shard, freshKey(), freshAttempt());
    pass(RECORD_LIFETIME_MS);
    await claimAt(shard, key, attempt);
    pass(BUCKET_MS);
    expect(await runDurableObjectAlarm(shard)).toBe(true);
    expect((await claimAt(shard, key, freshAttempt())).attempt).toBe(attempt);
    expect(await runDurableObjectAlarm(shard)).toBe(true);
  });
});

describe("storage that fails", () => {
  const breakWrites = (shard: Shard) =>
    onStorage(
      shard,
      "CREATE TRIGGER broken BEFORE INSERT ON segments BEGIN SELECT RAISE(ABORT, 'broken'); END",
    );

  test("answers no claim, and nothing of it is remembered", async () => {
    const [shard, key, kept, attempt] = [freshShard(), freshKey(), freshKey(), freshAttempt()];
    await claimAt(shard, kept, attempt);
    await breakWrites(shard);
    pass(100);
    await runInDurableObject(shard, async (instance) => {
      await expect(claimAt(instance, key, freshAttempt())).rejects.toThrow();
    });
    await onStorage(shard, "DROP TRIGGER broken");
    pass(100);
    expect((await claimAt(shard, key, attempt)).attempt).toBe(attempt);
    expect((await claimAt(shard, kept, freshAttempt())).attempt).toBe(attempt);
  });

  test("in an alarm sets it again, and the hand-over takes place in the end", async () => {
    const [shard, partner, key, attempt] = [freshShard(), freshShard(), freshKey(), freshAttempt()];
    await shard.markSolo(key, attempt, (partner.name ?? "") as ShardName);
    await breakWrites(shard);
    for (let failure = 1; failure <= 7; failure += 1) {
      pass(60_000);
      await runDurableObjectAlarm(shard);
    }
    await onStorage(shard, "DROP TRIGGER broken");
    await evictDurableObject(shard);
    pass(1);
    await runDurableObjectAlarm(shard);
    expect(await claimAt(partner, key, freshAttempt())).toMatchObject({ attempt, solo: true });
  });
});
