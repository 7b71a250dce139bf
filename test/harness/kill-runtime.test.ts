import { expect, test } from "vitest";
import { killRound } from "../chaos/kill-round.ts";

/** Enough for three kills within the burst; `npm run chaos` has longer ones. */
const TASKS = 5_000;

test.for([101, 102, 103])(
  "a runtime killed in a burst loses no task and runs none twice (seed %i)",
  async (seed) => {
    const round = await killRound({ seed, tasks: TASKS, kills: 3 });
    expect(round.kills).toBeGreaterThan(0);
    expect(round).toMatchObject({ lost: 0, repeated: 0, succeeded: TASKS, known: TASKS });
  },
);
