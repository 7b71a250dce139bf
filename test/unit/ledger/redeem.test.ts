import { beforeEach, describe, expect, test } from "vitest";
import { type AttemptId, RECORD_LIFETIME_MS } from "../../../durable-objects/ledger/rpc.ts";
import { attemptId, ledgerRing, recordKey, redeem } from "../../../workers/ledger/index.ts";
import { buildRing, place, shardName } from "../../../workers/ledger/ring.ts";
import type { RingPlan } from "../../../workers/ledger/ring-plan.ts";
import { SUSPECT_TIMEOUT_MS } from "../../../workers/ledger/shard-health.ts";
import { A, B, keyOf } from "./builders.ts";
import { ShardStandIns } from "./shard-stand-ins.ts";

const TIMEOUT_MS = 20;
const KEY = keyOf(1);
const ring = buildRing(4);
const { owner, successor } = place(ring, KEY);

let shards: ShardStandIns;
beforeEach(() => {
  shards = new ShardStandIns(2 * TIMEOUT_MS);
});

const use = (attempt: AttemptId, plan: RingPlan = { ring, previous: null }, now = 0) =>
  redeem(ledgerRing(shards, { plan, timeoutMs: TIMEOUT_MS }), KEY, attempt, now);

describe("a key", () => {
  test("is used once, and the same attempt is told the same again", async () => {
    expect(await use(A)).toBe("accepted");
    expect(await use(B)).toBe("duplicate");
    expect(await use(A)).toBe("accepted");
  });

  test("is used by exactly one of many at once", async () => {
    const attempts = Array.from({ length: 100 }, (_, n) => attemptId(`attempt-of-a-storm-${n}`));
    const verdicts = await Promise.all(attempts.map((attempt) => use(attempt)));
    expect(verdicts.filter((verdict) => verdict === "accepted")).toHaveLength(1);
    expect(verdicts.filter((verdict) => verdict === "duplicate")).toHaveLength(99);
  });

  test("costs one call to each of its two shards", async () => {
    await use(A);
    expect([owner, successor].map((name) => shards.getByName(name).calls)).toEqual([1, 1]);
  });

  test("shares its calls with those that are used at the same time", async () => {
    const together = ledgerRing(shards, { plan: { ring: buildRing(2), previous: null } });
    const keys = Array.from({ length: 50 }, (_, n) => keyOf(n));
    const verdicts = await Promise.all(keys.map((key) => redeem(together, key, A, 0)));
    expect(new Set(verdicts)).toEqual(new Set(["accepted"]));
    expect([shardName(0), shardName(1)].map((name) => shards.getByName(name).calls)).toEqual([
      1, 1,
    ]);
  });

  test.for([
    ["pass", "durable"],
    ["challenge", "soon"],
    ["track", "soon"],
  ] as const)("of a %s is claimed to be stored %s", async ([purpose, durability]) => {
    const key = recordKey(purpose, "pass-of-a-test-1");
    const plan = { ring, previous: null };
    await redeem(ledgerRing(shards, { plan, timeoutMs: TIMEOUT_MS }), key, A, 0);
    expect(shards.getByName(owner).durabilities).toEqual([durability]);
    expect(shards.getByName(successor).durabilities).toEqual([durability]);
  });

  test("that each shard first heard of from another attempt goes to the owner's", async () => {
    await shards.getByName(owner).claim([{ key: KEY, attempt: A }], "durable");
    await shards.getByName(successor).claim([{ key: KEY, attempt: B }], "durable");
    expect(await Promise.all([use(B), use(A)])).toEqual(["duplicate", "accepted"]);
    expect(shards.getByName(successor).records.get(KEY)?.attempt).toBe(A);
  });
});

describe.for([
  [owner, successor],
  [successor, owner],
] as const)("with %s, the other being %s,", ([failing, well]) => {
  test.for(["hanging", "refusing", "overloaded", "mute", "slow"] as const)(
    "%s, a key is used once and owed to it",
    async (mood) => {
      shards.getByName(failing).mood = mood;
      expect(await use(A)).toBe("accepted");
      expect(await use(B)).toBe("duplicate");
      expect(shards.getByName(well).records.get(KEY)).toMatchObject({
        attempt: A,
        solo: true,
        owedTo: [failing],
      });
    },
  );

  test("hanging, it is waited for but once, and asked again all the same", async () => {
    const isolate = ledgerRing(shards, { plan: { ring, previous: null }, timeoutMs: 400 });
    shards.getByName(failing).mood = "hanging";
    expect(await redeem(isolate, KEY, A, 0)).toBe("accepted");
    expect(isolate.health.patienceMs(failing, 401, 400)).toBe(SUSPECT_TIMEOUT_MS);
    expect(await redeem(isolate, KEY, B, 401)).toBe("duplicate");
    shards.getByName(failing).mood = "well";
    expect(await redeem(isolate, KEY, A, 402)).toBe("accepted");
    expect(isolate.health.patienceMs(failing, 403, 400)).toBe(400);
  });

  test("restarting, it is asked again at once", async () => {
    shards.getByName(failing).mood = "refusing once";
    expect(await use(A)).toBe("accepted");
    expect(shards.getByName(well).records.get(KEY)?.solo).toBe(false);
  });

  test("overloaded, it is not asked again", async () => {
    shards.getByName(failing).mood = "overloaded";
    await use(A);
    expect(shards.getByName(failing).calls).toBe(1);
  });
});

test("two shards that do not answer are no answer", async () => {
  for (const name of [owner, successor]) shards.getByName(name).mood = "hanging";
  expect(await use(A)).toBe("unavailable");
  for (const name of [owner, successor]) shards.getByName(name).mood = "well";
  expect(await use(A)).toBe("accepted");
});

describe("while the ring grows", () => {
  const previous = { ring, changedAtMs: 0 };
  const plan: RingPlan = { ring: buildRing(12), previous };
  const lifetimes = [-1, 0, RECORD_LIFETIME_MS - 1, RECORD_LIFETIME_MS];

  test.for([
    [-1, 0],
    [0, 1],
    [0, RECORD_LIFETIME_MS],
    [RECORD_LIFETIME_MS - 1, RECORD_LIFETIME_MS],
  ] as const)("what was used at %d ms is used at %d ms", async ([first, later]) => {
    expect(await use(A, plan, first)).toBe("accepted");
    expect(await use(B, plan, later)).toBe("duplicate");
    expect(await use(A, plan, later)).toBe("accepted");
  });

  test("callers whose clocks stand on both sides of its end use a key once", async () => {
    const attempts = lifetimes.slice(1).flatMap((now, index) =>
      Array.from({ length: 10 }, (_, n) => ({
        now,
        attempt: attemptId(`attempt-of-clock-${index}-${n}`),
      })),
    );
    const verdicts = await Promise.all(attempts.map(({ attempt, now }) => use(attempt, plan, now)));
    expect(verdicts.filter((verdict) => verdict === "accepted")).toHaveLength(1);
  });
});

test.for(["", "short", "white space in it", "x".repeat(97), "ümlaut-in-a-name-of-length"])(
  "the name %j is neither a key's nor an attempt's",
  (name) => {
    expect(() => recordKey("pass", name)).toThrow(RangeError);
    expect(() => attemptId(name)).toThrow(RangeError);
  },
);
