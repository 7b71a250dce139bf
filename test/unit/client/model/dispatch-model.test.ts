import fc from "fast-check";
import { describe, it } from "vitest";
import { searchSize } from "../../../builders/search-size.ts";
import { anySteps } from "./commands.ts";
import { checkEnd } from "./invariants.ts";
import type { ClientTraits } from "./journalled-client.ts";
import { World } from "./world.ts";

const RUNS = searchSize(150, 3_000);

const anyTraits: fc.Arbitrary<ClientTraits> = fc.record({
  burst: fc.constantFrom(1, 2, 10),
  perSecond: fc.constantFrom(1 / 30, 0.5, 20),
  slots: fc.constantFrom(1, 2, 4, 16),
});

describe("a client's dispatch, whatever happens", () => {
  it("keeps its promises at every step and ends every task", () => {
    fc.assert(
      fc.property(anyTraits, anySteps, (traits, steps) => {
        const world = new World(traits);
        try {
          fc.modelRun(() => ({ model: {}, real: world }), steps);
          checkEnd(world);
        } finally {
          world.close();
        }
      }),
      { numRuns: RUNS },
    );
  });
});
