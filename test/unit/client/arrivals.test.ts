import { describe, expect, it } from "vitest";
import { type Arrivals, arrive, quietAt } from "../../../durable-objects/client/arrivals.ts";

/** Calls at these times, ms. */
const calls = (...times: readonly number[]): Arrivals => {
  let arrivals: Arrivals | null = null;
  for (const time of times) arrivals = arrive(arrivals, time);
  if (arrivals === null) throw new Error("no call");
  return arrivals;
};
const every = (gapMs: number, count: number) =>
  calls(...Array.from({ length: count }, (_, n) => n * gapMs));

describe("how enqueue calls come in", () => {
  it("is unknown after one call: it counts as over after a moment", () => {
    expect(calls(1_000)).toEqual({ lastAt: 1_000, gapMs: null });
    expect(quietAt(calls(1_000))).toBe(1_050);
  });

  it("is known from the second call on", () => {
    expect(calls(0, 40).gapMs).toBe(40);
    expect(every(40, 20).gapMs).toBeCloseTo(40);
  });

  it("ends five gaps after the last call, but not sooner than a round trip's jitter", () => {
    expect(quietAt(every(40, 2))).toBe(40 + 200);
    expect(quietAt(every(2, 2))).toBe(2 + 50);
  });

  it("follows a change from a stream to a burst, and back, within a few calls", () => {
    const stream = [0, 2_000, 4_000, 6_000];
    const burst = Array.from({ length: 8 }, (_, n) => 6_005 + 5 * n);
    expect(calls(...stream, ...burst).gapMs).toBeLessThan(10);
    expect(calls(...burst, 8_000, 10_000, 12_000, 14_000).gapMs).toBeGreaterThan(1_000);
  });

  it("takes calls of one instant, and a clock that goes back, as a millisecond apart", () => {
    expect(calls(5, 5).gapMs).toBe(1);
    expect(calls(5, 1).gapMs).toBe(1);
  });
});
