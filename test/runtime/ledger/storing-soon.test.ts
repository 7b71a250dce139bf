import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, test, vi } from "vitest";
import { SOON_MS } from "../../../durable-objects/ledger/group-commit.ts";
import type { Ledger } from "../../../durable-objects/ledger/object.ts";
import type { ShardName } from "../../../durable-objects/ledger/rpc.ts";
import { recordKey } from "../../../workers/ledger/index.ts";
import { claimAt, freshAttempt, freshKey, freshShard, shardOf, shardsOf, use } from "./shards.ts";

/** The keys of a challenge and of its pass. */
const freshFlow = () => {
  const name = crypto.randomUUID();
  return { challenge: recordKey("challenge", name), pass: recordKey("pass", name) };
};
const rowsOf = async (shards: readonly DurableObjectStub<Ledger>[]) => {
  const usages = await Promise.all(shards.map((shard) => shard.usage()));
  return usages.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0);
};

/** The object dies with all that it had in memory; returns a stub for its next life. */
const crash = async (shard: DurableObjectStub<Ledger>) => {
  await runInDurableObject(shard, (_, state) => state.abort("crash of a test")).catch(() => {});
  return shardOf(shard.name as ShardName);
};

afterEach(() => vi.restoreAllMocks());

describe("a challenge", () => {
  test("is attempted once, and the same attempt is told the same again", async () => {
    const { challenge } = freshFlow();
    const attempt = freshAttempt();
    expect(await use(challenge, attempt)).toBe("accepted");
    expect(await use(challenge)).toBe("duplicate");
    expect(await use(challenge, attempt)).toBe("accepted");
  });

  test("shares the two rows of its pass", async () => {
    const { challenge, pass } = freshFlow();
    const { owner, successor } = shardsOf(pass);
    const before = await rowsOf([owner, successor]);
    expect(await use(challenge)).toBe("accepted");
    expect(await rowsOf([owner, successor])).toBe(before);
    expect(await use(pass)).toBe("accepted");
    expect(await rowsOf([owner, successor])).toBe(before + 2);
    await Promise.all([crash(owner), crash(successor)]);
    expect(await use(challenge)).toBe("duplicate");
  });

  test.for(["owner", "successor"] as const)(
    "that the %s has forgotten is known to the other shard",
    async (seat) => {
      const { challenge } = freshFlow();
      await use(challenge);
      await crash(shardsOf(challenge)[seat]);
      expect(await use(challenge)).toBe("duplicate");
    },
  );

  test("whose write fails counts as forgotten, and fails nobody", async () => {
    const { challenge, pass } = freshFlow();
    const { owner } = shardsOf(challenge);
    vi.spyOn(console, "error").mockImplementation(() => {});
    await use(challenge);
    await runInDurableObject(owner, async (shard, { storage }) => {
      storage.sql.exec(
        "CREATE TRIGGER broken BEFORE INSERT ON segments BEGIN SELECT RAISE(ABORT, 'broken'); END",
      );
      await expect(claimAt(shard, pass, freshAttempt())).rejects.toThrow();
      storage.sql.exec("DROP TRIGGER broken");
    });
    expect(await use(challenge)).toBe("duplicate");
  });
});

describe("a claim that is to be stored soon", () => {
  test("is forgotten by a shard that dies at once", async () => {
    const [shard, key, later] = [freshShard(), freshKey(), freshAttempt()];
    const { claimedAt } = await claimAt(shard, key, freshAttempt(), "soon");
    const held = await claimAt(await crash(shard), key, later, "soon");
    expect(held.attempt).toBe(later);
    expect(held.remembersFrom).toBeGreaterThanOrEqual(claimedAt);
  });

  test("is stored after a while, with nothing else going on", async () => {
    const [shard, key, attempt] = [freshShard(), freshKey(), freshAttempt()];
    await claimAt(shard, key, attempt, "soon");
    await new Promise((resolve) => setTimeout(resolve, SOON_MS + 500));
    const restarted = await crash(shard);
    expect((await claimAt(restarted, key, freshAttempt(), "soon")).attempt).toBe(attempt);
  });

  test("keeps its shard from being put to sleep until it is stored", async () => {
    const [shard, key, attempt] = [freshShard(), freshKey(), freshAttempt()];
    await claimAt(shard, key, attempt, "soon");
    await evictDurableObject(shard);
    expect((await claimAt(shard, key, freshAttempt(), "soon")).attempt).toBe(attempt);
  });

  test("is stored at once for a durable one of the same key", async () => {
    const [shard, key, attempt] = [freshShard(), freshKey(), freshAttempt()];
    await claimAt(shard, key, attempt, "soon");
    expect((await claimAt(shard, key, freshAttempt())).attempt).toBe(attempt);
    const restarted = await crash(shard);
    expect((await claimAt(restarted, key, freshAttempt())).attempt).toBe(attempt);
  });
});
