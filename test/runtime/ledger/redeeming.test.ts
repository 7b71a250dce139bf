import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { place } from "../../../workers/ledger/ring.ts";
import {
  claimAt,
  freshAttempt,
  freshKey,
  freshShard,
  RING,
  shardsOf,
  use,
  withHanging,
} from "./shards.ts";

const MANY = 200;
const many = <Value>(make: (n: number) => Value) => Array.from({ length: MANY }, (_, n) => make(n));

describe("a key on running shards", () => {
  test("is used by exactly one of 200 at once", async () => {
    const key = freshKey();
    const verdicts = await Promise.all(many(() => use(key)));
    expect(verdicts.filter((verdict) => verdict === "accepted")).toHaveLength(1);
    expect(verdicts.filter((verdict) => verdict === "duplicate")).toHaveLength(MANY - 1);
  });

  test("gets 200 equal answers for one attempt, and for another", async () => {
    const key = freshKey();
    const attempt = freshAttempt();
    const other = freshAttempt();
    expect(new Set(await Promise.all(many(() => use(key, attempt))))).toEqual(
      new Set(["accepted"]),
    );
    expect(new Set(await Promise.all(many(() => use(key, other))))).toEqual(new Set(["duplicate"]));
  });

  test("stays used when its shards are evicted", async () => {
    const key = freshKey();
    const attempt = freshAttempt();
    await use(key, attempt);
    const { owner, successor } = shardsOf(key);
    await Promise.all([evictDurableObject(owner), evictDurableObject(successor)]);
    expect(await use(key)).toBe("duplicate");
    expect(await use(key, attempt)).toBe("accepted");
  });
});

describe.for(["owner", "successor"] as const)("with a hanging %s", (seat) => {
  const hangingOf = (key: ReturnType<typeof freshKey>) => withHanging(place(RING, key)[seat]);
  const otherSeat = seat === "owner" ? "successor" : "owner";
  const SHORT_MS = 50;

  test("a key is used once, and is handed over when the shard is back", async () => {
    const key = freshKey();
    const attempt = freshAttempt();
    expect(await use(key, attempt, hangingOf(key), SHORT_MS)).toBe("accepted");
    expect(await use(key, freshAttempt(), hangingOf(key), SHORT_MS)).toBe("duplicate");
    await runDurableObjectAlarm(shardsOf(key)[otherSeat]);
    const taken = await claimAt(shardsOf(key)[seat], key, freshAttempt());
    expect(taken).toMatchObject({ attempt, solo: true });
  });

  test("an eviction between the claim and the mark loses neither", async () => {
    const key = freshKey();
    const attempt = freshAttempt();
    const shard = shardsOf(key)[otherSeat];
    expect(await claimAt(shard, key, attempt)).toMatchObject({ attempt, solo: false });
    await evictDurableObject(shard);
    const marked = await shard.markSolo(key, attempt, place(RING, key)[seat]);
    expect(marked).toMatchObject({ attempt, solo: true });
    await evictDurableObject(shard);
    expect(await shard.settle(key, freshAttempt())).toMatchObject({ attempt, solo: true });
  });
});

test("a shard answers when what it says is stored, also within the gap between commits", async () => {
  await runInDurableObject(freshShard(), async (shard, { storage }) => {
    for (const key of [freshKey(), freshKey(), freshKey()]) {
      await claimAt(shard, key, freshAttempt());
      const bodies = storage.sql.exec("SELECT body FROM segments").toArray();
      expect(bodies.map(({ body }) => String(body)).join()).toContain(key);
    }
  });
});
