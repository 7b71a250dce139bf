import type { Tuning } from "../../../../packages/sdk/src/node.ts";

/** Times short enough for tests that play faults. */
export const BRISK: Partial<Tuning> = {
  gatherMs: 2,
  backoffBaseMs: 5,
  backoffCapMs: 20,
  supersededMs: 150,
  greetingTimeoutMs: 500,
  graceMs: 30,
  drainMs: 300,
  rerunDelayMs: 5,
};
