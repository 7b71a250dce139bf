import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Arrivals } from "../../../durable-objects/client/arrivals.ts";
import { mirrorHello, spend } from "../../../durable-objects/client/capacity.ts";
import {
  decideFlush,
  type FlushView,
  LINGER_MS,
} from "../../../durable-objects/client/flush-policy.ts";
import { aCapacity } from "../../builders/frames.ts";

const MAX_BATCH = 1_000;
const limited = (overrides = {}) =>
  mirrorHello(
    aCapacity({ burst: 10, perSecond: 1 / 30, tokens: 10, slots: 100, ...overrides }),
    0,
    0,
  );
const unlimited = (slots = 16) => ({
  ...mirrorHello(undefined, 0, 0),
  slots,
  slotsTotal: slots,
  mostFree: slots,
});
const since = (lastAt: number, gapMs: number | null = null): Arrivals => ({ lastAt, gapMs });

function aView(overrides: Partial<FlushView> = {}): FlushView {
  return {
    queued: 1,
    urgent: 0,
    arrivals: since(0),
    lastFlushAt: null,
    capacity: limited(),
    lingerMs: LINGER_MS,
    maxBatchTasks: MAX_BATCH,
    ...overrides,
  };
}
const decide = (overrides: Partial<FlushView> = {}, now = 0) => decideFlush(aView(overrides), now);

describe("a lone task", () => {
  it("leaves at once to a client that was sent nothing yet", () => {
    expect(decide()).toMatchObject({ kind: "send" });
  });

  it("leaves at once when the last frame is long past", () => {
    expect(decide({ lastFlushAt: 0, arrivals: since(60_000) }, 60_000)).toMatchObject({
      kind: "send",
    });
  });

  it("right after a frame lingers, to be joined by others", () => {
    const busy = { lastFlushAt: 1_000, arrivals: since(1_010, 10), capacity: unlimited() };
    expect(decide(busy, 1_010)).toEqual({ kind: "wait", wakeAt: 1_050, waitingFor: "linger" });
  });
});

describe("with nothing to send", () => {
  it("nothing is armed", () => {
    expect(decide({ queued: 0 })).toMatchObject({ kind: "wait", wakeAt: null });
  });
});

describe("a frame", () => {
  it("is sized to the slots, less the reserve", () => {
    expect(decide({ queued: 500, capacity: limited({ slots: 4 }) })).toMatchObject({ tasks: 3 });
  });

  it("is bounded by the largest batch", () => {
    expect(decide({ queued: 5_000, capacity: unlimited(9_000) })).toMatchObject({
      tasks: MAX_BATCH,
    });
  });

  it("that is full already does not linger", () => {
    const busy = { lastFlushAt: 0, arrivals: since(1, 1), maxBatchTasks: 50 };
    expect(decide({ ...busy, queued: 50 }, 1)).toMatchObject({ kind: "send", tasks: 50 });
    expect(decide({ ...busy, queued: 49 }, 1)).toMatchObject({ kind: "wait" });
  });

  it("for all slots of a client without a rate does not linger either", () => {
    const busy = { lastFlushAt: 0, arrivals: since(1, 1), capacity: unlimited(16) };
    expect(decide({ ...busy, queued: 15 }, 1)).toMatchObject({ kind: "send", tasks: 15 });
  });
});

describe("frames under way", () => {
  const spent = (frames: number) => {
    let capacity = limited();
    for (let n = 0; n < frames; n += 1) capacity = spend(capacity, 1, 0);
    return capacity;
  };
  const wait = (frames: number) => {
    const decision = decide({
      capacity: spent(frames),
      lastFlushAt: 0,
      arrivals: since(0, 1e6),
    });
    return decision.kind === "wait" ? (decision.wakeAt ?? Number.POSITIVE_INFINITY) : 0;
  };

  it("keep a distance that grows as tokens are spent", () => {
    const waits = Array.from({ length: 9 }, (_, frames) => wait(frames));
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits[0]).toBeLessThan(100);
    expect(waits[8]).toBeGreaterThan(20_000);
  });

  it("end a burst early when it falls quiet", () => {
    const capacity = spent(5);
    const stream = decide({ capacity, lastFlushAt: 0, arrivals: since(0, 5_000) }, 10);
    const burst = decide({ capacity, lastFlushAt: 0, arrivals: since(0, 5) }, 10);
    if (stream.kind !== "wait" || burst.kind !== "wait") throw new Error("nothing waits");
    expect(burst.wakeAt).toBeLessThan(stream.wakeAt ?? 0);
  });
});

