import { beforeEach, describe, expect, test } from "vitest";
import {
  ShardHealth,
  SUSPECT_TIMEOUT_MS,
  SUSPICION_MS,
} from "../../../workers/ledger/shard-health.ts";
import { PARTNER as SHARD } from "./builders.ts";

const USUAL_MS = 1_000;

let health: ShardHealth;
beforeEach(() => {
  health = new ShardHealth();
});
const patienceAt = (now: number) => health.patienceMs(SHARD, now, USUAL_MS);
const silentFor = (waitedMs: number, now: number) =>
  health.wasSilent(SHARD, waitedMs, USUAL_MS, now);

describe("patience with a shard", () => {
  test("is the usual one until it was silent, and then short for a while", () => {
    expect(patienceAt(0)).toBe(USUAL_MS);
    silentFor(USUAL_MS, 1_000);
    expect(patienceAt(1_000)).toBe(SUSPECT_TIMEOUT_MS);
    expect(patienceAt(1_000 + SUSPICION_MS - 1)).toBe(SUSPECT_TIMEOUT_MS);
  });

  test("is the usual one for a single caller after that while", () => {
    silentFor(USUAL_MS, 0);
    expect(patienceAt(SUSPICION_MS)).toBe(USUAL_MS);
    expect(patienceAt(SUSPICION_MS)).toBe(SUSPECT_TIMEOUT_MS);
    expect(patienceAt(2 * SUSPICION_MS)).toBe(USUAL_MS);
  });

  test("is not kept short by callers who waited shortly themselves", () => {
    silentFor(USUAL_MS, 0);
    silentFor(SUSPECT_TIMEOUT_MS, SUSPICION_MS - 1);
    expect(patienceAt(SUSPICION_MS)).toBe(USUAL_MS);
  });

  test("is the usual one again as soon as it answers", () => {
    silentFor(USUAL_MS, 0);
    health.hasAnswered(SHARD);
    expect(patienceAt(1)).toBe(USUAL_MS);
  });

  test("is never longer than the usual one", () => {
    health.wasSilent(SHARD, 20, 20, 0);
    expect(health.patienceMs(SHARD, 1, 20)).toBe(20);
  });
});
