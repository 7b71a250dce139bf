import { describe, expect, it } from "vitest";
import { paceGroups, siteGroup, sketchTrack } from "../../../../workers/verify/replay/index.ts";
import { aMovement, numbersOf, REUSES } from "../../../builders/movements.ts";

const long = Array.from({ length: 400 }, (_, index) => [index, 0, index * 8] as const);

describe("the sketch of a track", () => {
  it("keeps the beginning whole and ever less of the rest, in whole numbers from the first point", () => {
    const sketch = sketchTrack({
      points: [
        [5.2, 3, 100],
        [6.4, 3, 108],
        ...long.map(([x, y, t]) => [x + 7, y, t + 116] as const),
      ],
    });
    expect(sketch?.slice(0, 9)).toEqual([0, 0, 0, 1, 0, 8, 2, -3, 16]);
    expect(sketch).toHaveLength(41 * 3);
  });

  it("is bounded, however long the track", () => {
    expect(sketchTrack({ points: long })).toHaveLength(41 * 3);
  });

  it("of a track that was cut off is the beginning of the whole one's", () => {
    const movement = aMovement(1);
    const whole = sketchTrack({ points: movement }) ?? [];
    const cut = sketchTrack({ points: movement.slice(0, 15) }) ?? [];
    expect(cut).toEqual(whole.slice(0, cut.length));
  });

  it("is none of a track that is too short to be recognised", () => {
    expect(sketchTrack({ points: long.slice(0, 5) })).toBeNull();
    expect(sketchTrack({ points: [] })).toBeNull();
  });
});

describe("the groups in which a track is looked for", () => {
  it("are its site's, and one or two of all sites'", () => {
    expect(siteGroup("06h0ctqeryyj3n3chyas")).toBe("site-06h0ctqeryyj3n3chyas");
    for (let seed = 0; seed < 50; seed += 1) {
      const groups = paceGroups({ points: aMovement(seed) });
      expect(groups.length).toBeGreaterThanOrEqual(1);
      expect(groups.length).toBeLessThanOrEqual(2);
    }
  });

  it.each(Object.entries(REUSES))("has one in common with the same track %s", (_, reuse) => {
    for (let seed = 0; seed < 100; seed += 1) {
      const movement = aMovement(seed);
      const before = paceGroups({ points: movement });
      const after = paceGroups({ points: reuse(movement, numbersOf(seed)) });
      expect(after.some((group) => before.includes(group))).toBe(true);
    }
  });
});
