import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { SOON_MS } from "../../../durable-objects/ledger/group-commit.ts";
import type { ShardName, TrackGroup } from "../../../durable-objects/ledger/rpc.ts";
import { ledgerRing } from "../../../workers/ledger/index.ts";
import { isReplay, sketchTrack } from "../../../workers/verify/replay/index.ts";
import { aMovement, numbersOf, REUSES } from "../../builders/movements.ts";
import { freshShard } from "./shards.ts";

const GROUPS = ["site-of-this-test" as TrackGroup];
const sketchOf = (seed: number) => sketchTrack({ points: aMovement(seed) }) ?? [];
const trackOf = (seed: number) => ({ pointer: "mouse", points: aMovement(seed) }) as const;
const freshSite = () => crypto.randomUUID();
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a shard's memory for movements", () => {
  test("knows one that it has seen, also after a sleep, and takes one row for all of some seconds", async () => {
    const shard = freshShard();
    const before = (await shard.usage()).rowsWritten;
    for (const seed of [1, 2, 3])
      expect(await shard.recallTrack(GROUPS, sketchOf(seed))).toBe(false);
    await pause(SOON_MS + 500);
    expect((await shard.usage()).rowsWritten - before).toBe(1);
    await evictDurableObject(shard);
    expect(await shard.recallTrack(GROUPS, sketchOf(2))).toBe(true);
    expect(await shard.recallTrack(GROUPS, sketchOf(4))).toBe(false);
  });

  test("erases what has ended by its alarm", async () => {
    const shard = freshShard();
    await runInDurableObject(shard, (_, { storage }) => {
      storage.sql.exec("INSERT INTO tracks (expires_at, body) VALUES (1, '[]'), (9e15, '[]')");
      return storage.setAlarm(Date.now() + 60_000);
    });
    await runDurableObjectAlarm(shard);
    await runInDurableObject(shard, (_, { storage }) => {
      expect(storage.sql.exec("SELECT expires_at FROM tracks").toArray()).toEqual([
        { expires_at: 9e15 },
      ]);
    });
  });
});

describe("a movement that is used again", () => {
  const ring = ledgerRing(env.LEDGER);

  test("is a replay at the same site, however it was changed", async () => {
    const site = freshSite();
    expect(await isReplay(ring, site, trackOf(21))).toBe(false);
    for (const reuse of Object.values(REUSES)) {
      const points = reuse(aMovement(21), numbersOf(5));
      expect(await isReplay(ring, site, { pointer: "mouse", points })).toBe(true);
    }
  });

  test("is a replay at another site", async () => {
    expect(await isReplay(ring, freshSite(), trackOf(31))).toBe(false);
    expect(await isReplay(ring, freshSite(), trackOf(31))).toBe(true);
  });

  test("is a replay where one shard of its site hangs, and none where nobody answers", async () => {
    const asked: ShardName[] = [];
    const never = () => new Promise<never>(() => {});
    const silent = (name: ShardName) => ({ ...env.LEDGER.getByName(name), recallTrack: never });
    const halfRing = ledgerRing({
      getByName(name) {
        if (!asked.includes(name)) asked.push(name);
        return asked.indexOf(name) % 2 === 0 ? silent(name) : env.LEDGER.getByName(name);
      },
    });
    const site = freshSite();
    await isReplay(ring, site, trackOf(41));
    expect(await isReplay(halfRing, site, trackOf(41))).toBe(true);
    expect(await isReplay(ledgerRing({ getByName: silent }), site, trackOf(41))).toBe(false);
  });
});
