import { VERIFY_LIMITS } from "@sluice/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Demand,
  expectedHashes,
  MAX_HASHES,
  workFor,
} from "../../../workers/verify/difficulty.ts";

const usual: Demand = {
  difficulty: "normal",
  accessible: false,
  level: 0,
  pressure: { network: 1, site: 1 },
};

const anyDemand: fc.Arbitrary<Demand> = fc.record({
  difficulty: fc.constantFrom("low", "normal", "high"),
  accessible: fc.boolean(),
  level: fc.integer({ min: 0, max: 2 }),
  pressure: fc.record({
    network: fc.double({ min: 1, max: 16, noNaN: true }),
    site: fc.double({ min: 1, max: 4, noNaN: true }),
  }),
});

describe("the work that a challenge asks for", () => {
  it("is 16 puzzles also where rounding leaves a little less than a power of two", () => {
    const pressure = { network: 1.0000000000000009, site: 3.9999999999999942 };
    expect(workFor({ ...usual, difficulty: "low", pressure })).toEqual({ puzzles: 16, bits: 13 });
  });

  it("is 16 puzzles of 13 bits usually", () => {
    expect(workFor(usual)).toEqual({ puzzles: 16, bits: 13 });
  });

  it.each<[string, Partial<Demand>, number]>([
    ["a site that asks for little", { difficulty: "low" }, 2 ** 15],
    ["a site that asks for much", { difficulty: "high" }, 2 ** 19],
    ["the path without a picture", { accessible: true }, 2 ** 19],
    ["a visitor who is asked again", { level: 1 }, 2 ** 18],
    ["and again", { level: 2 }, 2 ** 19],
    ["a busy network", { pressure: { network: 3, site: 1 } }, 3 * 2 ** 17],
    ["a site under attack", { pressure: { network: 1, site: 4 } }, 2 ** 19],
  ])("is for %s as the table says", (_, demand, hashes) => {
    expect(expectedHashes({ ...usual, ...demand })).toBe(hashes);
  });

  it("never is more than the cap, fits the wire, and is what is wanted to a sixteenth", () => {
    fc.assert(
      fc.property(anyDemand, (demand) => {
        const { puzzles, bits } = workFor(demand);
        const asked = puzzles * 2 ** bits;
        expect(asked).toBeLessThanOrEqual(MAX_HASHES);
        expect(asked).toBeGreaterThan(expectedHashes(demand) * (15 / 16));
        expect(puzzles).toBeGreaterThanOrEqual(16);
        expect(puzzles).toBeLessThanOrEqual(VERIFY_LIMITS.puzzles);
      }),
    );
  });
});
