import fc from "fast-check";
import { describe, it } from "vitest";
import { anySteps } from "./commands.ts";
import { checkEnd } from "./invariants.ts";
import type { ClientTraits } from "./journalled-client.ts";
import { World } from "./world.ts";

/** Runs of the model; more by the environment for a longer search. */
const RUNS = Number(process.env.MODEL_RUNS ?? 300);
const SECOND_MS = 1_000;

const anyTraits: fc.Arbitrary<ClientTraits> = fc.record({
  burst: fc.constantFrom(1, 2, 10),
  perSecond: fc.constantFrom(1 / 30, 0.5, 20),
  slots: fc.constantFrom(1, 2, 4, 16),
});

describe("a client's dispatch, whatever happens", () => {
  it("keeps its promises at every step and ends every task", {
    timeout: 20 * SECOND_MS + RUNS * 200,
  }, () => {
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
