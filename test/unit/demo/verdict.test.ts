import { describe, expect, test } from "vitest";
import { lastFrameMs } from "../../../scripts/demo/limiter.ts";
import { faultsOfBurst, faultsOfLimits } from "../../../scripts/demo/verdict.ts";
import { figures } from "./builders.ts";

const BURST = { name: "burst", tasks: 1 };
const UNBATCHED = {
  frames: 100,
  limiterTrips: 90,
  delivered: 10,
  watchedMs: 1,
  lastDeliveryMs: 1,
};

describe("a burst", () => {
  test("is without fault when every task succeeded, rows came and the agent stopped", () => {
    expect(faultsOfBurst(BURST, figures(), 0)).toEqual([]);
  });

  test.each([
    [{ succeeded: 0 }, 0, "burst: 1 of 1 tasks did not end"],
    [{ succeeded: 0, otherEnds: 1 }, 0, "burst: 1 of 1 tasks ended without success"],
    [{ calls: 0 }, 0, "burst: 0 of 1 calls were answered"],
    [{ rows: 0 }, 0, "burst: no row was collected"],
    [{}, 3, "burst: the agent ended with 3, not with 0"],
    [{}, null, "burst: the agent ended with a signal, not with 0"],
  ])("%j is told", (overrides, exitCode, fault) => {
    expect(faultsOfBurst(BURST, figures(overrides), exitCode)).toEqual([fault]);
  });
});

describe("the limiter", () => {
  test("is kept to with batches and met without them", () => {
    expect(faultsOfLimits(0, UNBATCHED)).toEqual([]);
  });

  test("is not kept to when a batch finds no token", () => {
    expect(faultsOfLimits(2, UNBATCHED)).toEqual(["batched: the limiter was tripped 2 times"]);
  });

  test("accounts for every frame that was sent without batches", () => {
    expect(faultsOfLimits(0, { ...UNBATCHED, delivered: 9 })).toEqual([
      "unbatched: 9 frames were taken and 90 tripped, of 100",
    ]);
  });
});

test("frames beyond the burst wait for a token each", () => {
  const limiter = { burst: 10, perSecond: 1 / 30 };
  expect(lastFrameMs(limiter, 10)).toBe(0);
  expect(lastFrameMs(limiter, 100)).toBeCloseTo(45 * 60_000);
});
