import { describe, expect, it } from "vitest";
import { ATTACK_FAMILIES } from "../../../model/attacks/index.ts";
import { onAnotherDevice } from "../../../model/devices/devices.ts";
import { asAnotherPerson } from "../../../model/devices/people.ts";
import { Random } from "../../../model/random.ts";
import { handLike } from "../../builders/tracks.ts";

const loot = { hands: Array.from({ length: 20 }, (_, index) => handLike(index)) };

/** Finite, and with times that do not go back. */
function isTrack(points: readonly (readonly number[])[]): boolean {
  return points.every((point, index) => {
    const before = points[index - 1]?.[2] ?? Number.NEGATIVE_INFINITY;
    return point.length === 3 && point.every(Number.isFinite) && (point[2] ?? 0) >= before;
  });
}

describe("families of attacks", () => {
  it("have names of their own", () => {
    expect(new Set(ATTACK_FAMILIES.map(({ name }) => name)).size).toBe(ATTACK_FAMILIES.length);
  });

  for (const family of ATTACK_FAMILIES) {
    it(`${family.name} makes tracks, the same for the same seed`, () => {
      const make = () => {
        const random = new Random(5);
        return Array.from({ length: 20 }, () => family.generate(random, loot));
      };
      const tracks = make();
      expect(tracks.every((points) => points.length > 1 && isTrack(points))).toBe(true);
      expect(make()).toEqual(tracks);
      expect(new Set(tracks.map((points) => JSON.stringify(points))).size).toBeGreaterThan(10);
    });
  }
});

describe("other devices and other people", () => {
  it("make tracks of tracks", () => {
    const random = new Random(9);
    for (const hand of loot.hands) {
      for (let time = 0; time < 20; time += 1) {
        const changed = onAnotherDevice(asAnotherPerson(hand, random), random);
        expect(changed.length).toBeGreaterThan(1);
        expect(isTrack(changed)).toBe(true);
      }
    }
  });
});