describe("the reserve for urgent work", () => {
  const oneToken = limited({ tokens: 1 });
  const oneSlot = { ...limited({ slots: 1 }), slotsTotal: 4, mostFree: 4 };

  it("is one token: ordinary work waits for the next", () => {
    const decision = decide({ capacity: oneToken });
    expect(decision).toMatchObject({ kind: "wait", waitingFor: "rate" });
    expect(decide({ capacity: oneToken, urgent: 1 })).toMatchObject({ kind: "send" });
  });

  it("is one slot: ordinary work waits for another", () => {
    expect(decide({ capacity: oneSlot })).toEqual({
      kind: "wait",
      wakeAt: null,
      waitingFor: "slots",
    });
    expect(decide({ capacity: oneSlot, urgent: 1 })).toEqual({
      kind: "send",
      tasks: 1,
      ordinary: 0,
    });
  });

  it("is never a client's only token nor its only slot", () => {
    const small = limited({ burst: 1, tokens: 1, slots: 1 });
    expect(decide({ capacity: small })).toEqual({ kind: "send", tasks: 1, ordinary: 1 });
  });
});

describe("urgent work", () => {
  it("does not linger", () => {
    const busy = { lastFlushAt: 0, arrivals: since(1, 1) };
    expect(decide(busy, 1)).toMatchObject({ kind: "wait" });
    expect(decide({ ...busy, urgent: 1 }, 1)).toMatchObject({ kind: "send" });
  });

  it("takes others along, for its frame costs its token anyway", () => {
    expect(decide({ queued: 50, urgent: 1 })).toEqual({ kind: "send", tasks: 100, ordinary: 99 });
  });

  it("waits for a token or a slot when there is none", () => {
    expect(decide({ urgent: 1, capacity: limited({ tokens: 0 }) })).toMatchObject({
      kind: "wait",
      waitingFor: "rate",
      wakeAt: expect.any(Number),
    });
    expect(decide({ urgent: 1, capacity: limited({ slots: 0 }) })).toEqual({
      kind: "wait",
      wakeAt: null,
      waitingFor: "slots",
    });
  });
});

describe("whatever the policy is shown", () => {
  const anyView = fc.record({
    queued: fc.integer({ min: 1, max: 5_000 }),
    urgent: fc.nat({ max: 1 }),
    arrivals: fc.option(
      fc.record({ lastAt: fc.nat({ max: 50_000 }), gapMs: fc.option(fc.nat({ max: 9_000 })) }),
    ),
    lastFlushAt: fc.option(fc.nat({ max: 50_000 })),
    capacity: fc
      .record({
        burst: fc.integer({ min: 1, max: 20 }),
        perSecond: fc.constantFrom(1 / 30, 0.5, 50),
        tokens: fc.nat({ max: 20 }),
        slots: fc.nat({ max: 40 }),
      })
      .map((capacity) => mirrorHello(capacity, 0, 0)),
    lingerMs: fc.constant(LINGER_MS),
    maxBatchTasks: fc.constantFrom(10, MAX_BATCH),
  });
  const anyNow = fc.integer({ min: 50_000, max: 90_000 });

  it("it sends no more than there are slots, and waking it when it asked for is no waste", () => {
    fc.assert(
      fc.property(anyView, anyNow, (view, now) => {
        const decision = decideFlush(view, now);
        if (decision.kind === "send") {
          expect(decision.tasks).toBeGreaterThan(0);
          expect(decision.tasks).toBeLessThanOrEqual(view.capacity.slots);
          expect(decision.ordinary).toBeLessThanOrEqual(view.capacity.slots);
          return;
        }
        if (decision.wakeAt === null) return;
        expect(decision.wakeAt).toBeGreaterThan(now);
        let woken = decideFlush(view, decision.wakeAt);
        // Tokens that come back shorten the distance, so that a second look may be due; not a third.
        if (woken.kind === "wait") woken = decideFlush(view, woken.wakeAt ?? now);
        expect(woken.kind).toBe("send");
      }),
      { numRuns: 2_000 },
    );
  });

  it("urgent work is never slower than ordinary work", () => {
    fc.assert(
      fc.property(anyView, anyNow, (view, now) => {
        const at = (urgent: number) => {
          const decision = decideFlush({ ...view, urgent }, now);
          return decision.kind === "send" ? now : (decision.wakeAt ?? Number.POSITIVE_INFINITY);
        };
        expect(at(1)).toBeLessThanOrEqual(at(0));
      }),
      { numRuns: 2_000 },
    );
  });
});
