import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  PARK_AFTER_ATTEMPTS,
  PUBLISH_TIMEOUT_MS,
  retryDelayMs,
} from "../../../durable-objects/registry/outbox-drain.ts";
import { AT_ONCE, DOWN, type Fate, NEVER, SimulatedOutbox } from "./simulated-outbox.ts";

const MINUTE_MS = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets time pass; the alarm goes off every second, as often as it may. */
async function pass(outbox: SimulatedOutbox, ms: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += 1_000) {
    void outbox.run();
    await vi.advanceTimersByTimeAsync(Math.min(1_000, ms - gone));
  }
}

describe("what is due", () => {
  test("is published, and leaves the outbox", async () => {
    const outbox = new SimulatedOutbox();
    for (const id of ["a", "b", "c"]) outbox.commit(id);
    await pass(outbox, 10);
    expect(outbox.kv).toEqual(outbox.committed);
    expect(outbox.outbox.size).toBe(0);
  });

  test("is published a few at a time", async () => {
    const outbox = new SimulatedOutbox();
    outbox.usualFate = { afterMs: 100, lands: true };
    for (let n = 0; n < 40; n++) outbox.commit(`site ${n}`);
    void outbox.run();
    void outbox.run();
    await pass(outbox, 2_000);
    expect(outbox.mostInFlight).toBe(5);
    expect(outbox.kv.size).toBe(40);
  });

  test("is published a few at a time, also while everything on its way changes again", async () => {
    const outbox = new SimulatedOutbox();
    outbox.usualFate = { afterMs: 100, lands: true };
    const ids = ["a", "b", "c", "d", "e", "f", "g"];
    for (const id of ids) outbox.commit(id);
    void outbox.run();
    await vi.advanceTimersByTimeAsync(50);
    for (const id of ids) outbox.commit(id);
    void outbox.run();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(outbox.mostInFlight).toBe(5);
    expect(outbox.kv).toEqual(outbox.committed);
  });

  test("is published once for many changes", async () => {
    const outbox = new SimulatedOutbox();
    for (let n = 0; n < 50; n++) outbox.commit("a");
    await pass(outbox, 10);
    expect(outbox.writes).toBe(1);
    expect(outbox.kv.get("a")).toBe(50);
  });
});

describe("a change while an older version is on its way", () => {
  test("is published after it, never beside it", async () => {
    const outbox = new SimulatedOutbox();
    outbox.fates.push({ afterMs: 500, lands: true });
    outbox.commit("a");
    void outbox.run();
    outbox.commit("a");
    void outbox.run();
    await vi.advanceTimersByTimeAsync(499);
    expect(outbox.mostInFlight).toBe(1);
    await vi.advanceTimersByTimeAsync(10);
    expect(outbox.kv.get("a")).toBe(2);
    expect(outbox.outbox.size).toBe(0);
  });

  test("wins over one that was given up on and lands later", async () => {
    const outbox = new SimulatedOutbox();
    outbox.fates.push({ afterMs: PUBLISH_TIMEOUT_MS + 9_000, lands: true });
    outbox.commit("a");
    void outbox.run();
    await pass(outbox, PUBLISH_TIMEOUT_MS + 5_000);
    outbox.commit("a");
    await pass(outbox, 1_000);
    expect(outbox.kv.get("a")).toBe(2);
    await pass(outbox, 5_000);
    expect(outbox.kv.get("a")).toBe(2);
    expect(outbox.writes).toBeGreaterThan(2);
  });
});

