import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RECORD_LIFETIME_MS } from "../../../durable-objects/ledger/rpc.ts";
import { recordKey } from "../../../workers/ledger/index.ts";
import { buildRing, place, type Ring, shardName } from "../../../workers/ledger/ring.ts";
import { pairsToAsk } from "../../../workers/ledger/ring-plan.ts";
import { keyOf } from "./builders.ts";

const KEYS = Array.from({ length: 4_000 }, (_, n) => keyOf(n));
const ownersOf = (ring: Ring) => KEYS.map((key) => place(ring, key).owner);

describe("a ring", () => {
  test("places a key on two different shards of its own, always the same", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 24 }), fc.nat(), (shards, n) => {
        const names = Array.from({ length: shards }, (_, index) => shardName(index));
        const { owner, successor } = place(buildRing(shards), keyOf(n));
        expect(owner).not.toBe(successor);
        expect(names).toEqual(expect.arrayContaining([owner, successor]));
        expect(place(buildRing(shards), keyOf(n))).toEqual({ owner, successor });
      }),
      { numRuns: 50 },
    );
  });

  test("places a challenge, its track and its pass on the same shards", () => {
    const ring = buildRing(8);
    for (let n = 0; n < 100; n += 1) {
      const places = (["challenge", "track", "pass"] as const).map((purpose) =>
        JSON.stringify(place(ring, recordKey(purpose, `name-of-a-challenge-${n}`))),
      );
      expect(new Set(places).size).toBe(1);
    }
  });

  test.for([0, 1, 2.5])("of %d shards cannot be", (shards) => {
    expect(() => buildRing(shards)).toThrow(RangeError);
  });

  test("gives every shard a fair share", () => {
    const owners = ownersOf(buildRing(8));
    for (let index = 0; index < 8; index += 1) {
      const share = owners.filter((owner) => owner === shardName(index)).length / KEYS.length;
      expect(share).toBeGreaterThan(0.5 / 8);
      expect(share).toBeLessThan(1.6 / 8);
    }
  });

  test("that grows by one shard moves about one key in N, and all of them to the new shard", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 16 }), (shards) => {
        const before = ownersOf(buildRing(shards));
        const after = ownersOf(buildRing(shards + 1));
        const moved = after.filter((owner, index) => owner !== before[index]);
        expect(new Set(moved)).toEqual(new Set([shardName(shards)]));
        expect(moved.length / KEYS.length).toBeLessThan(1.6 / (shards + 1));
        expect(moved.length / KEYS.length).toBeGreaterThan(0.4 / (shards + 1));
      }),
      { numRuns: 15 },
    );
  });

  test("lets the successor take over the keys of an owner that leaves", () => {
    const [before, after] = [buildRing(9), buildRing(8)];
    for (const key of KEYS) {
      const { owner, successor } = place(before, key);
      const left = owner === shardName(8);
      expect(place(after, key).owner).toBe(left ? successor : owner);
    }
  });
});

describe("while the ring changes", () => {
  const CHANGED_AT = 1_000_000;
  const [old, next] = [buildRing(8), buildRing(12)];
  const plan = { ring: next, previous: { ring: old, changedAtMs: CHANGED_AT } };
  const moved = KEYS.find((key) => place(old, key).owner !== place(next, key).owner) ?? keyOf(0);
  const stays =
    KEYS.find((key) => JSON.stringify(place(old, key)) === JSON.stringify(place(next, key))) ??
    keyOf(0);

  test("before it, the old pair is asked alone", () => {
    expect(pairsToAsk(plan, moved, CHANGED_AT - 1)).toEqual([place(old, moved)]);
  });

  test.for([0, RECORD_LIFETIME_MS - 1])("%d ms after it, the old pair and then the new", (ms) => {
    const pairs = [place(old, moved), place(next, moved)];
    expect(pairsToAsk(plan, moved, CHANGED_AT + ms)).toEqual(pairs);
  });

  test("a record's lifetime after it, the new pair is asked alone", () => {
    const now = CHANGED_AT + RECORD_LIFETIME_MS;
    expect(pairsToAsk(plan, moved, now)).toEqual([place(next, moved)]);
  });

  test("a pair that stays is asked once", () => {
    expect(pairsToAsk(plan, stays, CHANGED_AT)).toEqual([place(next, stays)]);
  });

  test("at no time can two attempts be asking pairs of which neither is the other's", () => {
    const times = [CHANGED_AT - 1, CHANGED_AT, CHANGED_AT + RECORD_LIFETIME_MS];
    const asked = times.map((now) => pairsToAsk(plan, moved, now).map((pair) => pair.owner));
    const [before = [], during = [], after = []] = asked;
    expect(during).toEqual([...before, ...after]);
  });
});
