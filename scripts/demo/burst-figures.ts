import type { TaskView, TimelineEntry } from "@sluice/protocol";
import type { BurstProgress } from "./burst.ts";
import { type Frame, framesOf, happenedAtMs, percentile } from "./frames.ts";

/** The middle and the slow end of some times, ms; NaN where there are none. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
}

/** What a burst comes to. */
export interface BurstFigures {
  /** Calls that were answered. */
  readonly calls: number;
  readonly firstCallAtMs: number;
  /** From the first call to the answer to the last, ms; null while calls are being made. */
  readonly callsTookMs: number | null;
  readonly frames: readonly Frame[];
  /** Tasks that succeeded. */
  readonly succeeded: number;
  /** Tasks that ended in any other way. */
  readonly otherEnds: number;
  readonly rows: number;
  readonly callToFrame: Spread;
  readonly callToAccepted: Spread;
  readonly callToResult: Spread;
  /** From the answer to the last call until the agent had every task, ms; null while it has not. */
  readonly lastDeliveryMs: number | null;
}

/** Reckons up what was seen of a burst so far. */
export function figuresOf({ collections, answeredAtMs }: BurstProgress): BurstFigures {
  const firstCallAtMs = collections[0]?.calledAtMs ?? Number.NaN;
  const tasks = collections.flatMap(({ task }) => task ?? []);
  const ended = tasks.filter(({ endedAt }) => endedAt !== null);
  const succeeded = ended.filter(({ state }) => state === "succeeded").length;
  const latency = (event: TimelineEntry["event"]) => {
    const times = collections.map(({ calledAtMs, task }) => sinceCall(calledAtMs, task, event));
    return spreadOf(times.filter(Number.isFinite));
  };
  return {
    calls: collections.length,
    firstCallAtMs,
    callsTookMs: answeredAtMs === null ? null : answeredAtMs - firstCallAtMs,
    frames: framesOf(tasks),
    succeeded,
    otherEnds: ended.length - succeeded,
    rows: collections.reduce((sum, { rows }) => sum + (rows?.length ?? 0), 0),
    callToFrame: latency("sent"),
    callToAccepted: latency("accepted"),
    callToResult: latency("succeeded"),
    lastDeliveryMs: lastDelivery(collections.length, tasks, answeredAtMs),
  };
}

/** Both times are of this machine's one clock. */
function sinceCall(
  calledAtMs: number,
  task: TaskView | null,
  event: TimelineEntry["event"],
): number {
  return task === null ? Number.NaN : happenedAtMs(task, event) - calledAtMs;
}

function lastDelivery(
  calls: number,
  tasks: readonly TaskView[],
  answeredAtMs: number | null,
): number | null {
  const accepted = tasks.map((task) => happenedAtMs(task, "accepted")).filter(Number.isFinite);
  if (answeredAtMs === null || accepted.length < calls) return null;
  return Math.max(0, Math.max(...accepted) - answeredAtMs);
}

function spreadOf(times: readonly number[]): Spread {
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}
