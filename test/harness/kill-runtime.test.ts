import { expect, test } from "vitest";
import { killRound } from "../chaos/kill-round.ts";

const TASKS = 10_000;
const ROUND_TIMEOUT_MS = 120_000;

test.for([101, 102, 103])(
  "a runtime killed in a burst loses no task and runs none twice (seed %i)",
  { timeout: ROUND_TIMEOUT_MS },
  async (seed) => {
    const round = await killRound({ seed, tasks: TASKS, kills: 3 });
    expect(round.kills).toBeGreaterThan(0);
    expect(round).toMatchObject({ lost: 0, repeated: 0, succeeded: TASKS, known: TASKS });
  },
);
