import { describe, expect, it } from "vitest";
import type { TrackSketch } from "../../../durable-objects/ledger/rpc.ts";
import { isSameMovement } from "../../../durable-objects/ledger/track-likeness.ts";
import { sketchTrack } from "../../../workers/verify/replay/index.ts";
import { aMovement, type Movement, numbersOf, REUSES } from "../../builders/movements.ts";

const sketchOf = (movement: Movement): TrackSketch => sketchTrack({ points: movement }) ?? [];

describe("two movements", () => {
  it.each(Object.entries(REUSES))("are the same when one is the other %s", (_, reuse) => {
    for (let seed = 0; seed < 200; seed += 1) {
      const again = reuse(aMovement(seed), numbersOf(seed + 1));
      expect(isSameMovement(sketchOf(aMovement(seed)), sketchOf(again)), `${seed}`).toBe(true);
    }
  });

  it("are not the same when they only go the same way in about the same time", () => {
    let same = 0;
    for (let one = 0; one < 60; one += 1) {
      for (let other = 0; other < one; other += 1) {
        if (isSameMovement(sketchOf(aMovement(one)), sketchOf(aMovement(other)))) same += 1;
      }
    }
    expect(same).toBe(0);
  });

  it("are told apart by their times alone, and by their way alone", () => {
    const movement = aMovement(1);
    const otherTimes = movement.map(([x, y, t], i) => [x, y, t + (i % 2) * 6] as const);
    const otherWay = movement.map(([x, y, t], i) => [x + (i % 4) * 4, y, t] as const);
    expect(isSameMovement(sketchOf(movement), sketchOf(otherTimes))).toBe(false);
    expect(isSameMovement(sketchOf(movement), sketchOf(otherWay))).toBe(false);
  });

  it("are not compared beyond the factors that a replay can have", () => {
    const twice = aMovement(1).map(([x, y, t]) => [x * 2, y * 2, t] as const);
    const slow = aMovement(1).map(([x, y, t]) => [x, y, t * 2] as const);
    expect(isSameMovement(sketchOf(aMovement(1)), sketchOf(twice))).toBe(false);
    expect(isSameMovement(sketchOf(aMovement(1)), sketchOf(slow))).toBe(false);
  });

  it("without enough in common are not called the same, nor without any movement", () => {
    expect(isSameMovement([], [])).toBe(false);
    expect(isSameMovement([0, 0, 0, 1, 0, 8], [0, 0, 0, 1, 0, 8])).toBe(false);
    const still = Array(60).fill(0);
    expect(isSameMovement(still, still)).toBe(false);
  });
});
