import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearest, rearm } from "../../../durable-objects/alarm.ts";

const NOW = 1_000;

describe("the nearest of some times", () => {
  it("is the least of those that are set", () => {
    expect(nearest(5, null, 3, Number.POSITIVE_INFINITY)).toBe(3);
  });

  it("is none when none is set", () => {
    expect(nearest(null, Number.POSITIVE_INFINITY, Number.NaN)).toBeNull();
    expect(nearest()).toBeNull();
  });
});

describe("the one alarm", () => {
  it("is set when something wants it and it is not", () => {
    expect(rearm({ armedAt: null }, 1_500, NOW)).toBe(1_500);
  });

  it("is left alone when nothing wants it: it fires early and is planned anew", () => {
    expect(rearm({ armedAt: 1_500 }, null, NOW)).toBeNull();
    expect(rearm({ armedAt: null }, null, NOW)).toBeNull();
  });

  it("is moved nearer, never farther: moving it is a row written", () => {
    expect(rearm({ armedAt: 2_000 }, 1_500, NOW)).toBe(1_500);
    expect(rearm({ armedAt: 1_500 }, 2_000, NOW)).toBeNull();
    expect(rearm({ armedAt: 1_500 }, 1_500, NOW)).toBeNull();
  });

  it("is never set for the past, where it may be lost", () => {
    expect(rearm({ armedAt: null }, 5, NOW)).toBe(NOW + 1);
  });

  it("is set anew when the one that was set should have fired", () => {
    expect(rearm({ armedAt: 900 }, 2_000, NOW)).toBe(2_000);
  });

  it("is set for a whole millisecond, not before the wanted time", () => {
    expect(rearm({ armedAt: null }, 1_500.2, NOW)).toBe(1_501);
  });

  it("fires in time for whatever was wanted", () => {
    const time = fc.option(fc.nat({ max: 5_000 }));
    fc.assert(
      fc.property(time, time, (armedAt, wanted) => {
        const at = rearm({ armedAt }, wanted, NOW) ?? armedAt;
        if (wanted === null) return;
        expect(at).not.toBeNull();
        expect(at).toBeGreaterThan(NOW);
        expect(at).toBeLessThanOrEqual(Math.max(wanted, NOW + 1));
      }),
    );
  });
});
