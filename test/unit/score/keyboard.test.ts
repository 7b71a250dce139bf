import type { TrackPoint } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { scoreTrack } from "../../../workers/verify/score/index.ts";

/** Keys at these times, each a step of one to the right. */
const keysAt = (...times: number[]): readonly TrackPoint[] =>
  times.map((t, index) => [index, 0, t]);
const judge = (points: readonly TrackPoint[]) => scoreTrack({ pointer: "keyboard", points });

describe("a track of keys", () => {
  it("passes for a person's when its presses vary", () => {
    expect(judge(keysAt(0, 180, 330, 540, 690, 900)).reasons).toEqual([]);
  });

  it("passes for a person's when a key is held down", () => {
    const repeats = Array.from({ length: 40 }, (_, index) => 500 + 33 * index);
    const { value, reasons } = judge(keysAt(0, ...repeats, 2_100, 2_330));
    expect(reasons).toEqual([]);
    expect(value).toBeGreaterThan(0.5);
  });

  it("earns less than a hand can, however good it is", () => {
    expect(judge(keysAt(0, 180, 330, 540, 690, 900)).value).toBeLessThan(0.9);
  });

  it("is a script's when presses follow as a timer goes", () => {
    const { value, reasons } = judge(keysAt(0, 100, 200, 300, 400, 500, 600));
    expect(reasons).toEqual(["keys_too_regular"]);
    expect(value).toBeLessThan(0.35);
  });

  it("is a script's when keys come faster than fingers and systems make them", () => {
    expect(judge(keysAt(0, 3, 9, 11, 16, 20, 21)).reasons).toContain("keys_too_fast");
  });

  it("is a script's when the slider moves by any number of steps", () => {
    const points: TrackPoint[] = [
      [0, 0, 0],
      [13, 0, 190],
      [31, 0, 340],
      [36, 0, 560],
      [57, 0, 700],
    ];
    expect(judge(points).reasons).toContain("keys_implausible");
  });

  it("is nobody's with fewer than two keys, or with times that make no sense", () => {
    expect(judge(keysAt(0))).toEqual({ value: 0, reasons: ["too_short"] });
    expect(judge(keysAt(0, 100, 50))).toEqual({ value: 0, reasons: ["malformed"] });
    expect(judge(keysAt(0, Number.NaN))).toEqual({ value: 0, reasons: ["malformed"] });
  });
});
