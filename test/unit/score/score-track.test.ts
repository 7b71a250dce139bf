import type { TrackPoint } from "@sluice/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SCORE_REASONS, SCORE_THRESHOLD, scoreTrack } from "../../../workers/verify/score/index.ts";
import { copiedExpo, easeOut, handLike } from "../../builders/tracks.ts";

const judge = (points: readonly TrackPoint[]) => scoreTrack({ pointer: "mouse", points });

describe("the score of a track", () => {
  it("is a value from 0 to 1 with at most three known reasons, whatever the track holds", () => {
    const any = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, 1, -1, 5e4));
    const point = fc.tuple(any, any, any);
    fc.assert(
      fc.property(fc.array(point, { maxLength: 60 }), (points) => {
        const { value, reasons } = judge(points);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(reasons.length).toBeLessThanOrEqual(3);
        for (const reason of reasons) expect(SCORE_REASONS).toContain(reason);
      }),
    );
  });

  it("is finite for any track whose times do not go back", () => {
    const step = fc.tuple(
      fc.integer({ min: -40, max: 60 }),
      fc.integer({ min: -9, max: 9 }),
      fc.nat(400),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        let [x, y, t] = [0, 0, 0];
        const points = steps.map(([dx, dy, dt]): TrackPoint => {
          x += dx;
          y += dy;
          t += dt;
          return [x, y, t];
        });
        expect(Number.isFinite(judge(points).value)).toBe(true);
      }),
    );
  });

  it("is 0 for what is no movement", () => {
    expect(judge([])).toEqual({ value: 0, reasons: ["too_short"] });
    expect(
      judge([
        [0, 0, 0],
        [200, 0, 500],
      ]),
    ).toEqual({ value: 0, reasons: ["too_short"] });
    expect(
      judge([
        [0, 0, 0],
        [1, 0, 9],
        [2, 0, 4],
      ]),
    ).toEqual({ value: 0, reasons: ["malformed"] });
    expect(
      judge([
        [0, 0, 0],
        [Number.NaN, 0, 4],
      ]),
    ).toEqual({ value: 0, reasons: ["malformed"] });
  });

  it("does not depend on where on the page, or to which side, the slider is moved", () => {
    const points = handLike(4);
    const elsewhere = points.map(([x, y, t]): TrackPoint => [-x, y, t]);
    const later = points.map(([x, y, t]): TrackPoint => [x + 50, y - 9, t + 100]);
    expect(judge(elsewhere).value).toBeCloseTo(judge(points).value, 12);
    expect(judge(later).value).toBeCloseTo(judge(points).value, 12);
  });

  it("does not depend on how often the browser reports a pointer at rest", () => {
    const points = handLike(4);
    const chatty = points.flatMap((point, index): TrackPoint[] => {
      const next = points[index + 1];
      const between = next === undefined ? 0 : next[2] - point[2];
      return between > 4 ? [point, [point[0], point[1], point[2] + 2]] : [point];
    });
    expect(judge(chatty).value).toBeCloseTo(judge(points).value, 12);
  });

  it("looks at no more than 1,024 points", () => {
    const long = Array.from(
      { length: 1_500 },
      (_, i): TrackPoint => [i / 5, Math.sin(i / 90), i * 7],
    );
    const changed = long.map((point, i): TrackPoint => (i < 1_024 ? point : [0, 500, 20_000 + i]));
    expect(judge(changed)).toEqual(judge(long));
  });

  it("is lower for a formula than for a movement like a hand's, and says why", () => {
    const script = judge(easeOut());
    expect(script.value).toBeLessThan(judge(handLike(4)).value);
    expect(script.reasons.length).toBeGreaterThan(0);
  });

  it("refuses pages that move in a straight line at constant speed", () => {
    const line = Array.from({ length: 40 }, (_, i): TrackPoint => [4 * i, 0, 10 * i]);
    expect(judge(line).value).toBeLessThan(SCORE_THRESHOLD);
  });

  it("refuses most runs of the script that is copied most", () => {
    const ways = Array.from({ length: 100 }, (_, run) => copiedExpo(run, 60 + 2 * run));
    const refused = ways.filter((points) => judge(points).value < SCORE_THRESHOLD);
    expect(refused.length).toBeGreaterThanOrEqual(70);
  });
});
