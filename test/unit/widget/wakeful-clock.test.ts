import { describe, expect, it } from "vitest";
import { WakefulClock } from "../../../packages/widget/src/widget/wakeful-clock.ts";

function startClock() {
  const at = { steady: 100, wall: 1_764_000_000_000 };
  const clock = new WakefulClock({ steady: () => at.steady, wall: () => at.wall });
  return { at, clock };
}

describe("the clock of the widgets", () => {
  it("goes with the browser's steady one", () => {
    const { at, clock } = startClock();
    expect(clock.now()).toBe(100);
    at.steady += 50;
    at.wall += 50;
    expect(clock.now()).toBe(150);
  });

  it("counts the hours that the computer slept", () => {
    const { at, clock } = startClock();
    at.wall += 3_600_000;
    expect(clock.now()).toBe(3_600_100);
  });

  it("does not go back with the wall clock, nor twice over the same time", () => {
    const { at, clock } = startClock();
    at.wall += 5_000;
    expect(clock.now()).toBe(5_100);
    at.wall -= 60_000;
    at.steady += 10;
    expect(clock.now()).toBe(5_110);
    at.wall += 60_000;
    expect(clock.now()).toBe(5_110);
  });
});
