import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffDelayMs } from "../../../packages/sdk/src/client/backoff.ts";

const POLICY = { baseMs: 1_000, capMs: 300_000 };
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("backoffDelayMs", () => {
  it("doubles its bound with every failure, up to the cap", () => {
    const almostOne = 1 - Number.EPSILON;
    const bounds = [0, 1, 2, 3, 20].map((n) => Math.round(backoffDelayMs(POLICY, n, almostOne)));
    expect(bounds).toEqual([1_000, 2_000, 4_000, 8_000, 300_000]);
  });

  it("spreads over the whole cap once the cap is reached", () => {
    expect(backoffDelayMs(POLICY, 40, 0)).toBe(0);
    expect(backoffDelayMs(POLICY, 40, 0.5)).toBe(150_000);
  });

  it("waits what the server asked for in full, and adds its jitter to that", () => {
    fc.assert(
      fc.property(fc.nat(5_000), random, fc.nat(1_000_000), (failures, chance, floorMs) => {
        const delayMs = backoffDelayMs(POLICY, failures, chance, floorMs);
        expect(delayMs).toBeGreaterThanOrEqual(floorMs);
        expect(delayMs).toBeLessThanOrEqual(floorMs + POLICY.capMs);
      }),
    );
    expect(backoffDelayMs(POLICY, 0, 0.5, 5_000)).toBe(5_500);
  });
});
