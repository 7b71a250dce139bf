import type { TrackPoint } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { showsPress, weighApproach } from "../../../workers/verify/approach.ts";
import { APPROACH, KEY_PRESS } from "../../builders/visitor.ts";

const mouse = (points: readonly TrackPoint[]) => weighApproach({ pointer: "mouse", points });
const along = (count: number, at: (step: number) => TrackPoint) =>
  Array.from({ length: count }, (_, step) => at(step));

describe("a way to a box", () => {
  it("of a hand is not doubted", () => {
    expect(weighApproach(APPROACH)).toEqual({ value: 0.9, reasons: [] });
  });

  it("of a hand that moves the page's length in one sweep is not doubted either", () => {
    const points = APPROACH.points.map(([x, y, t]) => [x * 4, y * 3, t] as const);
    expect(mouse(points).reasons).toEqual([]);
  });

  it("straight and at one speed is a script's, worth less than half", () => {
    const { value, reasons } = mouse(along(30, (step) => [step * 8, step * 3, step * 16]));
    expect(reasons).toEqual(["even_speed", "straight_line", "even_times"]);
    expect(value).toBeLessThan(0.5);
  });

  it("in a perfect curve at one speed is doubted for the speed", () => {
    const round = (step: number): TrackPoint => {
      const angle = (step / 40) * Math.PI;
      return [100 - 100 * Math.cos(angle), 100 * Math.sin(angle), step * 16 + (step % 3)];
    };
    expect(mouse(along(40, round)).reasons).not.toContain("straight_line");
    const even = along(40, (step) => [round(step)[0], round(step)[1], step * 16]);
    expect(mouse(even).reasons).toContain("even_speed");
  });

  it.each<[string, readonly TrackPoint[], string]>([
    ["a press from nowhere", [[0, 0, 0]], "no_approach"],
    [
      "a jump",
      [
        [0, 0, 0],
        [300, 200, 500],
        [300, 200, 560],
      ],
      "no_approach",
    ],
    ["a way that takes no time", along(10, (step) => [step * step, step * 9, step]), "too_quick"],
  ])("that is %s is doubted", (_, points, reason) => {
    expect(mouse(points).reasons).toContain(reason);
    expect(mouse(points).value).toBeLessThan(0.5);
  });

  it("of a tap shows less than a mouse's, and a finger stays for a moment", () => {
    const tap = (ms: number) =>
      weighApproach({
        pointer: "touch",
        points: [
          [0, 0, 0],
          [0, 0, ms],
        ],
      });
    expect(tap(80)).toEqual({ value: 0.75, reasons: [] });
    expect(tap(1)).toMatchObject({ reasons: ["too_quick"] });
    expect(tap(1).value).toBeLessThan(0.5);
  });

  it("of keys shows least, and fingers have a speed", () => {
    expect(weighApproach(KEY_PRESS)).toEqual({ value: 0.7, reasons: [] });
    const keys = along(12, (step) => [step, 0, step * 8]);
    expect(weighApproach({ pointer: "keyboard", points: keys }).reasons).toEqual(["keys_too_fast"]);
  });

  it("is none without a point", () => {
    expect(showsPress(null)).toBe(false);
    expect(showsPress({ pointer: "mouse", points: [] })).toBe(false);
    expect(showsPress(KEY_PRESS)).toBe(true);
  });
});