describe("a row that fails", () => {
  test("is tried again, later and later, and reported twice", async () => {
    const outbox = new SimulatedOutbox();
    outbox.usualFate = DOWN;
    outbox.commit("a");
    await pass(outbox, 3_000);
    expect(outbox.writes).toBe(2);
    await pass(outbox, 60 * MINUTE_MS);
    expect(outbox.writes).toBeGreaterThan(PARK_AFTER_ATTEMPTS);
    expect(outbox.writes).toBeLessThan(30);
    expect(outbox.reports).toEqual(["outbox.failed a", "outbox.parked a"]);
  });

  test("is published when KV is back, however long that took", async () => {
    const outbox = new SimulatedOutbox();
    outbox.usualFate = DOWN;
    outbox.commit("a");
    await pass(outbox, 120 * MINUTE_MS);
    outbox.usualFate = AT_ONCE;
    await pass(outbox, 6 * MINUTE_MS);
    expect(outbox.kv.get("a")).toBe(1);
  });

  test("holds up none of the others, even when it hangs", async () => {
    const outbox = new SimulatedOutbox();
    outbox.fates.push(NEVER, DOWN);
    for (const id of ["hangs", "fails", "a", "b"]) outbox.commit(id);
    void outbox.run();
    await vi.advanceTimersByTimeAsync(1);
    expect([...outbox.kv.keys()]).toEqual(["a", "b"]);
    outbox.commit("c");
    void outbox.run();
    await vi.advanceTimersByTimeAsync(1);
    expect(outbox.kv.has("c")).toBe(true);
  });

  test("a new change starts its attempts anew", async () => {
    const outbox = new SimulatedOutbox();
    outbox.usualFate = DOWN;
    outbox.commit("a");
    await pass(outbox, 30 * MINUTE_MS);
    outbox.usualFate = AT_ONCE;
    outbox.commit("a");
    await pass(outbox, 10);
    expect(outbox.kv.get("a")).toBe(2);
  });
});

test("the delay before a retry doubles, is capped, and at least half of it is certain", () => {
  expect([1, 2, 3, 4].map((attempts) => retryDelayMs(attempts, 1))).toEqual([
    1_000, 2_000, 4_000, 8_000,
  ]);
  expect(retryDelayMs(1_000, 1)).toBe(5 * MINUTE_MS);
  expect(retryDelayMs(1_000, 0)).toBe(2.5 * MINUTE_MS);
});

type Step = { do: "commit"; id: string } | { do: "pass"; ms: number } | { do: "crash" };

const commits = fc.record({
  do: fc.constant("commit" as const),
  id: fc.constantFrom("a", "b", "c"),
});
const passes = fc.record({
  do: fc.constant("pass" as const),
  ms: fc.integer({ min: 0, max: 20_000 }),
});
const crashes = fc.record({ do: fc.constant("crash" as const) });
const fates: fc.Arbitrary<Fate> = fc.record({
  afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 * PUBLISH_TIMEOUT_MS })),
  lands: fc.boolean(),
});

async function play(steps: readonly Step[], dealt: readonly Fate[]): Promise<SimulatedOutbox> {
  const outbox = new SimulatedOutbox();
  outbox.fates.push(...dealt);
  for (const step of steps) {
    if (step.do === "commit") {
      outbox.commit(step.id);
      void outbox.run();
    } else if (step.do === "crash") outbox.crash();
    else await pass(outbox, step.ms);
  }
  outbox.fates.length = 0;
  await pass(outbox, 10 * MINUTE_MS);
  return outbox;
}

test("whatever KV does, in the end it holds the newest version of everything", async () => {
  const steps = fc.array(fc.oneof(commits, passes), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(steps, fc.array(fates, { maxLength: 20 }), async (played, dealt) => {
      const outbox = await play(played, dealt);
      expect(outbox.kv).toEqual(outbox.committed);
      expect(outbox.outbox.size).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test("what a dead object was writing does not come back to write again", async () => {
  const fates = [971, 0, 9_032].map((afterMs, index) => ({ afterMs, lands: index === 2 }));
  const steps: Step[] = [
    { do: "commit", id: "a" },
    { do: "pass", ms: 970 },
    { do: "crash" },
    { do: "commit", id: "c" },
    { do: "commit", id: "c" },
  ];
  const outbox = await play(steps, fates);
  expect(outbox.kv).toEqual(outbox.committed);
});

test("a crash at any point between commit and publication loses nothing", async () => {
  const steps = fc.array(fc.oneof(commits, passes, crashes), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(steps, fc.array(fates, { maxLength: 20 }), async (played, dealt) => {
      const outbox = await play(played, dealt);
      expect(outbox.kv).toEqual(outbox.committed);
    }),
    { numRuns: 60 },
  );
});
