import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { every, type Scenario, Simulation } from "./simulation.ts";

const SECOND_MS = 1_000;

/** The limiter of the report that shaped the flush policy: ten frames at once, then one each 30 s. */
const STRICT = { burst: 10, perSecond: 1 / 30 };

const scenario = (overrides: Partial<Scenario>): Scenario => ({
  scheduledAt: [0],
  ...STRICT,
  slots: 200,
  concurrency: 200,
  runMs: SECOND_MS,
  latencyMs: 20,
  ...overrides,
});
const simulate = (overrides: Partial<Scenario>) => new Simulation(scenario(overrides)).run();
const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Ascending times with gaps up to twice `gapMs`. */
const jittered = (gapMs: number, count: number) =>
  fc.array(fc.nat({ max: 2 * gapMs }), { minLength: count, maxLength: count }).map((gaps) => {
    let at = 0;
    return gaps.map((gap) => (at += gap));
  });

describe("a hundred tasks scheduled within two seconds", () => {
  it("arrive in four frames at most, the last within a second of its call", () => {
    const { frames, trips, waitsMs } = simulate({ scheduledAt: every(20, 100) });
    expect(frames).toBeLessThanOrEqual(4);
    expect(waitsMs).toHaveLength(100);
    expect(waitsMs.at(-1)).toBeLessThanOrEqual(SECOND_MS);
    expect(trips).toBe(0);
  });

  it("do so however the calls are jittered", () => {
    fc.assert(
      fc.property(jittered(20, 100), fc.constantFrom(1, 20, 150), (scheduledAt, latencyMs) => {
        const { frames, trips, waitsMs } = simulate({ scheduledAt, latencyMs });
        expect(frames).toBeLessThanOrEqual(6);
        expect(waitsMs.at(-1)).toBeLessThanOrEqual(SECOND_MS + latencyMs);
        expect(trips).toBe(0);
      }),
      { numRuns: 40 },
    );
  });
});

describe("sixty tasks, one every two seconds", () => {
  it("wait 27 s at most and 9 s on average, and never trip the limiter", () => {
    const { trips, waitsMs } = simulate({ scheduledAt: every(2 * SECOND_MS, 60) });
    expect(waitsMs).toHaveLength(60);
    expect(Math.max(...waitsMs)).toBeLessThanOrEqual(27 * SECOND_MS);
    expect(mean(waitsMs)).toBeLessThanOrEqual(9 * SECOND_MS);
    expect(trips).toBe(0);
  });

  it("never wait longer than the limiter takes for two frames, however long it goes on", () => {
    const { trips, waitsMs } = simulate({ scheduledAt: every(2 * SECOND_MS, 300) });
    expect(Math.max(...waitsMs)).toBeLessThanOrEqual(60 * SECOND_MS);
    expect(trips).toBe(0);
  });
});

describe("a hundred tasks of a second for a client of four slots and two hands", () => {
  it("are done in little more than the fifty seconds that the hands need", () => {
    const { trips, doneAtMs } = simulate({
      scheduledAt: every(0, 100),
      burst: 100,
      perSecond: 10,
      slots: 4,
      concurrency: 2,
    });
    expect(doneAtMs).toBeLessThanOrEqual(55 * SECOND_MS);
    expect(trips).toBe(0);
  });
});

describe("whatever is scheduled, at any latency, for any client", () => {
  it("arrives, and the limiter never trips", () => {
    const anyScenario = fc.record({
      scheduledAt: fc.oneof(jittered(10, 60), jittered(500, 40), jittered(3_000, 20)),
      burst: fc.integer({ min: 1, max: 12 }),
      perSecond: fc.constantFrom(1 / 30, 0.5, 5, 100),
      slots: fc.integer({ min: 1, max: 20 }),
      concurrency: fc.integer({ min: 1, max: 4 }),
      runMs: fc.constantFrom(1, 400),
      latencyMs: fc.constantFrom(0, 30, 800, 4_000),
    });
    fc.assert(
      fc.property(anyScenario, (any) => {
        const { trips, waitsMs } = new Simulation(any).run();
        expect(waitsMs).toHaveLength(any.scheduledAt.length);
        expect(trips).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
