import type { BurstFigures } from "./burst-figures.ts";
import type { UnbatchedFigures } from "./unbatched.ts";

/** What one act of the demonstration must have come to. */
export interface Expected {
  readonly tasks: number;
  /** For people: which burst it is. */
  readonly name: string;
}

/** What went wrong in a burst, a line each; empty when all is well. */
export function faultsOfBurst(
  { name, tasks }: Expected,
  figures: BurstFigures,
  agentExitCode: number | null,
): readonly string[] {
  const { succeeded, otherEnds, rows, calls } = figures;
  const lost = tasks - succeeded - otherEnds;
  const faults = [
    calls !== tasks && `${calls} of ${tasks} calls were answered`,
    lost > 0 && `${lost} of ${tasks} tasks did not end`,
    otherEnds > 0 && `${otherEnds} of ${tasks} tasks ended without success`,
    rows === 0 && "no row was collected",
    agentExitCode !== 0 && `the agent ended with ${agentExitCode ?? "a signal"}, not with 0`,
  ];
  return faults.filter((fault) => fault !== false).map((fault) => `${name}: ${fault}`);
}

/** What is wrong with the limited runs: the limiter must be kept to by one, and met by the other. */
export function faultsOfLimits(
  batchedTrips: number,
  { limiterTrips, delivered, frames }: UnbatchedFigures,
): readonly string[] {
  const faults = [
    batchedTrips > 0 && `batched: the limiter was tripped ${batchedTrips} times`,
    limiterTrips + delivered !== frames &&
      `unbatched: ${delivered} frames were taken and ${limiterTrips} tripped, of ${frames}`,
  ];
  return faults.filter((fault) => fault !== false);
}
