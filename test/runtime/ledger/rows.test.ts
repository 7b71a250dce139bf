import { describe, expect, test } from "vitest";
import { COMMIT_GAP_MS } from "../../../durable-objects/ledger/rpc.ts";
import { claimAt, freshAttempt, freshKey, freshShard, usageOfAll, use } from "./shards.ts";

const MANY = 200;
const many = <Value>(make: (n: number) => Value) => Array.from({ length: MANY }, (_, n) => make(n));
const rest = () => new Promise((resolve) => setTimeout(resolve, 2 * COMMIT_GAP_MS));

describe("the rows that are written", () => {
  test("are two for a key while nothing else happens, and none for a duplicate", async () => {
    for (let n = 0; n < 4; n += 1) await use(freshKey());
    const key = freshKey();
    const before = await usageOfAll();
    await rest();
    await use(key);
    await rest();
    await use(key);
    const after = await usageOfAll();
    expect(after.recordsMade - before.recordsMade).toBe(2);
    expect(after.rowsWritten - before.rowsWritten).toBe(2);
  });

  test("are fewer than one for a key when many come at once", async () => {
    const before = await usageOfAll();
    await Promise.all(many(() => use(freshKey())));
    const after = await usageOfAll();
    expect(after.recordsMade - before.recordsMade).toBe(2 * MANY);
    expect(after.rowsWritten - before.rowsWritten).toBeLessThan(MANY);
  });

  test("are one for all claims that reach a shard within the gap", async () => {
    const shard = freshShard();
    await claimAt(shard, freshKey(), freshAttempt());
    const before = await shard.usage();
    await Promise.all(many(() => claimAt(shard, freshKey(), freshAttempt())));
    const after = await shard.usage();
    expect(after.recordsMade - before.recordsMade).toBe(MANY);
    expect(after.rowsWritten - before.rowsWritten).toBeLessThan(MANY / 4);
  });
});
